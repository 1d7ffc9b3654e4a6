"""A reverse proxy that serves an application at a prefix, as nginx, Traefik or Caddy do."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


@contextmanager
def reverse_proxy(target: str, prefix: str, *, strips: bool) -> Iterator[str]:
    """Pass on what is under the prefix, and return 404 for all else; yield the origin."""
    port = urlsplit(target).port
    outside = quote(prefix)

    class Proxy(BaseHTTPRequestHandler):
        def forward(self) -> None:
            path = self.path.partition("?")[0]
            if not f"{path}/".startswith(f"{outside}/"):
                self.send_error(404, "outside of the prefix")
                return
            inside = self.path.removeprefix(outside) if strips else self.path
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection("127.0.0.1", port or 80)
            headers = dict(self.headers.items())
            connection.request(self.command, inside or "/", body=body, headers=headers)
            with closing(connection), connection.getresponse() as response:
                self.send_response(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in HOP_BY_HOP:
                        self.send_header(name, value)
                self.end_headers()
                while part := response.read1(65_536):
                    self.wfile.write(part)
                    self.wfile.flush()

        do_GET = do_HEAD = do_POST = do_DELETE = forward  # noqa: N815 - as http.server names them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_port}"
        finally:
            proxy.shutdown()
            thread.join()

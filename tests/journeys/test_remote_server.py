"""`just seed --url`: proxies, certificates, and servers that are not Seedbed's."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import click
import httpx
import pytest

from app.cli.server_connection import Server, is_loopback
from journeys.commands import development, free_port, on_sqlite, run_module
from journeys.other_servers import other_server

CERTIFICATE = Path(__file__).parent / "certificates" / "self_signed.pem"
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
UNUSABLE_PROXIES = (
    *("socks5://127.0.0.1:9", "socks4://127.0.0.1:9", "foo", "http://", "http://[::1"),
    "http://proxy..example:8080",
)
LOOPBACK = (
    "localhost",
    "LOCALHOST",
    "localhost.",
    "seedbed.localhost",
    "127.0.0.1",
    "127.8.9.10",
    "127.1",
    "::1",
    "::ffff:127.0.0.1",
    "0.0.0.0",  # noqa: S104 - a server that listens there responds here
)
ELSEWHERE = ("seedbed.example", "localhost.example", "notlocalhost", "128.0.0.1", "fe80::1", "::2")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def refusal(url: str, **variables: str) -> str:
    """Run a seed with --url that fails, and return its error message, which has one line."""
    done = run_module("app.cli.seed", "--url", url, variables=development("") | variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@contextmanager
def listening(greeting: bytes = b"", certificate: Path | None = None) -> Iterator[int]:
    """Accept one connection, read something, send the greeting and close; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    if certificate:
                        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                        context.load_cert_chain(certificate)
                        context.wrap_socket(connection, server_side=True)
                    else:
                        connection.recv(65_536)
                        connection.sendall(greeting)
                except OSError:
                    return  # the client's own reason to go is what is tested

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_needs_no_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With any of the variables, this machine is called directly."""
    for name in PROXY_VARIABLES[:3]:
        monkeypatch.setenv(name, "socks5://127.0.0.1:9")
    server = Server(f"http://[{host}]:8000" if ":" in host else f"http://{host}:8000")
    assert server.proxy is None
    server.connect().close()


@pytest.mark.parametrize("host", ELSEWHERE)
def test_another_machine_is_not_loopback(host: str) -> None:
    """A name or address that only looks like this machine's is called through the proxy."""
    assert not is_loopback(host)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("proxy", UNUSABLE_PROXIES)
def test_an_unusable_proxy_does_not_matter_for_loopback(
    variable: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, proxy)
    Server("http://localhost:8000").connect().close()


@on_sqlite
def test_server_is_seeded_despite_an_unusable_proxy(server: str, database_url: str) -> None:
    """The command reaches a server on loopback with every variable set to something unusable."""
    variables = dict.fromkeys(PROXY_VARIABLES, UNUSABLE_PROXIES[0])
    done = run_module("app.cli.seed", "--url", server, variables=development("") | variables)
    assert (done.returncode, done.stderr) == (0, "")
    done = run_module("app.cli.seed", variables=development(database_url) | variables)
    assert (done.returncode, done.stderr) == (0, "")


# What cannot be a proxy, and what only a call finds out about.
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://proxy..example:8080"])
def test_an_unusable_proxy_is_one_line_elsewhere(proxy: str) -> None:
    """It names the variable, never its value, and what to do."""
    said = refusal("http://seedbed.example:8000", ALL_PROXY=proxy)
    assert "ALL_PROXY" in said
    assert "NO_PROXY" in said
    assert "Nothing was changed" in said
    assert "127.0.0.1:9" not in said


def test_no_proxy_is_obeyed() -> None:
    """A host in NO_PROXY is called directly, so that it is the name that cannot be resolved."""
    said = refusal("http://seedbed.invalid", ALL_PROXY="foo", NO_PROXY=".invalid")
    assert "cannot be resolved" in said
    assert "proxy" not in said.lower()


def test_a_proxy_that_refuses_is_named() -> None:
    """For what a proxy does not let through, the line names the variable."""
    with other_server("<h1>Not allowed</h1>", status=403) as proxy:
        said = refusal("https://seedbed.example", HTTPS_PROXY=proxy)
        assert "HTTPS_PROXY" in said
        assert "403" in said
        assert "403" in refusal("http://seedbed.example", HTTP_PROXY=proxy)


def test_a_password_in_a_url_is_not_repeated() -> None:
    """Neither that of the server nor that of a proxy is on the screen."""
    said = refusal(f"http://user:secret@127.0.0.1:{free_port()}")
    said += refusal("http://seedbed.example", HTTP_PROXY="socks5://user:secret@127.0.0.1:9")
    assert "secret" not in said


@pytest.mark.parametrize(
    "url",
    [
        *("", "http://", "ftp://127.0.0.1", "http:///path", "http://[::1", "x y"),
        *("http://seedbed..example", "http://.example", f"http://{'a' * 64}.example"),
    ],
)
def test_what_is_not_a_url_is_refused(url: str) -> None:
    """The line shows what was given, and how to write it; no resolver is asked."""
    with pytest.raises(click.UsageError) as error:
        Server(url)
    expected = f'--url is "{url}"; it must be the URL of a server, such as http://127.0.0.1:8000.'
    assert str(error.value) == expected


def test_an_unknown_host_is_reported_in_one_line() -> None:
    said = refusal("http://seedbed.invalid:8000")
    assert "The name seedbed.invalid cannot be resolved" in said
    assert "Nothing was changed" in said


def test_a_certificate_that_is_not_trusted_is_one_line() -> None:
    with listening(certificate=CERTIFICATE) as port:
        said = refusal(f"https://127.0.0.1:{port}")
    assert "certificate" in said
    assert "SSL_CERT_FILE" in said


def test_a_server_without_tls_is_one_line() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        said = refusal(f"https://127.0.0.1:{port}")
    assert "does not speak TLS" in said
    assert "http://" in said


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.9\r\n"])
def test_a_server_that_speaks_no_http_is_one_line(greeting: bytes) -> None:
    with listening(greeting) as port:
        said = refusal(f"http://127.0.0.1:{port}")
    assert "without an HTTP response" in said
    assert "port" in said


def test_certificates_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    """Only where they are needed: not for a server without TLS."""
    variables = {"SSL_CERT_FILE": str(tmp_path / "nothing.pem")}
    said = refusal("https://127.0.0.1:1", **variables)
    assert "SSL_CERT_FILE" in said
    assert "SSL_CERT_FILE" not in refusal(f"http://127.0.0.1:{free_port()}", **variables)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (301, "redirects to https://seedbed.example/api/db/seed"),
        (308, "redirects to https://seedbed.example/api/db/seed"),
        (401, "asks for a user name and password"),
        (403, "Something in front of"),
        (404, "There is no Seedbed"),
        (405, "There is no Seedbed"),
        (418, "is not a Seedbed server"),
        (500, "is not a Seedbed server"),
        (502, "got no response"),
        (504, "the old data or the new data"),
    ],
)
def test_an_html_page_is_explained(status: int, told: str) -> None:
    """The server is named, its status, and what to do; no HTML is shown."""
    location = {"Location": "https://seedbed.example/api/db/seed"} if status < 400 else {}
    page = httpx.Response(status, html="<h1>A page</h1>", headers=location)
    said = Server("http://127.0.0.1:9").explain_response(page)
    assert "http://127.0.0.1:9" in said
    assert told in said
    assert f"({status})" in said
    assert "<h1>" not in said


def test_an_html_page_is_one_line() -> None:
    with other_server("<h1>A page</h1>", status=502) as url:
        assert f"A proxy in front of {url} got no response from it (502)." in refusal(url)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/problem+json", "<h1>"),
        ("application/problem+json; charset=utf-8", '{"title": "no detail"}'),
        ("application/x-ndjson", "\0\n"),
    ],
)
def test_a_document_that_only_looks_like_ours_is_one_line(media_type: str, body: str) -> None:
    with other_server(body, media_type, 400) as url:
        assert "is not a Seedbed server (400)" in refusal(url)


def test_a_refusal_of_seedbed_behind_a_proxy_is_shown() -> None:
    """A media type with parameters is the same media type."""
    body = '{"detail": "Nothing was changed. Please correct the body."}'
    with other_server(body, "application/problem+json; charset=utf-8", 400) as url:
        assert refusal(url) == "Nothing was changed. Please correct the body.\n"


def test_every_cause_of_a_failed_connection_is_explained() -> None:
    """Each error that httpx may raise has its text, also without a cause behind it."""
    server = Server("http://seedbed.example")
    errors: list[Any] = [
        httpx.ConnectTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.ReadError(""),
        httpx.RemoteProtocolError("no HTTP"),
        httpx.DecodingError("no gzip"),
    ]
    assert all(server.name in server.explain(error) for error in errors)
    with pytest.raises(click.UsageError):
        Server("gopher://seedbed.example")

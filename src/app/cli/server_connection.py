"""Connect to a running server, and explain on the terminal why that fails."""

import os
import re
import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.request import getproxies, proxy_bypass

import click
import httpx

CONNECT_SECONDS = 10
LOOPBACK_NAME = "localhost"
PASSWORD = re.compile(r"//.*@")
UNKNOWN_OUTCOME = (
    "The database has the old data or the new data, never a mix of both: open the console or "
    "`GET /api/db/seed` to see which."
)


class CannotCall(Exception):
    """The message says why the request failed, and what to do."""


class Server:
    """The server at a URL, and the proxy that leads to it, if any."""

    def __init__(self, url: str) -> None:
        """Raise `click.UsageError` if this is not the URL of a server."""
        self.url = _parse_option(url)
        self.name = str(self.url.copy_with(userinfo=b""))
        self.proxy = None if is_loopback(self.url.host) else find_proxy(self.url)

    def connect(self) -> httpx.Client:
        """Raise `CannotCall` if the settings of this shell allow no connection."""
        try:
            # Without TLS no certificate has to be readable.
            verify = self.url.scheme == "https" or self.proxy is not None
            proxy = parse_url(self.proxy) if self.proxy else None
            transport = httpx.HTTPTransport(verify=verify, proxy=proxy)
        except (ImportError, ValueError, httpx.InvalidURL):
            raise CannotCall(f"{self._proxy_is_unusable()} {self._without_proxy()}") from None
        except OSError as error:
            raise CannotCall(
                "The certificates in SSL_CERT_FILE or SSL_CERT_DIR cannot be read "
                f"({error.strerror or error}). Nothing was changed. Correct or unset the variable."
            ) from None
        timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
        return httpx.Client(base_url=self.url, transport=transport, timeout=timeout)

    def explain(self, error: httpx.RequestError) -> str:
        """Return why a request got no response, and what to do."""
        causes = list(_causes_of(error))
        match error:
            case httpx.UnsupportedProtocol() if self.proxy:
                return f"{self._proxy_is_unusable()} {self._without_proxy()}"
            case httpx.ProxyError():
                return (
                    f"The {self._proxy} does not connect to {self.name} ({error}). "
                    f"{self._without_proxy()}"
                )
            case httpx.ConnectTimeout():
                return (
                    f"Cannot connect to {self.name} within {CONNECT_SECONDS} seconds. "
                    f"{self._check_address()}"
                )
            case httpx.ConnectError():
                return self._explain_connect(error, causes)
        # What was sent may have arrived.
        return (
            f"{self.name} ended the connection without an HTTP response "
            f"({_reason(error, causes)}). Check that this is the port of Seedbed. If it is: "
            f"{UNKNOWN_OUTCOME}"
        )

    def _explain_connect(self, error: httpx.ConnectError, causes: list[BaseException]) -> str:
        where = f"{self.name} through the {self._proxy}" if self.proxy else self.name
        for cause in causes:
            match cause:
                case ssl.SSLCertVerificationError():
                    return (
                        f"The certificate of {self.name} is not trusted ({cause.verify_message}). "
                        "Nothing was changed. Set SSL_CERT_FILE to the certificate of its issuer."
                    )
                case ssl.SSLError():
                    return (
                        f"{self.name} does not speak TLS ({cause.reason}). Nothing was changed. "
                        "If it is a server without TLS, write http:// instead of https://."
                    )
                case socket.gaierror() if not self.proxy:
                    return (
                        f"The name {self.url.host} cannot be resolved ({cause.strerror}). Nothing "
                        "was changed. Check how --url is spelled."
                    )
        return f"Cannot connect to {where} ({_reason(error, causes)}). {self._check_address()}"

    def _check_address(self) -> str:
        if self.proxy:
            return self._without_proxy()
        return (
            "Nothing was changed. Start a server with `uv run just serve`, or check the host and "
            "port in --url."
        )

    @property
    def _proxy(self) -> str:
        return f"proxy in {_proxy_variable(self.url)}"

    def _proxy_is_unusable(self) -> str:
        return (
            f"The {self._proxy} cannot be used: it must be http://host:port or https://host:port."
        )

    def _without_proxy(self) -> str:
        variable = _proxy_variable(self.url)
        return (
            f"Nothing was changed. Correct or unset {variable}, or add {self.url.host} to NO_PROXY."
        )

    def explain_response(self, response: httpx.Response) -> str:
        """Return what is wrong with a response that is not from Seedbed."""
        status = response.status_code
        outcome, remedy = "Nothing was changed.", "Check the host, the port and the path in --url."
        match status:
            case _ if response.has_redirect_location:
                problem = f"{self.name} redirects to {response.headers['Location']} ({status})."
                remedy = "Give that server in --url, without /api/…."
            case 401:
                problem = f"{self.name} asks for a user name and password (401); Seedbed does not."
                remedy = "Write http://user:password@host, or call Seedbed directly."
            case 407:
                problem = f"The {self._proxy} asks for a user name and password (407)."
                remedy = f"Add them to {_proxy_variable(self.url)}."
            case 403:
                problem = f"Something in front of {self.name} refused the request (403)."
                remedy = "Check the proxy or firewall, or call Seedbed directly."
            case 404 | 405:
                problem = f"There is no Seedbed at {self.name} ({status})."
            case 502 | 503 | 504:
                problem = f"A proxy in front of {self.name} got no response from it ({status})."
                outcome = UNKNOWN_OUTCOME
                remedy = "Check that Seedbed is running."
            case _:
                problem = f"{self.name} is not a Seedbed server ({status})."
        return f"{problem} {outcome} {remedy}"


def _parse_option(text: str) -> httpx.URL:
    try:
        url = parse_url(text)
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL()
    if url.scheme not in {"http", "https"} or not url.host:
        shown = PASSWORD.sub("//…@", text)
        raise click.UsageError(
            f'--url is "{shown}"; it must be the URL of a server, such as http://127.0.0.1:8000.'
        )
    return url


def parse_url(text: str) -> httpx.URL:
    """Raise `httpx.InvalidURL`, or `UnicodeError` for an invalid host name."""
    url = httpx.URL(text)
    url.raw_host.decode("ascii").encode("idna")  # as sockets do, which reject `a..b`
    return url


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, which a proxy cannot reach for us."""
    name = host.rstrip(".").lower()
    if name == LOOPBACK_NAME or name.endswith(f".{LOOPBACK_NAME}"):
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        try:
            address = ip_address(socket.inet_aton(name))  # `127.1`, as C libraries read it
        except OSError:
            return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def find_proxy(url: httpx.URL) -> str | None:
    """Return the URL of the proxy that the environment or the system sets for a URL."""
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(url.netloc.decode("ascii")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _proxy_variable(url: httpx.URL) -> str:
    """Return the variable that sets the proxy, whose value may hold a password."""
    wanted = (f"{url.scheme}_proxy", "all_proxy")
    named = [name for want in wanted for name in os.environ if name.lower() == want]
    return next(filter(os.environ.get, named), "the system settings")


def _causes_of(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _reason(error: Exception, causes: list[BaseException]) -> str:
    reasons = (cause.strerror for cause in causes if isinstance(cause, OSError))
    return next(filter(None, reasons), None) or str(error) or type(error).__name__

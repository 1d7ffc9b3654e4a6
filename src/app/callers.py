"""Whether a request comes from a page or a name that may change something here.

Browsers send requests that the page of any site asks for, and a site may give its own name the
address 127.0.0.1 (DNS rebinding). Programs such as `curl` say nothing of an origin and may call,
and so may pages of the origins that TRUSTED_ORIGINS lists, which can do what programs can.
The order of the checks is that of Go's `net/http.CrossOriginProtection`.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from app.errors import Reason
from app.settings import Settings

# What a URL may be written with; a browser would read a backslash or a tab as it likes.
PATH = re.compile(r"/(?!/)[\w\-.~!$&'()*+,;=:@%/?#\[\]]*", re.ASCII)
OWN_PAGES = frozenset({"same-origin", "none"})
LOOPBACK_NAME = "localhost"
UNKNOWN_HOST = Reason(
    "UNKNOWN_HOST",
    "The request calls this server by a name that it does not know.",
    "Call it by 127.0.0.1 or localhost, or add the name to ALLOWED_HOSTS.",
)
CROSS_SITE = Reason(
    "CROSS_SITE",
    "The request comes from a web page of another origin.",
    "Send it from a page of this server or from a program; if the page is yours, add its origin to "
    "TRUSTED_ORIGINS.",
)


def reasons_against_caller(
    connection: ASGIConnection[Any, Any, Any, Any], settings: Settings
) -> Iterator[Reason]:
    headers = connection.headers
    host = headers.get("Host", "")
    if not _is_known(host, settings):
        yield UNKNOWN_HOST
    origin = headers.get("Origin")
    is_trusted = origin in settings.trusted_origins
    if not is_trusted and _is_cross_origin(headers.get("Sec-Fetch-Site"), origin, host):
        yield CROSS_SITE


def may_lead_to(url: str, host: str, settings: Settings) -> bool:
    """Tell of a path, and of a page of this server or of a trusted origin."""
    if PATH.fullmatch(url):
        return True
    scheme, _, rest = url.partition("://")
    name, slash, path = rest.partition("/")
    origin = f"{scheme}://{name}".lower()
    own = {f"http://{host}", f"https://{host}"}
    return origin in settings.trusted_origins | own and bool(PATH.fullmatch(slash + path or "/"))


def _is_known(host: str, settings: Settings) -> bool:
    name = _host_name(host)
    if name == LOOPBACK_NAME or name.endswith(f".{LOOPBACK_NAME}"):
        return True
    return _is_address(name) or name in settings.allowed_hosts


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """An address cannot be rebound; only a name can."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_cross_origin(fetch_site: str | None, origin: str | None, host: str) -> bool:
    if fetch_site is not None:
        return fetch_site not in OWN_PAGES
    # Old browsers, and pages at plain-HTTP addresses other than loopback's, send only this.
    return origin is not None and origin.partition("://")[2].lower() != host.lower()

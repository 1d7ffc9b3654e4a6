"""Which origins and host names may call this server.

Any web page can make a browser send requests here, and any site can point its own name to
127.0.0.1 (DNS rebinding). Programs such as `curl` send no `Origin` and may call. Pages of the
origins in TRUSTED_ORIGINS may do what programs may.
The order of the checks is that of Go's `net/http.CrossOriginProtection`.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from ada_url import URL
from litestar.datastructures import Headers

from app.errors import Reason
from app.settings import HOST_NAME, Settings

# All headers that the guard reads. The console copies them to the calls it makes to the API.
ORIGIN_HEADERS = ("Host", "Origin", "Sec-Fetch-Site")
HOST = re.compile(
    rf"(?:\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<ipv4>[0-9]+(?:\.[0-9]+){{3}})|(?P<name>{HOST_NAME.pattern}\.?))"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
HIGHEST_PORT = 65_535
DEFAULT_PORTS = {"http": 80, "https": 443}
# Browsers read a backslash as a slash, and drop some of the control characters.
AMBIGUOUS = re.compile(r"[\\\x00-\x1f\x7f-\x9f]")
# A slash or a backslash, which a server may decode before it routes the path.
ENCODED_SEPARATOR = re.compile("%2f|%5c", re.IGNORECASE)
OWN_PAGES = frozenset({"same-origin", "none"})
LOOPBACK_NAME = "localhost"
UNKNOWN_HOST = Reason(
    "UNKNOWN_HOST",
    "This server does not know the host name in the request.",
    "Use 127.0.0.1 or localhost, or add the name to ALLOWED_HOSTS.",
)
CROSS_SITE = Reason(
    "CROSS_SITE",
    "The request comes from a web page of another origin.",
    "Send it from a page of this server or from a program; if the page is yours, add its origin to "
    "TRUSTED_ORIGINS.",
)

CALLER_REASONS = frozenset({UNKNOWN_HOST, CROSS_SITE})


class Host(NamedTuple):
    """`name` is in lower case and an IP address in its canonical form.

    `port` is `None` for the default port of the scheme.
    """

    name: str
    port: int | None
    is_address: bool


def reasons_against_caller(
    headers: Mapping[str, str | None], settings: Settings
) -> Iterator[Reason]:
    """Return the reasons against a caller, by the `origin_headers` of the request only."""
    host = parse_host(headers["Host"] or "")
    if host is None or not _is_known(host, settings):
        yield UNKNOWN_HOST
    origin = headers["Origin"]
    is_trusted = origin in settings.trusted_origins
    if not is_trusted and _is_cross_origin(headers["Sec-Fetch-Site"], origin, host):
        yield CROSS_SITE


def origin_headers(headers: Headers) -> Mapping[str, str | None]:
    """Return the `ORIGIN_HEADERS`. A repeated header has all its values, separated by commas."""
    values = {name: headers.getall(name, None) for name in ORIGIN_HEADERS}
    return {name: None if found is None else ", ".join(found) for name, found in values.items()}


def parse_host(text: str) -> Host | None:
    """Parse the whole of a `Host` header: an address or a name, and an optional port.

    Return `None` for anything else. IPv6 addresses have brackets and no zone.
    """
    match = HOST.fullmatch(text.lower())
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port <= HIGHEST_PORT:
        return None
    try:
        if match["ipv6"]:
            return Host(f"[{IPv6Address(match['ipv6'])}]", port, is_address=True)
        if match["ipv4"]:
            return Host(str(IPv4Address(match["ipv4"])), port, is_address=True)
    except ValueError:
        return None
    return Host(match["name"], port, is_address=False)


def is_trusted_url(url: str, host: str, settings: Settings) -> bool:
    """Return whether `url` is on this server, whose `Host` header is given, or on a trusted origin.

    The rules are those of Better Auth (`matchesOriginPattern`), with the same kind of URL parser.
    """
    if url.startswith("/"):
        return is_path(url)
    try:
        parsed = URL(url)
    except ValueError:
        return False
    # The origin of a `blob:` URL is that of another URL inside it.
    if parsed.protocol.removesuffix(":") not in DEFAULT_PORTS:
        return False
    return parsed.origin in settings.trusted_origins or _is_same_host(
        parsed.origin, parse_host(host)
    )


def is_path(url: str) -> bool:
    """Return whether every browser and proxy reads `url` as a path on this server."""
    if not url.startswith("/") or url.startswith("//") or AMBIGUOUS.search(url):
        return False
    path = re.split("[?#]", url, maxsplit=1)[0]
    return not ENCODED_SEPARATOR.search(path)


def _is_known(host: Host, settings: Settings) -> bool:
    if host.is_address:
        return True  # DNS rebinding needs a name
    name = host.name.removesuffix(".")
    is_loopback = name == LOOPBACK_NAME or name.endswith(f".{LOOPBACK_NAME}")
    return is_loopback or name in settings.allowed_hosts


def _is_cross_origin(fetch_site: str | None, origin: str | None, host: Host | None) -> bool:
    if fetch_site is not None:
        return fetch_site not in OWN_PAGES
    # Older browsers send only `Origin`, and so do all for plain HTTP beyond loopback.
    return origin is not None and not _is_same_host(origin, host)


def _is_same_host(origin: str, host: Host | None) -> bool:
    """Compare host and port, but not the scheme, since a proxy may terminate TLS."""
    scheme, separator, rest = origin.partition("://")
    default = DEFAULT_PORTS.get(scheme.lower())
    other = parse_host(rest)
    if not separator or default is None or host is None or other is None:
        return False
    return host.name == other.name and (host.port or default) == (other.port or default)

"""Which path an application behind a proxy sees, and how links and cookies get the prefix."""

from typing import Any

import pytest

from app.web.prefix import StripPrefix, cookie_path, link

ROUTES = ("/", "/api/db", "/patients", "/schema/openapi.json")
ENCODED = "/my%20apps/%C3%9Cbung"


async def request(root: str, path: str) -> tuple[str, str, str, str]:
    """Return the path and root path that the application gets, a link, and the cookie's path."""
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["path"], scope["root_path"], link("/patients"), cookie_path()))

    scope: Any = {"type": "http", "path": path, "root_path": root}
    unused: Any = None
    await StripPrefix(application, lambda: ROUTES)(scope, unused, unused)
    [result] = seen
    return result


@pytest.mark.parametrize(
    ("root", "sent", "prefix"),
    [
        ("/seedbed", "/seedbed", "/seedbed"),
        ("/deep/er", "/deep/er", "/deep/er"),
        ("/seedbed/", "/seedbed", "/seedbed"),
        ("seedbed", "/seedbed", "/seedbed"),
        (ENCODED, "/my apps/Übung", ENCODED),
    ],
)
@pytest.mark.parametrize("strips", [True, False])
@pytest.mark.parametrize("path", ["/api/db", "/", "/nothing", "/seedbedded"])
async def test_prefix_is_in_links_and_not_in_paths(
    root: str, sent: str, prefix: str, path: str, *, strips: bool
) -> None:
    """It may be written with or without slashes; the proxy may strip it or not.

    The server puts the root path before the path that the proxy sends.
    """
    received = root + (path if strips else f"{sent}{path}")
    seen = await request(root, received)
    assert seen == (path, "", f"{prefix}/patients", prefix)


@pytest.mark.parametrize("prefix", ["/api", "/patients", "/schema/x"])
@pytest.mark.parametrize("path", ["/api/db", "/patients", "/schema/openapi.json"])
async def test_prefix_may_be_named_like_a_route(prefix: str, path: str) -> None:
    """With a proxy that strips it, the second of two equal segments belongs to the route."""
    assert await request(prefix, f"{prefix}{path}") == (path, "", f"{prefix}/patients", prefix)


@pytest.mark.parametrize("root", ["", "/"])
async def test_without_a_prefix_nothing_changes(root: str) -> None:
    assert await request(root, "/api/db") == ("/api/db", root, "/patients", "/")


async def test_prefix_of_a_request_is_not_kept() -> None:
    await request("/seedbed", "/seedbed/api/db")
    assert (link("/patients"), cookie_path()) == ("/patients", "/")

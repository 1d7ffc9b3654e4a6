"""HEAD for every path that takes GET, and complete `Allow` headers."""

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """Handles HEAD like GET, with the same checks, status and headers, but without a body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != HttpMethod.HEAD:
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not message.get("more_body"):
                await send({**message, "body": b""})

        # A copy: the server itself still needs to know that the method is HEAD.
        await self.app({**scope, "method": HttpMethod.GET}, receive, send_without_body)


async def complete_allow_header(message: Message, scope: Scope) -> None:
    """List every method of a path; Litestar lists those of one handler, without HEAD."""
    if message["type"] != "http.response.start":
        return
    response = MutableScopeHeaders.from_message(message)
    allowed = response.get("Allow")
    if allowed is None:
        return
    if scope.get("method") == HttpMethod.OPTIONS:
        routes = scope["litestar_app"].routes
        route = next(each for each in routes if each.path_format == scope["path_template"])
        allowed = ", ".join(route.methods)
    response["Allow"] = with_head(allowed)


def with_head(methods: str) -> str:
    """Add HEAD to a list of methods that has GET."""
    listed = set(methods.split(", "))
    return ", ".join(sorted(listed | {HttpMethod.HEAD} if HttpMethod.GET in listed else listed))

"""URLs that a client opens after a call, such as `callbackURL`."""

from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

from app.auth.errors import InvalidReturnAddress
from app.database.engine import READ_METHODS
from app.web.origins import is_trusted_url

CALLBACK = "callbackURL"


async def check_return_addresses(request: Request[Any, Any, Any]) -> None:
    """Raise `InvalidReturnAddress` if a return URL in the request is on another site.

    Like Better Auth, check every call, including those that do not have such a field.
    """
    if request.method in READ_METHODS:
        return
    try:
        body = msgspec.json.decode(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return  # reported when the body is read
    given = body if isinstance(body, dict) else {}
    given = {**given, CALLBACK: given.get(CALLBACK) or request.query_params.get(CALLBACK)}
    for field in InvalidReturnAddress.codes:
        check_return_address(request, field, given.get(field))


def check_return_address(request: Request[Any, Any, Any], field: str, address: Any) -> None:
    if not address:
        return
    if not isinstance(address, str):
        raise ValidationException(extra=[{"key": field, "message": "Expected `str`"}])
    host = request.headers.get("Host", "")
    if not is_trusted_url(address, host, request.app.state.settings):
        raise InvalidReturnAddress(field)

"""Addresses that a page is sent to after a call, such as `callbackURL`."""

from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

from app.auth.errors import InvalidReturnAddress
from app.database.engine import READ_METHODS
from app.web.origins import may_lead_to

CALLBACK = "callbackURL"


async def check_return_addresses(request: Request[Any, Any, Any]) -> None:
    """Raise `InvalidReturnAddress` if an address in the body of any call leads to another site.

    Better Auth checks all calls as well, those that do not know the field included.
    """
    if request.method in READ_METHODS:
        return
    try:
        body = msgspec.json.decode(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return  # what reads the body says so
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
    if not may_lead_to(address, host, request.app.state.settings):
        raise InvalidReturnAddress(field)

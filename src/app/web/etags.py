"""Optimistic concurrency: responses have an `ETag`, and `If-Match` names the version to change.

See RFC 9110, 8.8.3 and 13.1.1. The tag is a hash of the body, so it is the same in every process
and on both databases.
"""

import re
from hashlib import sha256
from typing import Annotated, TypeVar

from litestar import Response
from litestar.params import HeaderParameter

from app.web.errors import StaleVersion
from app.web.schemas import ResponseBody, encode_json

TAG = r'(?:W/)?"[\x21\x23-\x7e]*"'
IF_MATCH = rf"^(?:\*|{TAG}(?:[ \t]*,[ \t]*{TAG})*)$"
ANY_VERSION = "*"
IfMatch = Annotated[
    str,
    HeaderParameter(
        name="If-Match",
        pattern=IF_MATCH,
        description="The `ETag` of the version to change. The response is 412 if there is a newer "
        "version.",
    ),
]
ResponseBodyT = TypeVar("ResponseBodyT", bound=ResponseBody)


def tag_of(body: ResponseBody) -> str:
    return f'"{sha256(encode_json(body)).hexdigest()[:32]}"'


def add_etag(response: Response[ResponseBodyT]) -> Response[ResponseBodyT]:
    response.headers["ETag"] = tag_of(response.content)
    return response


def empty_response(body: ResponseBody) -> Response[None]:
    """Return an empty response with the `ETag` of the row as it can be restored."""
    return Response(None, status_code=204, headers={"ETag": tag_of(body)})


def check_version(if_match: str, body: ResponseBody) -> None:
    """Raise `StaleVersion` if `If-Match` does not name this version."""
    if if_match == ANY_VERSION:
        return
    present = tag_of(body)
    # A weak tag never matches, as RFC 9110 requires.
    if present not in re.findall(TAG, if_match):
        raise StaleVersion(present)

"""Optimistic concurrency: an answer carries its `ETag`, and a change may say which one it is for.

As RFC 9110 has it (8.8.3, 13.1.1); the tag is a hash of the answer, so that equal answers have
equal tags whatever the database and the process.
"""

import re
from hashlib import sha256
from typing import Annotated, TypeVar

from litestar import Response
from litestar.params import HeaderParameter

from app.web.errors import StaleVersion
from app.web.schemas import ResponseBody, write

TAG = r'(?:W/)?"[\x21\x23-\x7e]*"'
IF_MATCH = rf"^(?:\*|{TAG}(?:[ \t]*,[ \t]*{TAG})*)$"
ANY_VERSION = "*"
IfMatch = Annotated[
    str,
    HeaderParameter(
        name="If-Match",
        pattern=IF_MATCH,
        description="The `ETag` of the answer that the change is for; 412 if it changed since.",
    ),
]
ResponseBodyT = TypeVar("ResponseBodyT", bound=ResponseBody)


def tag_of(answer: ResponseBody) -> str:
    return f'"{sha256(write(answer)).hexdigest()[:32]}"'


def tagged(answer: ResponseBodyT, status_code: int = 200) -> Response[ResponseBodyT]:
    return Response(answer, status_code=status_code, headers={"ETag": tag_of(answer)})


def hidden(answer: ResponseBody) -> Response[None]:
    """Answer for what was deleted and is kept, with the version that it can be restored from."""
    return Response(None, status_code=204, headers={"ETag": tag_of(answer)})


def refuse_stale(if_match: str, answer: ResponseBody) -> None:
    """Raise `StaleVersion` if a change is for another version than this."""
    if if_match == ANY_VERSION:
        return
    present = tag_of(answer)
    # A weak tag never matches here: two answers that it stands for may differ.
    if present not in re.findall(TAG, if_match):
        raise StaleVersion(present)

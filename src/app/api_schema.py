"""What every body that enters or leaves the API has in common, and how errors are documented."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """A body that leaves; its JSON names are camelCase."""


class Question(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A body that enters; a field that it does not know is refused."""


class Problem(msgspec.Struct, omit_defaults=True):
    """A problem document of RFC 9457; `detail` says what to do."""

    status: int
    title: str
    detail: str
    code: str | None = None
    message: str | None = None


def problems(details: Mapping[int, str]) -> dict[int, ResponseSpec]:
    """Document the refusals of a handler: an example of `detail` for each status."""
    return {status: _problem(status, detail) for status, detail in details.items()}


def _problem(status: int, detail: str) -> ResponseSpec:
    title = HTTPStatus(status).phrase
    value: dict[str, Any] = {"status": status, "title": title, "detail": detail}
    return ResponseSpec(
        data_container=Problem,
        media_type="application/problem+json",
        description=title,
        generate_examples=False,
        examples=[Example(summary=title, value=value)],
    )

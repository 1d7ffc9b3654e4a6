"""The address of a list: its filters, its order, and the page of rows that it shows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from litestar import Request

from app.web.prefix import link

NUMBER = re.compile(r"[0-9]{1,9}")


class SortableColumn(NamedTuple):
    """`key` is what the API's `sort` calls it; a click sorts `descending` first or ascending."""

    key: str
    label: str
    descending: bool = False


class Header(NamedTuple):
    """The header of a sortable column; `direction` is a value of `aria-sort`."""

    label: str
    href: str
    direction: str | None


class ListQuery(msgspec.Struct):
    """`asked` are the parameters of the API that are not empty, without those of the page.

    `shown` rows are before this page, and `total` is that of the first page.
    """

    path: str
    asked: dict[str, str]
    cursor: str | None = None
    shown: int = 0
    total: int | None = None

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name, value in self.asked.items() if name != "sort"}

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the API for this page."""
        page = {"includeTotal": True} if self.total is None else {}
        return {**self.asked, "cursor": self.cursor, **page}

    def address(self, **changes: Any) -> str:
        return self._link(self.path, self.asked | changes)

    def next_page(self, page: Mapping[str, Any]) -> str | None:
        """Return the address of the page after this one, or `None`."""
        if page["next"] is None:
            return None
        shown = self.shown + len(page["items"])
        return self.address(cursor=page["next"], shown=shown, total=page.get("total", self.total))

    def export(self, file_format: str) -> str:
        return self._link(f"{self.path}/export/{file_format}", self.asked)

    def without(self, name: str) -> str:
        return self._link(self.path, {k: v for k, v in self.asked.items() if k != name})

    def headers(self, columns: Sequence[SortableColumn], default: str) -> dict[str, Header]:
        """Return the headers by their keys; a click on the one that is sorted by reverses it."""
        present = self.asked.get("sort", default)
        return {column.key: self._header(column, present) for column in columns}

    def _header(self, column: SortableColumn, present: str) -> Header:
        up, down = column.key, f"-{column.key}"
        direction = {up: "ascending", down: "descending"}.get(present)
        first, second = (down, up) if column.descending else (up, down)
        return Header(
            column.label, self.address(sort=second if present == first else first), direction
        )

    @staticmethod
    def _link(path: str, parameters: Mapping[str, Any]) -> str:
        query = urlencode({k: v for k, v in parameters.items() if v not in {None, ""}})
        return link(f"{path}?{query}" if query else path)


def read_query(request: Request[Any, Any, Any], path: str, *names: str) -> ListQuery:
    """Read what is in the address; a form also sends empty fields."""
    given = request.query_params
    asked = {name: given[name].strip() for name in names if given.get(name, "").strip()}
    shown, total = (_number(given.get(name, "")) for name in ("shown", "total"))
    cursor = given.get("cursor") or None
    return ListQuery(path, asked, cursor, shown or 0, total if cursor else None)


def _number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None

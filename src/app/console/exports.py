"""Streams all rows of a list as a file, CSV or JSON, page after page of the API."""

import csv
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from io import StringIO
from typing import Any

import msgspec
from litestar.response import Stream

from app import clock
from app.console.api import Api, ApiProblem
from app.errors import Refused
from app.logs import get_logger
from app.names import MAX_LIMIT
from app.web.schemas import ResponseBody

INCOMPLETE = "INCOMPLETE: the export was interrupted. Export again."
# Spreadsheets run a cell that begins so, also in full-width characters.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
NUMBER = re.compile(r"[+-][\d ().\-/]*")
NOT_IN_FILE_NAMES = re.compile(r"[^A-Za-z0-9]+")

log = get_logger(__name__)

Row = Mapping[str, Any]


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


class ExportInterrupted(Exception):
    """Breaks off a response, so that no client takes the file for complete."""


class OtherClinic(Exception):
    """Another clinic has become active."""


async def export(
    api: Api,
    path: str,
    filters: Mapping[str, Any],
    kind: type[ResponseBody],
    file_format: ExportFormat,
) -> Stream:
    """Return a download of all rows of a list; a refusal of the first page is raised."""
    first = await api.get(path, **filters, limit=MAX_LIMIT)
    clinic = await _find_active_clinic(api)
    pages = _read_pages(api, path, filters, first, clinic["id"])
    write = _write_csv if file_format is ExportFormat.CSV else _write_json
    list_name = path.rpartition("/")[2]
    slug = NOT_IN_FILE_NAMES.sub("-", clinic["slug"]).strip("-")
    name = f"{list_name}-{slug}-{clock.today()}.{file_format}"
    return Stream(
        write(pages, kind),
        media_type="text/csv" if file_format is ExportFormat.CSV else "application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _find_active_clinic(api: Api) -> Any:
    active_id = await _find_active_id(api)
    clinics = await api.get("/api/auth/organization/list")
    left = {"id": active_id, "slug": "clinic"}
    return next((clinic for clinic in clinics if clinic["id"] == active_id), left)


async def _find_active_id(api: Api) -> str | None:
    current = await api.get("/api/auth/get-session")
    active_id: str | None = current and current["session"]["activeOrganizationId"]
    return active_id


async def _read_pages(
    api: Api, path: str, filters: Mapping[str, Any], page: Any, clinic_id: str
) -> AsyncIterator[Sequence[Row]]:
    """Yield the rows of each page.

    Raise `ExportInterrupted` if a page cannot be read, or if it is one of another clinic.
    """
    try:
        await _check_clinic(api, page, clinic_id)
        yield page["items"]
        while page["next"]:
            page = await api.get(path, **filters, limit=MAX_LIMIT, cursor=page["next"])
            await _check_clinic(api, page, clinic_id)
            yield page["items"]
    except (ApiProblem, OtherClinic, Refused) as error:
        log.warning("an export was interrupted", path=path, reason=type(error).__name__)
        raise ExportInterrupted from None


async def _check_clinic(api: Api, page: Any, clinic_id: str) -> None:
    """Raise `OtherClinic` if the page is not of this clinic."""
    clinic_ids = {row["organizationId"] for row in page["items"]}
    if clinic_ids - {clinic_id} or (not clinic_ids and await _find_active_id(api) != clinic_id):
        raise OtherClinic


async def _write_json(
    pages: AsyncIterator[Sequence[Row]], _kind: type[ResponseBody]
) -> AsyncIterator[bytes]:
    before = b"["
    async for rows in pages:
        if rows:
            yield before + b",\n".join(map(msgspec.json.encode, rows))
            before = b",\n"
    yield b"[]\n" if before == b"[" else b"]\n"


async def _write_csv(
    pages: AsyncIterator[Sequence[Row]], kind: type[ResponseBody]
) -> AsyncIterator[bytes]:
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    yield _lines([names])
    try:
        async for rows in pages:
            yield _lines([[_cell(row[name]) for name in names] for row in rows])
    except ExportInterrupted:
        # For programs that keep a partial file.
        yield _lines([[INCOMPLETE]])
        raise


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    """Write rows as RFC 4180 describes them, in UTF-8."""
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    match value:
        case None:
            text = ""
        case list():
            text = "; ".join(_item(item) for item in value)
        case _:
            text = str(value)
    return text_only(text)


def _item(item: Any) -> str:
    return " ".join(filter(None, item.values())) if isinstance(item, dict) else str(item)


def text_only(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula; phone numbers do not change."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text

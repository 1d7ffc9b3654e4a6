"""A server whose database is the same before each call."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar

from app.auth.attempts import Attempts
from snapshots import Rows, read_rows, snapshot
from tenancy.cases import CallerKind, Row
from tenancy.people import bearer
from tenancy.secrets import unknown_to
from tenancy.tenants import Clinics


@dataclass(frozen=True, slots=True)
class State:
    """A database before a call, who is who in it, and what each may not know."""

    file: bytes
    dump: Any
    rows: Rows
    clinics: Clinics
    unknown: Mapping[CallerKind, frozenset[str]]


@dataclass(frozen=True, slots=True)
class TenancyServer:
    app: Litestar
    client: httpx.AsyncClient
    file: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    async def state(self, clinics: Clinics) -> State:
        rows = read_rows(self.url)
        document = (await self.client.get("/schema/openapi.json")).text
        unknown = {
            caller: unknown_to(clinics.people[caller], rows, document) for caller in CallerKind
        }
        return State(self.file.read_bytes(), snapshot(self.url), rows, clinics, unknown)

    def restore(self, state: State) -> None:
        """Write into the same file, for one that was replaced is refused."""
        if self.file.read_bytes() != state.file:
            self.file.write_bytes(state.file)
        self.app.state.attempts = Attempts()
        self.client.cookies.clear()

    def has(self, state: State) -> bool:
        """Return whether the database is as it was before a call."""
        # Few calls write anything, and reading a file is quicker than reading all of its rows.
        return self.file.read_bytes() == state.file or snapshot(self.url) == state.dump

    async def call(
        self, row: Row, clinics: Clinics, caller: CallerKind, method: str = ""
    ) -> httpx.Response:
        names = clinics.names(caller)
        return await self.client.request(
            method or row.method,
            fill(row.path, names) if row.url else row.path,
            params=fill(row.query, names),
            json=fill(row.body, names),
            data=fill(row.form, names),
            headers={} if caller is CallerKind.NOBODY else bearer(clinics.people[caller].token),
        )


def fill(template: Any, names: Mapping[str, Any]) -> Any:
    """Replace what the texts of a document name."""
    if isinstance(template, str):
        return template.format(**names)
    if isinstance(template, dict):
        return {key: fill(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, names) for value in template]
    return template

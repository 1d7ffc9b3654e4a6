"""Changes by other programs that are hard to record are restored exactly, or refused."""

from typing import Any

import pytest
from sqlalchemy import make_url

from applications import seed
from conftest import Shared
from restores.raw_rows import dump, raw_connection
from restores.writers import REFUSED, RESTORED, UNRECORDED, Writer

FEW: dict[str, Any] = {"users": 3, "organizations": 1, "patients": 3, "appointmentWeeks": 1}
RESTORE = "/api/db/snapshots/before/restore?verify=true"


def execute(shared: Shared, statements: tuple[str, ...]) -> None:
    with raw_connection(shared.database_url) as raw:
        if shared.database_url.startswith("sqlite"):
            file = make_url(shared.database_url).database
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute(f"ATTACH '{file}' AS attached")
        for statement in statements:
            raw.execute(statement)


def writers_of(kind: dict[str, tuple[Writer, ...]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("shared", "writer"),
        [
            pytest.param(backend, writer, id=f"{backend}-{writer.name}")
            for backend, writers in kind.items()
            for writer in writers
        ],
        indirect=["shared"],
    )


@writers_of(RESTORED)
async def test_it_is_restored_exactly(shared: Shared, writer: Writer) -> None:
    await seed(shared.client, **FEW)
    execute(shared, writer.prepare)
    assert (await shared.client.put("/api/db/snapshots/before")).status_code in {200, 201}
    before = dump(shared.database_url)
    execute(shared, writer.write)
    assert dump(shared.database_url) != before
    response = await shared.client.post(RESTORE)
    assert (response.status_code, dump(shared.database_url) == before) == (200, True), response.text
    execute(shared, writer.clean_up)


@writers_of(REFUSED)
async def test_it_is_refused(shared: Shared, writer: Writer) -> None:
    await seed(shared.client, **FEW)
    execute(shared, writer.prepare)
    await shared.client.put("/api/db/snapshots/before")
    execute(shared, writer.write)
    after = dump(shared.database_url)
    response = await shared.client.post(RESTORE)
    assert (response.status_code, dump(shared.database_url) == after) == (409, True), response.text
    execute(shared, writer.clean_up)
    # The tables are not Seedbed's any more, so other tests could not delete their rows.
    await seed(shared.client, "?reset=drop", **FEW)


@pytest.mark.parametrize("shared", list(UNRECORDED), indirect=True)
async def test_what_cannot_be_recorded_is_refused(shared: Shared) -> None:
    """A snapshot is not taken, and the next seed keeps none."""
    await seed(shared.client, **FEW)
    writer = UNRECORDED[shared.database_url.split(":")[0].removesuffix("+psycopg")]
    execute(shared, writer.write)
    for _ in range(2):
        response = await shared.client.put("/api/db/snapshots/before")
        assert (response.status_code, "cannot be recorded" in response.text) == (409, True)
        assert (await shared.client.post("/api/db/snapshots/seeded/restore")).status_code == 409
        await seed(shared.client, **FEW)
    execute(shared, writer.clean_up)
    await seed(shared.client, **FEW)
    assert (await shared.client.post("/api/db/snapshots/seeded/restore")).status_code == 200

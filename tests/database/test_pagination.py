"""Lists in pages: complete, in order, and at the same cost for any length."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from clinic.client import StaffClient
from journeys.commands import shared_on_sqlite

NAMES = ("Ada", "Bea", "Cy", "Dee", "Eve", "Ada", "Bea")
STARTS = ("2020-01-03", "2020-01-01", "2020-01-02", "2020-01-01", "2020-01-02")
PATHS = ("patients", "treatment-plans")
# Creation leaves with milliseconds, too coarse to sort by: rows are made in its order.
SORTS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("patients", "createdAt"): lambda _row: 0,
    ("patients", "name"): lambda row: (row["lastName"], row["firstName"], row["id"]),
    ("treatment-plans", "startDate"): lambda row: (row["startDate"], row["id"]),
}


async def fill(staff: StaffClient, path: str) -> list[Any]:
    if path == "patients":
        return [await staff.patient(firstName=name) for name in NAMES]
    patient = await staff.patient()
    return [await staff.plan(patient, startDate=start) for start in STARTS]


@pytest.mark.parametrize("sign", ["", "-"], ids=["up", "down"])
@pytest.mark.parametrize("path_and_sort", SORTS, ids=lambda of: of[1])
async def test_pages_are_complete_and_in_order(
    staff: StaffClient, path_and_sort: tuple[str, str], sign: str
) -> None:
    """Pages of any size, one after the other, are the whole list, in the order that was asked."""
    path, sort = path_and_sort
    rows = await fill(staff, path)
    expected = sorted(rows, key=SORTS[path, sort])[:: -1 if sign else 1]
    for size in (1, 2, len(rows)):
        pages = await staff.all_pages(path, sort=sign + sort, limit=size)
        assert list(chain(*pages)) == expected
        assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
        assert 0 < len(pages[-1]) <= size


async def test_lists_are_by_name_and_by_latest_start_unless_asked(staff: StaffClient) -> None:
    """What is left out is documented: `name`, `-startDate`."""
    for path, sort in (("patients", "name"), ("treatment-plans", "-startDate")):
        await fill(staff, path)
        assert await staff.read(path) == await staff.read(path, sort=sort)


async def test_rows_that_come_and_go_neither_repeat_nor_hide_others(staff: StaffClient) -> None:
    """One that comes before the page's end is not seen, one that comes after it is."""
    people = {name: await staff.patient(firstName=name) for name in ("b", "c", "d", "e")}
    first = await staff.read("patients", limit=2)
    await staff.patient(firstName="a")
    await staff.patient(firstName="dd")
    for name in ("c", "d"):  # the row of the cursor, and the one after it
        await staff.call("DELETE", f"patients/{people[name]['id']}")
    second = await staff.read("patients", limit=2, cursor=first["next"])
    assert [row["firstName"] for row in first["items"]] == ["b", "c"]
    assert [row["firstName"] for row in second["items"]] == ["dd", "e"]
    assert second["next"] is None


def cursor_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@shared_on_sqlite
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        cursor_of("[]"),
        cursor_of('["name_key",["a"]]'),
        cursor_of('["name_key",["a","no id"]]'),
    ],
)
async def test_a_cursor_that_no_page_gave_is_refused(staff: StaffClient, cursor: str) -> None:
    """It is the caller's mistake, and the response says what to do."""
    response = await staff.call("GET", "patients", params={"cursor": cursor})
    assert response.status_code == 400
    assert "first page" in response.json()["detail"]


@pytest.mark.parametrize("text", ["\u0000", "\U0010ffff", "%", "'"])
async def test_odd_characters_break_nothing(staff: StaffClient, text: str) -> None:
    """What no database holds is found nowhere, or refused."""
    await staff.patient()
    cursor = cursor_of(json.dumps(["name_key", [text, staff.organization_id.hex]]))
    for query in ({"search": text}, {"search": f"a{text}"}, {"cursor": cursor}):
        response = await staff.call("GET", "patients", params=query)
        assert response.status_code in {200, 400}, response.text


@shared_on_sqlite
@pytest.mark.parametrize("other", ["-name", "createdAt", "-createdAt"])
async def test_a_cursor_of_another_order_is_refused(staff: StaffClient, other: str) -> None:
    """Its place would mean nothing there."""
    await fill(staff, "patients")
    cursor = (await staff.read("patients", sort=other, limit=1))["next"]
    response = await staff.call("GET", "patients", params={"cursor": cursor})
    assert response.status_code == 400
    assert "`cursor`" in response.json()["detail"]
    assert "first page" in response.json()["detail"]


@shared_on_sqlite
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("limit", ["0", "201", "-1", "x"])
async def test_the_limit_is_kept(staff: StaffClient, path: str, limit: str) -> None:
    """A page has 1 to 200 rows."""
    assert (await staff.call("GET", path, params={"limit": limit})).status_code == 400
    assert (await staff.call("GET", path, params={"limit": "200"})).status_code == 200


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_costs_the_same_at_any_length_of_the_list(
    staff: StaffClient, path: str
) -> None:
    """As many statements for none as for seven, of which one reads the list.

    A search takes one more, which counts what it might find.
    """
    counts = []
    searched = {"search": "any", "therapistId": str(staff.person.id)}
    for query in ({}, searched):
        with staff.backend.counting_statements() as sent:
            assert not (await staff.read(path, **query))["items"]
        counts.append(len(sent) - ("search" in query))
    rows = await fill(staff, path)
    asked: list[tuple[dict[str, Any], int]] = [
        ({}, len(rows)),
        ({"limit": 1}, 1),
        ({"search": "any"}, len(rows)),
    ]
    for given, length in asked:
        with staff.backend.counting_statements() as sent:
            assert len((await staff.read(path, **given))["items"]) == length
        counts.append(len(sent) - ("search" in given))
        assert sum(f"FROM {path.replace('-', '_')}" in statement for statement in sent) == 1
    assert len(set(counts)) == 1, counts

"""How a changed row is described to a person."""

from typing import Any

import httpx

from app.console.row_changes import FieldChange, describe
from applications import seed

PART = {"HX-Request": "true"}
FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
KEY = {"organization_id": "o", "id": "p"}
PATIENT = {**KEY, "first_name": "Ada", "last_name": "Byron", "email": None, "notes": "a"}


def change(before: Any, after: Any, kind: str = "updated") -> Any:
    return {"table": "patients", "key": KEY, "kind": kind, "before": before, "after": after}


def test_an_update_has_only_the_fields_that_changed() -> None:
    """NULL differs from an empty text, and a list is JSON."""
    after = {**PATIENT, "email": "", "notes": ["b", 1]}
    shown = describe(change(PATIENT, after))
    assert (shown.label, shown.key, shown.values) == ("Ada Byron", "p", [])
    assert shown.fields == [FieldChange("email", None, ""), FieldChange("notes", "a", '["b",1]')]


def test_a_difference_at_the_end_of_a_long_text_is_shown() -> None:
    """The equal beginning is left out, and the length is given."""
    long = "x" * 1000
    [field] = describe(
        change({**PATIENT, "notes": f"{long}old"}, {**PATIENT, "notes": f"{long}new{long}"})
    ).fields
    assert field.before == f"…{'x' * 40}old"
    assert field.after
    assert field.after.startswith(f"…{'x' * 40}new")
    assert field.after.endswith("… (1,043 characters)")
    [field] = describe(change(PATIENT, {**PATIENT, "notes": long})).fields
    assert field == FieldChange("notes", "a", f"{'x' * 200}… (1,000 characters)")


def test_a_new_row_is_compact() -> None:
    """Without its key, its timestamps and what is NULL; most values can be unfolded."""
    more = {f"extra_{index}": index for index in range(9)}
    row = {**PATIENT, "created_at": "2026-01-01", **more}
    for shown in (describe(change(None, row, "inserted")), describe(change(row, None, "deleted"))):
        assert shown.fields == []
        assert shown.values[:2] == [("first_name", "Ada"), ("last_name", "Byron")]
        assert shown.more_values[-1] == ("extra_8", "8")
        names = [name for name, _ in shown.values + shown.more_values]
        assert names == ["first_name", "last_name", "notes", *more]


def test_a_row_without_a_name_has_its_key() -> None:
    """For example a session."""
    row = {"table": "sessions", "key": {"id": "s"}, "kind": "deleted", "after": None}
    shown = describe({**row, "before": {"id": "s", "user_id": "u"}})
    assert (shown.label, shown.key) == ("", "s")


async def test_the_part_says_why_there_are_no_changes(client: httpx.AsyncClient) -> None:
    """No snapshot, an unknown one, and a wrong cursor; opened as a page it leads to the page."""

    async def part(query: str = "") -> str:
        response = await client.get(f"/snapshots{query}", headers=PART)
        assert response.status_code == 200
        return response.text

    assert "There is no snapshot to compare with." in await part()
    await seed(client, **FEW)
    assert "Nothing has changed since the seed." in await part()
    unknown = await part("?since=%3Cb%3E")
    assert "There is no snapshot “&lt;b&gt;” any more." in unknown
    assert "Nothing has changed since the seed." in unknown
    assert "Please correct cursor" in await part("?since=seeded&cursor=x")
    assert "There is no snapshot" in await part("?since=none&cursor=x")
    assert (await client.get("/snapshots")).headers["Location"] == "/"

"""Filters of the list of members: every field with every operator."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, update

from app.auth.member_filters import FilterOperator
from app.auth.members import MemberField
from app.auth.models import Member, Role
from auth.clinics import Backend, Clinic

pytestmark = pytest.mark.slow

OWNER, ADMIN, MEMBER = Role
# Of the owner, the admin and the member, in UTC. The last two differ by less than a millisecond.
JOINED = (
    datetime(2026, 3, 1, 9, 30, 0, 123_456, tzinfo=UTC),
    datetime(2026, 3, 2, 0, 0, 0, 500_100, tzinfo=UTC),
    datetime(2026, 3, 2, 0, 0, 0, 500_900, tzinfo=UTC),
)
# By operator, a value, and who has joined then: owner, admin, member.
DATES = [
    ("gt", "2020-01-01T00:00:00.000Z", "oam"),
    ("gt", "2026-03-01T09:30:00.122Z", "oam"),
    ("gt", "2026-03-01T09:30:00.123Z", "am"),
    ("gt", "2026-03-02T00:00:00.500Z", ""),
    ("gte", "2026-03-01T09:30:00.123Z", "oam"),
    ("gte", "2026-03-01T09:30:00.124Z", "am"),
    ("gte", "2026-03-02T00:00:00.500Z", "am"),
    ("lt", "2026-03-01T09:30:00.123Z", ""),
    ("lt", "2026-03-01T09:30:00.124Z", "o"),
    ("lt", "2026-03-02T00:00:00.500Z", "o"),
    ("lte", "2026-03-01T09:30:00.123Z", "o"),
    ("lte", "2026-03-02T00:00:00.500Z", "oam"),
    ("eq", "2026-03-01T09:30:00.123Z", "o"),
    ("eq", "2026-03-02T00:00:00.500Z", "am"),
    ("eq", "2026-03-02", ""),
    ("ne", "2026-03-01T09:30:00.123Z", "am"),
    ("in", "2026-03-01T09:30:00.123Z", "o"),
    ("not_in", "2026-03-01T09:30:00.123Z", "am"),
    ("lt", "2026-03-02", "o"),
    ("lt", "2026-03", ""),
    ("gt", "2026", "oam"),
    ("lt", "2026-03-02T00:00", "o"),
    ("lt", "2026-03-02T10:00:00+10:00", "o"),
    ("gt", "2026-03-01T04:30:00-05:00", "oam"),
    ("gt", "2026-03-01T04:30:00.123-05:00", "am"),
    ("contains", "T09:30", "o"),
    ("contains", "t09:30", "o"),
    ("starts_with", "2026-03-02T", "am"),
    ("ends_with", ".500Z", "am"),
    ("ends_with", ".123456Z", ""),
    ("contains", "%", ""),
]
ROLES = [
    ("eq", "owner", "o"),
    ("eq", "OWNER", ""),
    ("eq", "janitor", ""),
    ("ne", "owner", "am"),
    ("in", "owner", "o"),
    ("not_in", "owner", "am"),
    ("lt", "member", "a"),
    ("lte", "member", "am"),
    ("gt", "member", "o"),
    ("gte", "member", "om"),
    ("gt", "n", "o"),
    ("contains", "m", "am"),
    ("contains", "ADMIN", "a"),
    ("starts_with", "m", "m"),
    ("ends_with", "er", "om"),
    ("contains", "", "oam"),
    ("contains", "_", ""),
]


@pytest.fixture(scope="module")
async def clinic(backend: Backend) -> Clinic:
    made = await backend.make_clinic(OWNER, ADMIN, MEMBER)
    async with backend.session() as session:
        for member_id, joined in zip(made.member_ids, JOINED, strict=True):
            row = update(Member).where(col(Member.id) == member_id)
            await session.exec(row.values(created_at=joined))
    return made


async def call(backend: Backend, clinic: Clinic, field: str, operator: str, value: Any) -> Any:
    query = {"filterField": field, "filterOperator": operator, "filterValue": value}
    return await backend.client.get(
        "/api/auth/organization/list-members",
        params=query,
        headers={"Authorization": f"Bearer {clinic.people[2].tokens[0]}"},
    )


async def find(backend: Backend, clinic: Clinic, field: str, operator: str, value: Any) -> str:
    """Return the initials of the roles of whom a filter finds."""
    response: httpx.Response = await call(backend, clinic, field, operator, value)
    assert response.status_code == 200, response.text
    found = {member["role"] for member in response.json()["members"]}
    assert response.json()["total"] == len(found)
    return "".join(role[0] for role in ("owner", "admin", "member") if role in found)


async def test_members_are_filtered_by_when_they_joined(backend: Backend, clinic: Clinic) -> None:
    """Dates count as they are returned, in milliseconds."""
    for operator, value, found in DATES:
        members = await find(backend, clinic, "createdAt", operator, value)
        assert members == found, (operator, value)


async def test_members_are_filtered_by_role(backend: Backend, clinic: Clinic) -> None:
    """Whole names are compared exactly, and parts without regard to case."""
    for operator, value, found in ROLES:
        members = await find(backend, clinic, "role", operator, value)
        assert members == found, (operator, value)


@pytest.mark.parametrize("field", ["id", "userId"])
async def test_members_are_filtered_by_id(backend: Backend, clinic: Clinic, field: str) -> None:
    """Whole, in part, and in the order of ids."""
    ids = clinic.member_ids if field == "id" else [person.id for person in clinic.people]
    ordered = sorted(ids)
    initials = dict(zip(ids, "oam", strict=True))

    def those(found: list[UUID]) -> str:
        return "".join(initial for each, initial in initials.items() if each in found)

    middle = str(ordered[1])
    for operator, value, found in (
        ("eq", middle, ordered[1:2]),
        ("eq", middle.upper(), ordered[1:2]),
        ("eq", "no-such-id", []),
        ("ne", middle, [ordered[0], ordered[2]]),
        ("ne", "no-such-id", ordered),
        ("in", [str(each) for each in ordered[:2]], ordered[:2]),
        ("not_in", [str(each) for each in ordered[:2]], ordered[2:]),
        ("lt", middle, ordered[:1]),
        ("lte", middle, ordered[:2]),
        ("gt", middle, ordered[2:]),
        ("gte", middle, ordered[1:]),
        ("starts_with", middle[:30], ordered[1:2]),
        ("starts_with", middle[:30].upper(), ordered[1:2]),
        ("ends_with", middle[5:], ordered[1:2]),
        ("contains", middle[7:-3], ordered[1:2]),
        ("contains", "-", ordered),
        ("contains", "_", []),
    ):
        assert await find(backend, clinic, field, operator, value) == those(found), operator


async def test_members_are_filtered_by_organization(backend: Backend, clinic: Clinic) -> None:
    """All of them are in this one, and none in another."""
    other = await backend.make_clinic(OWNER)
    own = str(clinic.id)
    assert await find(backend, clinic, "organizationId", "eq", own) == "oam"
    assert await find(backend, clinic, "organizationId", "ne", own) == ""
    assert await find(backend, clinic, "organizationId", "gte", own) == "oam"
    assert await find(backend, clinic, "organizationId", "contains", own[:8]) == "oam"
    assert await find(backend, clinic, "organizationId", "eq", str(other.id)) == ""


async def test_every_operator_takes_every_field(backend: Backend, clinic: Clinic) -> None:
    """What is returned of a member is a value to compare with."""
    members = await backend.client.get(
        "/api/auth/organization/list-members",
        headers={"Authorization": f"Bearer {clinic.people[0].tokens[0]}"},
    )
    owner = next(each for each in members.json()["members"] if each["role"] == "owner")
    for field, operator in product(MemberField, FilterOperator):
        found = await find(backend, clinic, field, operator, owner[field])
        is_found = operator not in {"ne", "not_in", "lt", "gt"}
        assert ("o" in found) == is_found, (field, operator)


async def test_several_values_are_alternatives(backend: Backend, clinic: Clinic) -> None:
    """For `in` and `not_in`."""
    dates = [joined.isoformat() for joined in JOINED[:2]]
    assert await find(backend, clinic, "createdAt", "in", dates) == "oam"
    assert await find(backend, clinic, "createdAt", "not_in", dates) == ""
    assert await find(backend, clinic, "role", "in", ["owner", "member"]) == "om"
    assert await find(backend, clinic, "role", "not_in", ["owner", "member"]) == "a"


REFUSED: tuple[tuple[str, str, Any, str], ...] = (
    ("createdAt", "gt", "yesterday", "ISO 8601"),
    ("createdAt", "eq", "", "ISO 8601"),
    ("createdAt", "in", ["2026-03-01", "x"], "ISO 8601"),
    ("createdAt", "lt", "2026-02-30", "ISO 8601"),
    ("createdAt", "lt", "0001-01-01T00:00:00+10:00", "ISO 8601"),
    ("createdAt", "lt", "9999-12-31T23:59:59.999Z", "ISO 8601"),
    ("createdAt", "gt", "1600000000000", "ISO 8601"),
    ("createdAt", "gt", ["2026-03-01", "2026-03-02"], "once"),
    ("role", "contains", ["m", "n"], "once"),
    ("id", "gt", "no-such-id", "whole id"),
    ("role", "eq", [], "must be given"),
    ("createdAt", "in", ["2026-03-01"] * 101, "filterValue"),
    ("role", "like", "m", "filterOperator"),
    ("email", "eq", "a@example.com", "filterField"),
    ("", "eq", "owner", "filterField"),
)


async def test_a_filter_that_cannot_be_is_refused(backend: Backend, clinic: Clinic) -> None:
    """The message names the parameter and what is right."""
    for field, operator, value, problem in REFUSED:
        response = await call(backend, clinic, field, operator, value)
        found = (response.status_code, response.json()["code"])
        assert found == (400, "VALIDATION_ERROR"), (field, operator, value)
        assert problem in response.json()["message"]
        assert "filter" in response.json()["message"]


@pytest.mark.parametrize("step", [timedelta(0), timedelta(microseconds=999)])
async def test_a_returned_date_finds_its_member(backend: Backend, step: timedelta) -> None:
    """With any microseconds of the row."""
    clinic = await backend.make_clinic(OWNER)
    joined = JOINED[0].replace(microsecond=7_000) + step
    async with backend.session() as session:
        row = update(Member).where(col(Member.id) == clinic.member_ids[0])
        await session.exec(row.values(created_at=joined))
    query = {"filterField": "createdAt", "filterValue": "2026-03-01T09:30:00.007Z"}
    response = await backend.client.get(
        "/api/auth/organization/list-members",
        params=query,
        headers={"Authorization": f"Bearer {clinic.people[0].tokens[0]}"},
    )
    assert response.json()["total"] == 1

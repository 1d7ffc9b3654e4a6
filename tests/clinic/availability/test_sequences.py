"""Creations, replacements and deletions in any order, against a model that keeps minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from clinic.availability.clients import KINDS, ON_SQLITE, Clients, SlotClient, delete_slots

pytestmark = pytest.mark.slow

GAP = 15
DAYS: Mapping[str, list[dict[str, Any]]] = {
    "templates": [{"dayOfWeek": "mon"}, {"dayOfWeek": "tue"}],
    "exceptions": [{"date": "2031-01-06"}, {"date": "2031-01-07"}],
}
# Written by hand, so that neither our models nor their types are trusted.
STORED = """
    SELECT id, organization_id, 'templates', day_of_week, start_time, end_time
    FROM weekly_availability_templates WHERE user_id = :user_id
    UNION ALL
    SELECT id, organization_id, 'exceptions', date, start_time, end_time
    FROM availability_exceptions WHERE user_id = :user_id
"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of a day, `end` not included; `day` is the first or the second of its kind."""

    kind: str
    day: int
    start: int
    end: int

    @property
    def minutes(self) -> set[int]:
        return set(range(self.start, self.end))

    def conflicts(self, other: "Hours") -> bool:
        """Tell whether a minute of one lies in the other, or in the gap on either side of it."""
        same_day = (self.kind, self.day) == (other.kind, other.day)
        near = set(range(other.start - GAP, other.end + GAP))
        return same_day and bool(self.minutes & near)

    def fields(self) -> dict[str, Any]:
        """Write it as a body; nothing else says that it is the whole day."""
        day = DAYS[self.kind][self.day]
        if self.minutes == set(range(24 * 60)):
            return day
        return day | {"startTime": clock(self.start), "endTime": clock(self.end)}


@dataclass(frozen=True, slots=True)
class Operation:
    """`of` is the number of an existing slot, the oldest first; `away` says from which clinic."""

    verb: Literal["create", "replace", "delete"]
    hours: Hours
    of: int
    away: bool


@dataclass(slots=True)
class Model:
    """The practitioner's slots in both clinics by their ids, with the clinic of each."""

    slots: dict[str, tuple[str, Hours]] = field(default_factory=dict)

    def clashes(self, hours: Hours, besides: str | None = None) -> dict[str, str]:
        """Return the ids of what conflicts, with the clinic of each."""
        return {
            slot_id: clinic
            for slot_id, (clinic, other) in self.slots.items()
            if slot_id != besides and hours.conflicts(other)
        }


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Return hours of a short morning, so that they often are in each other's way."""
    kind, day = draw(st.sampled_from(KINDS)), draw(st.sampled_from([0, 0, 0, 1]))
    if kind == "exceptions" and draw(st.integers(0, 5)) == 0:
        return Hours(kind, day, 0, 24 * 60)
    start = draw(st.integers(0, 20)) * 10 + draw(st.sampled_from([0, 0, 5, 4]))
    return Hours(kind, day, 480 + start, 480 + start + draw(st.sampled_from([1, 10, 30, 60])))


operations = st.builds(
    Operation,
    verb=st.sampled_from(["create", "create", "create", "replace", "replace", "delete"]),
    hours=hours(),
    of=st.integers(0, 7),
    away=st.booleans(),
)


@ON_SQLITE
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=st.lists(operations, min_size=4, max_size=16))
async def test_no_order_of_changes_leads_to_a_conflict(
    shared_clients: Clients, done: list[Operation]
) -> None:
    """After each step what is stored is what the model has, and no two of it conflict."""
    await delete_slots(shared_clients)
    model = Model()
    for operation in done:
        staff = shared_clients.away if operation.away else shared_clients.practitioner
        await do(staff, model, operation)
        found = await stored(shared_clients)
        assert found == model.slots
        assert conflicting(found) == []


async def do(staff: SlotClient, model: Model, operation: Operation) -> None:
    """Make a call that the model makes too, and compare the response."""
    clinic = staff.organization_id.hex
    wanted = operation.hours
    if operation.verb == "create":
        response = await staff.post(wanted.kind, **wanted.fields())
        if is_refused(response, clinic, model.clashes(wanted)):
            return
        assert response.status_code == 201
        model.slots[hex_of(response.json()["id"])] = (clinic, wanted)
        return
    same_kind = [key for key, (_, other) in model.slots.items() if other.kind == wanted.kind]
    if not same_kind:
        return
    slot_id = same_kind[operation.of % len(same_kind)]
    if operation.verb == "delete":
        response = await staff.delete(wanted.kind, slot_id)
    else:
        response = await staff.put(wanted.kind, slot_id, **wanted.fields())
    if model.slots[slot_id][0] != clinic:
        assert response.status_code == 404
    elif operation.verb == "delete":
        assert response.status_code == 204
        del model.slots[slot_id]
    elif not is_refused(response, clinic, model.clashes(wanted, besides=slot_id)):
        assert response.status_code == 200
        model.slots[slot_id] = (clinic, wanted)


def is_refused(response: httpx.Response, clinic: str, clashes: Mapping[str, str]) -> bool:
    """Tell whether a change conflicts; the refusal names one of the clinic's own, if there is."""
    own = {slot_id for slot_id, whose in clashes.items() if whose == clinic}
    if not clashes:
        return False
    assert response.status_code == 409
    problem = response.json()
    if own:
        assert hex_of(problem["clashesWith"]["id"]) in own
    else:
        assert "clashesWith" not in problem
    return True


def hex_of(slot_id: str) -> str:
    return slot_id.replace("-", "")


async def stored(clients: Clients) -> dict[str, tuple[str, Hours]]:
    async with clients.backend.session() as session:
        connection = await session.connection()
        user_id = clients.practitioner.user_id.hex
        rows = (await connection.execute(text(STORED), {"user_id": user_id})).all()
    return {
        slot_id: (clinic, Hours(kind, day_number(kind, day), minute(start, 0), minute(end, 1440)))
        for slot_id, clinic, kind, day, start, end in rows
    }


def day_number(kind: str, day: str) -> int:
    return [next(iter(fields.values())) for fields in DAYS[kind]].index(day)


def minute(written: str | None, otherwise: int) -> int:
    if written is None:
        return otherwise
    hour, minutes, second = map(int, written.split(":"))
    assert second == 0
    return hour * 60 + minutes


def conflicting(found: Mapping[str, tuple[str, Hours]]) -> list[Any]:
    slots = [slot for _, slot in found.values()]
    return [
        (one, other)
        for place, one in enumerate(slots)
        for other in slots[place + 1 :]
        if one.conflicts(other)
    ]

"""The weekly places of a practitioner: hours of every week that one patient at a time can have.

Places lie within the hours of the weekly templates, far enough apart for every rule, and are as
many as two thirds of what the templates hold. Appointments in them cannot clash.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from app.clinic.availability.models import Location
from app.clinic.availability.rules import WEEKDAYS
from app.seed.randomness import RandomDraws
from app.seed.request import SeedRequest
from app.seed.seeders.rooms import GYM
from app.seed.seeders.weekly_templates import TemplateSlot, week

MINUTES = 60  # as long as the longest type of appointment
PAUSE = 15
QUARTER_HOUR = 15
RANKS_IN_GYM = (1, 3, 5, 7)  # as many as the gym has places


@dataclass(frozen=True, slots=True)
class WeeklyPlace:
    """`start` counts minutes from midnight; Monday is 0. `room` is None without a room."""

    weekday: int
    start: int
    location: Location
    room: int | None


def places_of(request: SeedRequest, user: int) -> list[WeeklyPlace]:
    """Return the places in the order of the week."""
    rooms = _rooms(request, user)
    slots = week(request.random_seed, user)
    draws = RandomDraws(request.random_seed, "places", user)
    places = []
    for slot, count in zip(slots, counts(slots), strict=True):
        weekday = WEEKDAYS.index(slot.day)
        room = rooms[weekday] if slot.location is Location.CLINIC else None
        places += [
            WeeklyPlace(weekday, at, slot.location, room) for at in _starts(draws, slot, count)
        ]
    return places


def counts(slots: Sequence[TemplateSlot]) -> list[int]:
    """Return how many places each template has: one first, then in proportion to its sessions."""
    most = [min(slot.max_sessions, _fitting(slot)) for slot in slots]
    chosen = [0] * len(slots)
    for _ in range(ceil(sum(slot.max_sessions for slot in slots) * 2 / 3)):
        left = [index for index in range(len(slots)) if chosen[index] < most[index]]
        if not left:
            break
        chosen[min(left, key=lambda index: chosen[index] / slots[index].max_sessions)] += 1
    return chosen


def _fitting(slot: TemplateSlot) -> int:
    return (slot.end - slot.start + PAUSE) // (MINUTES + PAUSE)


def _starts(draws: RandomDraws, slot: TemplateSlot, count: int) -> Iterator[int]:
    """Yield starts at quarter hours; the spare time of the template is spread between them."""
    needed = count * (MINUTES + PAUSE) - PAUSE
    spare = (slot.end - slot.start - needed) // QUARTER_HOUR
    shifts = sorted(draws.between(0, spare) for _ in range(count))
    for index, shift in enumerate(shifts):
        yield slot.start + index * (MINUTES + PAUSE) + shift * QUARTER_HOUR


def _rooms(request: SeedRequest, user: int) -> list[int | None]:
    """Return the practitioner's room at the clinic on each weekday.

    Two practitioners share a treatment room. On the days of the first one, the second one treats in
    the gym while that has a place, or without a room. So no room is ever too full.
    """
    rank = user // request.organizations
    own = 1 + rank // 2
    if rank % 2 == 0:
        return [own] * len(WEEKDAYS)
    first = week(request.random_seed, user - request.organizations)
    taken = {slot.day for slot in first if slot.location is Location.CLINIC}
    otherwise = GYM if rank in RANKS_IN_GYM else None
    return [otherwise if day in taken else own for day in WEEKDAYS]

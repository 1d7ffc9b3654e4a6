"""The arithmetic of slots against a model that looks at every minute of a day."""

from datetime import time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clinic.availability.rules import (
    GAP_MINUTES,
    WHOLE_DAY,
    TimeRange,
    clock_time,
    conflict,
    effective,
    next_free,
    slot_of,
)

MINUTES = 24 * 60
# A machine that is busy with other tests takes its time.
unhurried = settings(deadline=None)


@st.composite
def slots(draw: st.DrawFn) -> TimeRange:
    """Return a slot in whole minutes, or now and then the whole day."""
    if draw(st.integers(0, 9)) == 0:
        return WHOLE_DAY
    start = draw(st.integers(0, MINUTES - 2))
    end = draw(st.integers(start + 1, min(MINUTES - 1, start + draw(st.sampled_from([30, 300])))))
    return TimeRange(start * 60, end * 60)


def minutes(slot: TimeRange) -> set[int]:
    return set(range(slot.start // 60, slot.end // 60))


def widened(slot: TimeRange) -> set[int]:
    """Return the minutes of a slot, and those of the gap that follows it."""
    return set(range(slot.start // 60, slot.end // 60 + GAP_MINUTES))


@pytest.mark.parametrize(
    ("start", "conflicts"), [(time(12, 14), True), (time(12, 15), False), (time(12, 14, 59), True)]
)
def test_a_quarter_of_an_hour_lies_between_two_slots(start: time, conflicts: bool) -> None:
    """Ending 12:00 and starting 12:15 is allowed, starting 12:14 is a conflict."""
    morning, afternoon = slot_of(time(9), time(12)), slot_of(start, time(15))
    assert conflict(morning, afternoon) is conflicts
    assert conflict(afternoon, morning) is conflicts


@unhurried
@given(slots(), slots())
def test_two_slots_conflict_if_a_minute_of_theirs_does(one: TimeRange, other: TimeRange) -> None:
    """They share a minute, or one begins in the gap after the other."""
    shared = bool(widened(one) & minutes(other) or widened(other) & minutes(one))
    assert conflict(one, other) is shared
    assert conflict(other, one) is shared


@unhurried
@given(slots())
def test_a_whole_day_conflicts_with_everything(slot: TimeRange) -> None:
    """Everything else on that day is within it."""
    assert conflict(WHOLE_DAY, slot)
    assert slot_of(None, None) == WHOLE_DAY


@unhurried
@given(slots(), st.lists(slots(), max_size=5))
def test_the_next_free_slot_is_the_first_that_fits(
    slot: TimeRange, others: list[TimeRange]
) -> None:
    """No minute before it would do, down to the one that was asked for."""
    length = slot.end - slot.start
    fits = next(
        (
            moved
            for start in range(slot.start // 60, MINUTES)
            if (moved := TimeRange(start * 60, start * 60 + length)).end < MINUTES * 60
            and not any(conflict(moved, other) for other in others)
        ),
        None,
    )
    assert next_free(slot, others) == fits


@unhurried
@given(st.lists(slots(), max_size=5), st.lists(slots(), max_size=4))
def test_what_can_be_booked_is_what_each_minute_says(
    offered: list[TimeRange], taken: list[TimeRange]
) -> None:
    """A minute can be booked if it is offered and not taken, and is of all that offer it."""
    found = effective(list(zip(offered, map(str, range(len(offered))), strict=True)), taken)
    gone = {minute for slot in taken for minute in minutes(slot)}
    offers = [minutes(slot) for slot in offered]
    model = {
        minute: {str(place) for place, offer in enumerate(offers) if minute in offer}
        for minute in range(MINUTES)
        if minute not in gone
    }
    seen = {minute: set(piece.sources) for piece in found for minute in sorted(minutes(piece.slot))}
    assert seen == {minute: sources for minute, sources in model.items() if sources}


@unhurried
@given(st.lists(slots(), max_size=5), st.lists(slots(), max_size=4))
def test_pieces_are_whole_and_in_order(offered: list[TimeRange], taken: list[TimeRange]) -> None:
    """None overlaps another, and two that touch are of different sources."""
    found = effective([(slot, slot) for slot in offered], taken)
    for piece in found:
        assert piece.slot.start < piece.slot.end
    for one, other in pairwise(found):
        assert one.slot.end <= other.slot.start
        assert one.slot.end < other.slot.start or one.sources != other.sources


@unhurried
@given(st.times().map(lambda moment: moment.replace(microsecond=0)))
def test_a_time_is_written_as_it_was_read(moment: time) -> None:
    """Seconds from midnight, and back."""
    later = (timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)).seconds
    assert clock_time(later) == moment.isoformat()
    assert clock_time(MINUTES * 60) == "24:00:00"
    assert slot_of(moment, time(23, 59, 59)).start == later

"""Speed and time left: unknown at first, then steady, and never of what is done."""

from itertools import pairwise

import pytest

from app.seed.progress.pace import KNOWN_AFTER_SECONDS, WATCHED_SECONDS, Pace

EXPECTED = 100_000


def watch(*seen: tuple[float, int]) -> Pace:
    pace = Pace(0)
    for now, rows in seen:
        pace.note(now, rows)
    return pace


def test_nothing_is_known_in_the_first_second() -> None:
    """The first batch has to open and compile what the others find ready."""
    pace = watch((KNOWN_AFTER_SECONDS - 0.1, 1_000))
    assert pace.rows_per_second() is None
    assert pace.seconds_left(EXPECTED) is None


def test_nothing_is_known_before_the_first_row() -> None:
    """A statement that tells nothing has no speed, however long it takes."""
    pace = watch((5, 0))
    assert pace.rows_per_second() is None
    assert pace.seconds_left(EXPECTED) is None


def test_the_figures_add_up() -> None:
    """The remaining time is the remaining rows at the reported speed."""
    pace = watch((1, 10_000), (2, 20_000))
    assert pace.rows_per_second() == 10_000
    assert pace.seconds_left(EXPECTED) == 8


def test_the_speed_is_that_of_the_last_seconds() -> None:
    """A step that has slowed down is soon told as slow as it is."""
    fast = [(float(second), second * 1_000) for second in range(1, 11)]
    slow = [(float(second), 9_000 + second * 100) for second in range(11, 31)]
    assert watch(*fast).rows_per_second() == 1_000
    assert watch(*fast, *slow).rows_per_second() == 100


def test_batches_do_not_make_it_jump() -> None:
    """Between batches that come every two seconds the time left runs down like a clock."""
    pace, left = Pace(0), []
    for tick in range(8, 180):
        now = tick * 0.25
        pace.note(now, int(now // 2) * 2_000)
        assert pace.rows_per_second() == 1_000
        left.append(pace.seconds_left(EXPECTED))
    assert left == [pytest.approx(100 - tick * 0.25, abs=0.06) for tick in range(8, 180)]


def test_a_batch_that_is_overdue_slows_it_down() -> None:
    """The speed sinks little by little, and the time left grows, until both are unknown."""
    pace, told = watch((1, 1_000), (2, 2_000)), []
    for second in range(3, 20):
        pace.note(second, 2_000)
        told.append((pace.rows_per_second(), pace.seconds_left(EXPECTED)))
    known = [(speed, left) for speed, left in told if speed and left]
    assert known[0] == (1_000, 97)
    assert all(one[0] > other[0] and one[1] < other[1] for one, other in pairwise(known))
    assert told == [*known, *[(None, None)] * (len(told) - len(known))]
    assert len(known) == WATCHED_SECONDS + 1


@pytest.mark.parametrize("expected", [None, 20_000])
def test_the_end_is_unknown_where_no_row_is_expected(expected: int | None) -> None:
    """Neither without an expectation, nor when all is written and an index is being built."""
    assert watch((1, 10_000), (2, 20_000)).seconds_left(expected) is None


def test_a_loop_that_was_held_up_is_no_division_by_zero() -> None:
    """The only moment that it has seen for long may be the present one."""
    assert watch((60, 6_000)).rows_per_second() == 100

"""What a terminal shows while a seed runs, drawn from the events of a stream."""

import re
import sys
from collections.abc import Iterator

import pytest

from app.cli.progress_bars import show_steps
from app.cli.terminal import make_console
from app.seed.progress.events import Event, SeedFailed, StepDone, StepRunning, StepStarted
from cli.screen import Screen, terminal

ROWS = 90_000
CURSOR_HIDDEN, CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"
COLOR = re.compile(r"\x1b\[[\d;]*3\d")


def draw(screen: Screen, *, has_bars: bool = True) -> None:
    """Draw a seed of two steps, each event after the one before was drawn."""
    for _ in show_steps(make_console(), events(screen if has_bars else None)):
        pass


def events(screen: Screen | None) -> Iterator[Event]:
    yield StepStarted(step="reset")
    yield StepRunning(step="reset", rows=0)
    if screen:
        screen.wait_for("0:00 so far")
    yield StepDone(step="reset", rows=187, duration_ms=12.5)
    step = "treatmentPlans"
    yield StepStarted(step=step, rows_expected=ROWS)
    for seconds in (3, 2, 1):
        yield StepRunning(
            step=step,
            rows=ROWS - seconds * 20_000,
            rows_expected=ROWS,
            rows_per_second=20_000,
            seconds_left=seconds,
        )
        if screen:
            screen.wait_for(f"0:0{seconds} left")
    yield StepDone(step=step, rows=ROWS, duration_ms=4_500)


def assert_lines(screen: Screen) -> None:
    """Each step has left one line, and the cursor is there again."""
    done = [frame.split("  ")[0] for frame in screen.frames if frame.startswith("✓")]
    assert done == ["✓ reset", "✓ treatment plans"]
    assert screen.text.rfind(CURSOR_SHOWN) > screen.text.rfind(CURSOR_HIDDEN) >= 0


def filled(bar: str) -> int:
    found = re.search("[╸╺]", bar)
    assert found
    return found.start()


def assert_fills(screen: Screen, pattern: str) -> None:
    """The bars have this form, and each has at least as much as the one before."""
    bars = [frame for frame in screen.frames if re.fullmatch(pattern, frame)]
    lengths = [filled(bar) for bar in bars]
    assert len(set(lengths)) == 3
    assert lengths == sorted(lengths)


@pytest.mark.parametrize("columns", [88, 120])
def test_running_step_is_a_bar(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """It has rows, expected rows, speed and time left."""
    with terminal(monkeypatch, columns) as screen:
        draw(screen)
    assert_lines(screen)
    assert_fills(
        screen, r". treatment plans +[━╸╺]+ +[357]0,000 of 90,000 rows +20,000 rows/s +0:0\d left"
    )
    assert max(map(len, screen.frames)) <= columns
    assert COLOR.search(screen.text)


def test_step_without_expected_rows_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch, 100) as screen:
        draw(screen)
    assert any(re.fullmatch(r". reset +━+ +0:00 so far", frame) for frame in screen.frames)


def test_narrow_terminal_has_a_bar_and_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no room is left out, so that the bar is in one line."""
    with terminal(monkeypatch, 50) as screen:
        draw(screen)
    assert_lines(screen)
    assert_fills(screen, r". treatment plans +[━╸╺]+ +0:0\d left")
    assert max(map(len, screen.frames)) <= 50


def test_without_colors_there_are_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR leaves the shapes and removes the colors."""
    with terminal(monkeypatch, 100, NO_COLOR="1") as screen:
        draw(screen)
    assert_lines(screen)
    assert any("of 90,000 rows" in frame for frame in screen.frames)
    assert not COLOR.search(screen.text)


def test_dumb_terminal_has_lines_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be drawn over, there is one line a step and no control character."""
    with terminal(monkeypatch, 100, TERM="dumb") as screen:
        draw(screen, has_bars=False)
    lines = [frame for frame in screen.frames if frame]
    assert [line.split("  ")[0] for line in lines] == ["✓ reset", "✓ treatment plans"]
    assert "\x1b" not in screen.text
    assert "━" not in screen.text


def test_failure_ends_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed after it is below the bar, on a terminal with its cursor."""
    with terminal(monkeypatch, 100) as screen:
        steps: list[Event] = [StepStarted(step="reset"), SeedFailed(problem={})]
        for event in show_steps(make_console(), iter(steps)):
            if isinstance(event, SeedFailed):
                sys.stdout.write("Refused.\n")
    rest = screen.text.rpartition(CURSOR_SHOWN)[2]
    assert CURSOR_HIDDEN in screen.text
    assert "Refused." in rest

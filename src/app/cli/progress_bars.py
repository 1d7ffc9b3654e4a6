"""Show the steps of a seed: a bar for the running step, and a line for each finished one."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task
from rich.table import Column
from rich.text import Text

from app.seed.progress.events import Event, SeedFailed, StepDone, StepRunning, StepStarted

# The narrowest terminals that have room for each part.
WIDTH_WITH_TIME = 44
WIDTH_WITH_LINE = 53
WIDTH_WITH_ROWS = 72
WIDTH_WITH_SPEED = 88


def show_steps(console: Console, events: Iterator[Event]) -> Iterator[Event]:
    """Yield the events, and show them. Without a terminal there are no bars."""
    with Progress(
        *_columns(console.width),
        console=console,
        transient=True,
        expand=True,
        redirect_stdout=False,
        redirect_stderr=False,
        disable=not console.is_interactive,
    ) as bars:
        for event in events:
            match event:
                case StepStarted(step=step):
                    bars.add_task(in_words(step), total=None)
                case StepRunning(rows=rows):
                    # Before its first row the progress of a step is unknown.
                    expected = event.rows_expected if rows else None
                    for task in bars.task_ids:
                        bars.update(task, total=expected, completed=rows, report=event)
                case StepDone():
                    for task in bars.task_ids:
                        bars.remove_task(task)
                    console.print(_line(event, console.width))
                case SeedFailed():
                    bars.stop()
            yield event


def in_words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _line(done: StepDone, width: int) -> str:
    count = f"{done.rows:>9,} rows" if done.step != "commit" else " " * 14
    if width < WIDTH_WITH_LINE:
        return f"[green]✓[/] {in_words(done.step):<23}{count}".rstrip()
    return f"[green]✓[/] {in_words(done.step):<24}{count}{done.duration_ms:>10,.1f} ms"


class TaskText(ProgressColumn):
    def __init__(self, text_of: Callable[[Task], str], column: Column) -> None:
        super().__init__(column)
        self._text_of = text_of

    def render(self, task: Task) -> Text:
        return Text(self._text_of(task))


def _columns(width: int) -> Iterator[ProgressColumn]:
    """Return the columns that fit. Fixed widths keep the bar from moving."""
    wide = width >= WIDTH_WITH_ROWS
    yield SpinnerColumn()
    yield TaskText(_name, Column(no_wrap=True, min_width=23 if wide else None))
    yield BarColumn(bar_width=None)
    if wide:
        yield TaskText(_rows, Column(no_wrap=True, justify="right"))
    if width >= WIDTH_WITH_SPEED:
        yield TaskText(_speed, Column(no_wrap=True, justify="right", min_width=14))
    if width >= WIDTH_WITH_TIME:
        yield TaskText(_time, Column(no_wrap=True, justify="right", min_width=12 if wide else None))


def _name(task: Task) -> str:
    return task.description


def _rows(task: Task) -> str:
    report = _last_report(task)
    if not report.rows:
        return ""
    of_expected = f" of {report.rows_expected:,}" if report.rows_expected else ""
    return f"{report.rows:,}{of_expected} rows"


def _speed(task: Task) -> str:
    speed = _last_report(task).rows_per_second
    return "" if speed is None else f"{speed:,.0f} rows/s"


def _time(task: Task) -> str:
    left = _last_report(task).seconds_left
    return f"{_clock(task.elapsed or 0)} so far" if left is None else f"{_clock(left)} left"


def _last_report(task: Task) -> StepRunning:
    nothing = StepRunning(step="", rows=0)
    report: StepRunning = task.fields.get("report", nothing)
    return report


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"

"""What the commands of `just` share: `--help`, and options that name their range."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, NoReturn, TypeVar

import click
import msgspec

Command = TypeVar("Command", bound=Callable[..., Any])
MAX_PORT = 65_535
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
command = partial(click.command, context_settings=SETTINGS)
# For a command that passes unknown options to another program.
passing_command = partial(
    click.command, context_settings=SETTINGS | {"ignore_unknown_options": True}
)
server_url = click.option(
    "--url", help="Send the request to a running server, such as http://127.0.0.1:8000."
)


def print_json(value: Any) -> None:
    """Print what `--json` asks for, indented."""
    click.echo(msgspec.json.format(msgspec.json.encode(value)))


def number(
    flag: str, low: int, high: int | None, text: str, default: object = None, **attributes: Any
) -> Callable[[Command], Command]:
    """Return an option for a whole number, whose help has its default and its range.

    Without the option the command gets None.
    """
    kind = WholeNumber(low, high)
    said = kind.range if default is None else f"default: {_written(default)}; {kind.range}"
    return click.option(flag, type=kind, metavar="N", help=f"{text}  [{said}]", **attributes)


class WholeNumber(click.ParamType[int]):
    """A whole number within a range; both ends are included, and `high` may be None."""

    name = "number"

    def __init__(self, low: int, high: int | None) -> None:
        self.low = low
        self.high = high

    @property
    def range(self) -> str:
        if self.high is None:
            return f"at least {self.low:,}"
        return f"{self.low:,} to {self.high:,}"

    # The arguments are click's.
    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> int:
        try:
            wanted = int(value)
        except ValueError:
            reject(value, param, f"it must be a whole number, {self.range}")
        if wanted < self.low or (self.high is not None and wanted > self.high):
            reject(value, param, f"it must be {self.range}")
        return wanted


class OneOf(click.Choice[str]):
    """One of a few words, whose error is like those of the other kinds."""

    # The arguments are click's.
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            reject(value, param, f"it must be {' or '.join(self.choices)}")
        return super().convert(value, param, ctx)


class DateInRange(click.ParamType[str]):
    """A date within a range, as YYYY-MM-DD."""

    name = "date"

    def __init__(self, first: str, last: str) -> None:
        self.first = first
        self.last = last

    # The arguments are click's.
    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> str:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            reject(value, param, "it must be an existing date, written YYYY-MM-DD")
        if not self.first <= day.isoformat() <= self.last:
            reject(value, param, f"it must be a date from {self.first} to {self.last}")
        return day.isoformat()


def reject(value: object, param: click.Parameter | None, rule: str) -> NoReturn:
    """Raise the error of an option, with its flag, its value and what is allowed."""
    flag = param.opts[0] if param else "The value"
    raise click.UsageError(f'{flag} is "{value}"; {rule}.')


def _written(default: object) -> str:
    return f"{default:,}" if isinstance(default, int) else str(default)

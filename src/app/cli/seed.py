"""`just seed`: call the seed endpoint of this process or of a running server."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click
import httpx
import msgspec

from app.cli.api_calls import (
    NotSeedbed,
    calling,
    fail_by,
    listed,
    media_type,
    refuse_response,
    server_at,
)
from app.cli.display import show_summary
from app.cli.options import DateInRange, OneOf, command, number, print_json, server_url
from app.cli.progress_bars import show_steps
from app.cli.server_connection import UNKNOWN_OUTCOME, CannotCall
from app.cli.streams import run
from app.cli.terminal import INTERRUPTED, confirm, fail, make_console
from app.names import wire_name
from app.seed import constants
from app.seed.database_state import DatabaseState
from app.seed.progress.events import Event, SeedFailed, SeedFinished
from app.seed.scenarios.names import SCENARIO_NAMES

TERMINAL = Path("/dev/tty")


@dataclass(frozen=True, slots=True)
class SeedOptions:
    """The parameters of the request; a quantity of None means the default."""

    reset: str
    wanted: Mapping[str, Any]
    dry_run: bool


@command()
@click.option(
    "--reset",
    type=OneOf(["delete", "drop"]),
    default="delete",
    show_default=True,
    help="Delete all rows, or drop all tables and run all migrations.",
)
@number(
    "--users",
    1,
    constants.MAX_USERS,
    "Practitioners, at least as many as --organizations.",
    constants.USERS,
)
@number("--organizations", 1, constants.MAX_ORGANIZATIONS, "Clinics.", constants.ORGANIZATIONS)
@number("--patients", 0, constants.MAX_PATIENTS, "Patients of all clinics.", constants.PATIENTS)
@number(
    "--plans-per-patient",
    constants.MIN_PLANS_PER_PATIENT,
    constants.MAX_PLANS_PER_PATIENT,
    "Treatment plans of each patient.",
    constants.PLANS_PER_PATIENT,
)
@number(
    "--appointment-weeks",
    0,
    constants.MAX_APPOINTMENT_WEEKS,
    "Weeks with appointments, before and after --as-of.",
    constants.APPOINTMENT_WEEKS,
)
@number(
    "--random-seed",
    0,
    constants.MAX_RANDOM_SEED,
    "The same number creates the same people.",
    str(constants.RANDOM_SEED),
)
@click.option(
    "--as-of",
    type=DateInRange(constants.FIRST_AS_OF, constants.LAST_AS_OF),
    metavar="YYYY-MM-DD",
    help='The data set\'s "today".'
    f"  [default: today in UTC; {constants.FIRST_AS_OF} to {constants.LAST_AS_OF}]",
)
@click.option(
    "--scenario",
    "scenarios",
    type=OneOf(SCENARIO_NAMES),
    metavar="NAME",
    multiple=True,
    help="Add clinics in a known state; repeat it for several: " + ", ".join(SCENARIO_NAMES) + ".",
)
@click.option("--dry-run", is_flag=True, help="Do everything, report it, and change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before deleting rows.")
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
@server_url
def main(
    *,
    reset: str,
    scenarios: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    as_json: bool,
    url: str | None,
    **quantities: Any,
) -> None:
    """Reset the development database and fill it with a data set.

    Deletes all rows. On a terminal it asks first. After any error the old rows are still there.

    \b
    Examples:
      uv run just seed
      uv run just seed --as-of 2026-11-23 --patients 200 --yes
      uv run just seed --scenario empty --scenario long-history
      uv run just seed --url http://127.0.0.1:8000
    """
    _check_users(quantities)
    wanted = {**quantities, "scenarios": [*dict.fromkeys(scenarios)] or None}
    call = SeedOptions(reset, wanted, dry_run=dry_run)
    try:
        with server_at(url) as base_url:
            summary = _send(base_url, call, ask=not (yes or dry_run), draw=not as_json)
    except CannotCall as error:
        fail(str(error))
    if as_json:
        print_json(summary)
    else:
        show_summary(make_console(), summary)


def _check_users(quantities: Mapping[str, Any]) -> None:
    users = quantities["users"] or constants.USERS
    organizations = quantities["organizations"] or constants.ORGANIZATIONS
    if users < organizations:
        raise click.UsageError(
            f"--users is {users}; it must be at least --organizations ({organizations}), because "
            "each clinic needs an owner."
        )


def _send(base_url: str, call: SeedOptions, *, ask: bool, draw: bool) -> Any:
    """Return the summary. Raise `CannotCall` if there is no Seedbed server at this URL."""
    with calling(base_url) as client:
        try:
            if ask and sys.stdin.isatty():
                _ask(client, call.reset)
            events = _events(client, call)
            return _finish(show_steps(make_console(), events) if draw else events)
        except click.Abort:
            fail("\nNothing was changed.", INTERRUPTED)
        except KeyboardInterrupt:
            fail("\nInterrupted. A seed that is not committed yet is rolled back.", INTERRUPTED)


def _ask(client: httpx.Client, reset: str) -> None:
    response = client.get("/api/db")
    if not response.is_success:
        refuse_response(response)
    try:
        state = msgspec.json.decode(response.content, type=DatabaseState)
    except msgspec.DecodeError:
        raise NotSeedbed(response) from None
    if state.refusals:
        fail(listed(state.refusals))
    deleted = state.rows | (state.other_rows if reset == "drop" else {})
    rows, tables = sum(deleted.values()), sum(map(bool, deleted.values()))
    dropped = state.would_drop if reset == "drop" else []
    if rows == 0 and not dropped:
        return
    with _errors_on_terminal():
        err = make_console(stderr=True)
        err.print(f"This deletes [bold]{rows:,} rows[/] from {tables} tables in", end=" ")
        err.print(state.database, style="bold", markup=False, soft_wrap=True)
        if dropped:
            err.print("It also drops these, and does not create them again:")
            for each in dropped:
                err.print(f"  {each}", markup=False, soft_wrap=True)
        if not confirm(err):
            fail("Nothing was changed.")


def _errors_on_terminal() -> AbstractContextManager[object]:
    """Ask on the terminal, even if standard error is a file or closed."""
    if sys.stderr.isatty():
        return nullcontext()
    try:
        terminal = TERMINAL.open("w")
    except OSError:
        fail(
            "Refused. Nothing was changed. There is no terminal to ask on before deleting rows. "
            "Pass --yes if you are sure."
        )
    return _to_terminal(terminal)


@contextmanager
def _to_terminal(terminal: TextIO) -> Iterator[None]:
    with terminal, redirect_stderr(terminal):
        yield


def _events(client: httpx.Client, call: SeedOptions) -> Iterator[Event]:
    quantities = {
        wire_name(name): value for name, value in call.wanted.items() if value is not None
    }
    request = client.build_request(
        "POST",
        "/api/db/seed",
        params={"reset": call.reset, "dryRun": str(call.dry_run).lower()},
        json=quantities,
        headers={"Accept": "application/x-ndjson"},
    )
    response = client.send(request, stream=True)
    with closing(response):
        if media_type(response) == "application/x-ndjson":
            yield from _read_lines(response)
        else:
            response.read()
            refuse_response(response)


def _read_lines(response: httpx.Response) -> Iterator[Event]:
    try:
        for line in response.iter_lines():
            yield msgspec.json.decode(line, type=Event)
    except msgspec.DecodeError:
        raise NotSeedbed(response) from None
    except httpx.RequestError as error:
        raise CannotCall(_connection_broke(str(error))) from None


def _finish(events: Iterator[Event]) -> Any:
    for event in events:
        match event:
            case SeedFinished(summary=summary):
                return summary
            case SeedFailed(problem=problem):
                fail_by(problem)
    raise CannotCall(_connection_broke("the stream is incomplete"))


def _connection_broke(reason: str) -> str:
    return f"The connection broke before the seed ended ({reason}). {UNKNOWN_OUTCOME}"


if __name__ == "__main__":
    run(main, "just seed")

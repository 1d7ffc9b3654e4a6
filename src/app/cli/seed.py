"""`just seed`: calls the seed endpoint, of this process or of a running server, and draws it."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click
import httpx
import msgspec

from app.cli.display import make_console, show_summary
from app.cli.in_process import serving
from app.cli.progress_bars import show_steps
from app.cli.server_connection import UNKNOWN_OUTCOME, CannotCall, Server
from app.cli.streams import run
from app.errors import Reason
from app.seed import constants
from app.seed.database_guard import PRODUCTION
from app.seed.summary import DatabaseState, Event, SeedFailed, SeedFinished, SeedSummary
from app.settings import Environment, InvalidSettings, Settings
from app.web.schemas import wire_name

INTERRUPTED = 128 + 2  # what a shell reports for a command that Ctrl-C ended
TERMINAL = Path("/dev/tty")


@dataclass(frozen=True, slots=True)
class SeedOptions:
    """What the endpoint is asked for; a quantity that is None has the default."""

    reset: str
    wanted: Mapping[str, Any]
    dry_run: bool


class NotSeedbed(Exception):
    """The response is not one of Seedbed's."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.response = response


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--reset",
    type=click.Choice(["delete", "drop"]),
    default="delete",
    show_default=True,
    help="Delete every row, or drop every table and run all migrations.",
)
@click.option("--users", type=int, help=f"Practitioners.  [default: {constants.USERS}]")
@click.option("--organizations", type=int, help=f"Clinics.  [default: {constants.ORGANIZATIONS}]")
@click.option("--patients", type=int, help=f"Patients.  [default: {constants.PATIENTS}]")
@click.option(
    "--plans-per-patient",
    type=int,
    help=f"Treatment plans of each patient, 3 to 5.  [default: {constants.PLANS_PER_PATIENT}]",
)
@click.option(
    "--random-seed",
    type=int,
    help=f"The same number makes the same people.  [default: {constants.RANDOM_SEED}]",
)
@click.option("--as-of", metavar="YYYY-MM-DD", help="The day it plays on.  [default: today in UTC]")
@click.option("--dry-run", is_flag=True, help="Do all of it, report it, and change nothing.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before rows are deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary alone, as JSON.")
@click.option("--url", help="Send it to a running server, as in http://127.0.0.1:8000.")
def main(
    *, reset: str, dry_run: bool, yes: bool, as_json: bool, url: str | None, **quantities: Any
) -> None:
    """Reset the development database and fill it with a coherent, reproducible data set.

    On a terminal it asks before it deletes anything. Whatever fails, the old rows stay. If the
    seed succeeds but its output cannot be written, the exit code is 74; a closed pipe is not an
    error.
    """
    call = SeedOptions(reset, wanted=quantities, dry_run=dry_run)
    try:
        with _serving_here() if url is None else nullcontext(url) as base_url:
            summary = _send(base_url, call, ask=not (yes or dry_run), draw=not as_json)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except (CannotCall, InvalidSettings) as error:
        _fail(str(error))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(summary)))
    else:
        show_summary(make_console(), summary)


def _serving_here() -> AbstractContextManager[str]:
    """Start no server of production: it would mark the database."""
    settings = Settings.from_environment()
    if settings.environment is Environment.PRODUCTION:
        _fail(_listed([PRODUCTION]))
    return serving(settings)


def _send(base_url: str, call: SeedOptions, *, ask: bool, draw: bool) -> SeedSummary:
    """Raise `CannotCall` if there is no server of Seedbed's at this URL."""
    server = Server(base_url)
    with server.connect() as client:
        try:
            if ask and sys.stdin.isatty():
                _ask(client, call.reset)
            events = _events(client, call)
            return _finish(show_steps(make_console(), events) if draw else events)
        except click.Abort:
            _fail("\nNothing was changed.", INTERRUPTED)
        except KeyboardInterrupt:
            _fail("\nStopping: what is not committed yet is rolled back.", INTERRUPTED)
        except NotSeedbed as error:
            raise CannotCall(server.explain_response(error.response)) from None
        except httpx.RequestError as error:
            raise CannotCall(server.explain(error)) from None


def _ask(client: httpx.Client, reset: str) -> None:
    response = client.get("/api/db")
    if not response.is_success:
        _refuse(response)
    try:
        state = msgspec.json.decode(response.content, type=DatabaseState)
    except msgspec.DecodeError:
        raise NotSeedbed(response) from None
    if state.refusals:
        _fail(_listed(state.refusals))
    going = state.rows | (state.other_rows if reset == "drop" else {})
    rows, tables = sum(going.values()), sum(map(bool, going.values()))
    dropped = state.would_drop if reset == "drop" else []
    if rows == 0 and not dropped:
        return
    with _errors_on_terminal():
        err = make_console(stderr=True)
        err.print(f"This deletes [bold]{rows:,} rows[/] of {tables} tables in", end=" ")
        err.print(state.database, style="bold", markup=False, soft_wrap=True)
        if dropped:
            err.print("It also drops, and does not create again:")
            for each in dropped:
                err.print(f"  {each}", markup=False, soft_wrap=True)
        if not click.confirm("Go on?", err=True):
            _fail("Nothing was changed.")


def _errors_on_terminal() -> AbstractContextManager[object]:
    """Ask where the question is seen, also if standard error is a file or closed."""
    if sys.stderr.isatty():
        return nullcontext()
    try:
        terminal = TERMINAL.open("w")
    except OSError:
        _fail(
            "Nothing was changed. There is no terminal to ask on before rows are deleted: give "
            "--yes if you are sure."
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
        if _media_type(response) == "application/x-ndjson":
            yield from _read_lines(response)
        else:
            response.read()
            _refuse(response)


def _read_lines(response: httpx.Response) -> Iterator[Event]:
    try:
        for line in response.iter_lines():
            yield msgspec.json.decode(line, type=Event)
    except msgspec.DecodeError:
        raise NotSeedbed(response) from None
    except httpx.RequestError as error:
        raise CannotCall(_broken_off(str(error))) from None


def _finish(events: Iterator[Event]) -> SeedSummary:
    for event in events:
        match event:
            case SeedFinished(summary=summary):
                return summary
            case SeedFailed(problem=problem):
                _fail_by(problem)
    raise CannotCall(_broken_off("the stream has no end"))


def _broken_off(reason: str) -> str:
    return f"The connection broke off before the seed ended ({reason}). {UNKNOWN_OUTCOME}"


def _refuse(response: httpx.Response) -> NoReturn:
    if _media_type(response) != "application/problem+json":
        raise NotSeedbed(response)
    try:
        _fail_by(msgspec.json.decode(response.content))
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError):
        raise NotSeedbed(response) from None


def _media_type(response: httpx.Response) -> str:
    media_type: str = response.headers.get("Content-Type", "")
    return media_type.partition(";")[0].strip().lower()


def _fail_by(problem: dict[str, Any]) -> NoReturn:
    reasons = msgspec.convert(problem.get("reasons", []), list[Reason])
    _fail(_listed(reasons) if reasons else problem["detail"])


def _listed(reasons: list[Reason]) -> str:
    lines = (f"  {reason.reason}\n    → {reason.remedy}" for reason in reasons)
    return "\n".join(("Refused. Nothing was changed.", *lines))


def _fail(message: str, code: int = 1) -> NoReturn:
    err = make_console(stderr=True)
    err.print(message, style="red", markup=False, soft_wrap=True)
    sys.exit(code)


if __name__ == "__main__":
    run(lambda: main(prog_name="just seed"), "just seed")

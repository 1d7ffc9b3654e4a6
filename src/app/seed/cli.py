"""`just seed`: calls the seed endpoint, of this process or of a running server, and draws it."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import TextIOWrapper
from typing import Any, NoReturn

import click
import httpx
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from app.api_schema import wire_name
from app.errors import Reason
from app.seed import constants
from app.seed.bars import draw_steps, in_words
from app.seed.guard import PRODUCTION
from app.seed.in_process import serving
from app.seed.summary import (
    KINDS,
    DatabaseState,
    Event,
    Failed,
    Finished,
    SeedSummary,
)
from app.settings import Environment, InvalidSettings, Settings

SIGN_INS_SHOWN = 20
CONNECT_SECONDS = 10
INTERRUPTED = 128 + 2  # what a shell reports for a command that Ctrl-C ended
PIPED_WIDTH = 120
out = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, highlight=False)


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

    On a terminal it asks before it deletes anything. Whatever fails, the old rows stay.
    """
    _allow_narrow_encodings()
    parameters = {"reset": reset, "dryRun": str(dry_run).lower()}
    try:
        with _connect(url) as client:
            if sys.stdin.isatty() and not (yes or dry_run):
                _ask(client, reset)
            events = _seed(client, parameters, quantities)
            summary = _finish(events if as_json else draw_steps(out, events))
    except click.Abort:
        err.print("\nNothing was changed.")
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except InvalidSettings as error:
        _fail(str(error))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        _fail(f"{url} is not the URL of a server: write it as http://127.0.0.1:8000.")
    except httpx.ConnectError as error:
        _fail(f"No server answers at {url} ({error}). Start one with `just serve`.")
    except httpx.TransportError as error:
        _fail(f"The connection broke off before the end ({error}): see what stands there now.")
    except msgspec.DecodeError:
        _fail(f"{url} answers, but not as Seedbed does.")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(summary)))
    else:
        _show(summary)


def _allow_narrow_encodings() -> None:
    """A terminal that has no check mark is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def _connect(url: str | None) -> Iterator[httpx.Client]:
    server = _serve_here() if url is None else nullcontext(url)
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)
    with (
        server as base_url,
        httpx.Client(base_url=base_url, timeout=timeout, trust_env=url is not None) as client,
    ):
        try:
            yield client
        except KeyboardInterrupt:
            err.print("\nStopping: what is not committed yet is rolled back.")
            raise


def _serve_here() -> AbstractContextManager[str]:
    """Start no server of production: it would mark the database."""
    settings = Settings.from_environment()
    if settings.environment is Environment.PRODUCTION:
        _fail(_listed([PRODUCTION]))
    return serving(settings)


def _ask(client: httpx.Client, reset: str) -> None:
    response = client.get("/api/db")
    if not response.is_success:
        _refuse(response)
    state = msgspec.json.decode(response.content, type=DatabaseState)
    if state.refusals:
        _fail(_listed(state.refusals))
    going = state.rows | (state.other_rows if reset == "drop" else {})
    rows, tables = sum(going.values()), sum(map(bool, going.values()))
    dropped = state.would_drop if reset == "drop" else []
    if rows == 0 and not dropped:
        return
    err.print(f"This deletes [bold]{rows:,} rows[/] of {tables} tables in", end=" ")
    err.print(state.database, style="bold", markup=False, soft_wrap=True)
    if dropped:
        err.print("It also drops, and does not create again:")
        for each in dropped:
            err.print(f"  {each}", markup=False, soft_wrap=True)
    if not click.confirm("Go on?", err=True):
        err.print("Nothing was changed.")
        sys.exit(1)


def _seed(
    client: httpx.Client, parameters: dict[str, str], quantities: dict[str, Any]
) -> Iterator[Event]:
    given = {wire_name(name): value for name, value in quantities.items() if value is not None}
    headers = {"Accept": "application/x-ndjson"}
    request = client.build_request(
        "POST", "/api/db/seed", params=parameters, json=given, headers=headers
    )
    response = client.send(request, stream=True)
    try:
        if response.headers.get("Content-Type", "").startswith("application/x-ndjson"):
            for line in response.iter_lines():
                yield msgspec.json.decode(line, type=Event)
        else:
            response.read()
            _refuse(response)
    finally:
        response.close()


def _finish(events: Iterator[Event]) -> SeedSummary:
    for event in events:
        match event:
            case Finished(summary=summary):
                return summary
            case Failed(problem=problem):
                _fail_by(problem)
    raise httpx.RemoteProtocolError("the stream has no end")


def _show(summary: SeedSummary) -> None:
    counts = Table(title="Created", title_justify="left", box=box.SIMPLE_HEAD)
    counts.add_column("kind")
    counts.add_column("rows", justify="right")
    for kind in KINDS:
        counts.add_row(in_words(wire_name(kind)), f"{getattr(summary.created, kind).count:,}")
    people = Table(
        title=f"Sign in with the password {summary.sign_in.password}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    people.add_column("e-mail", no_wrap=True)
    for column in ("name", "role", "organization"):
        people.add_column(column)
    users = summary.sign_in.users
    for user in users[:SIGN_INS_SHOWN]:
        people.add_row(user.email, user.name, user.role, user.organization)
    out.print()
    for each in summary.dropped:
        out.print(f"Dropped as well: {each}", markup=False, soft_wrap=True)
    out.print(counts)
    out.print(people)
    if summary.created.users.count > SIGN_INS_SHOWN:
        out.print(f"… and {summary.created.users.count - SIGN_INS_SHOWN:,} more: --json lists them")
    if summary.sign_in.hash_is_shared:
        out.print(f"More than {constants.MAX_HASHES} users share one hash of the password.")
    done = "Done" if summary.committed else "Dry run, nothing was changed"
    out.print(
        f"{done}: {len(summary.checks)} rules checked on {summary.created_rows:,} rows, "
        f"{summary.duration_ms.total:,.0f} ms.",
    )
    out.print(f"randomSeed {summary.random_seed}, asOf {summary.as_of}, fingerprint", end=" ")
    out.print(summary.fingerprint[:16])
    out.print(summary.database, markup=False, soft_wrap=True)


def _refuse(response: httpx.Response) -> NoReturn:
    if response.headers.get("Content-Type") == "application/problem+json":
        _fail_by(response.json())
    _fail(f"{response.url} answers {response.status_code}, but not as Seedbed does.")


def _fail_by(problem: dict[str, Any]) -> NoReturn:
    reasons = msgspec.convert(problem.get("reasons", []), list[Reason])
    _fail(_listed(reasons) if reasons else problem["detail"])


def _listed(reasons: list[Reason]) -> str:
    lines = (f"  {reason.reason}\n    → {reason.remedy}" for reason in reasons)
    return "\n".join(("This database is not reset, and nothing was changed:", *lines))


def _fail(message: str) -> NoReturn:
    err.print(message, style="red", markup=False, soft_wrap=True)
    sys.exit(1)


if __name__ == "__main__":
    main(prog_name="just seed")

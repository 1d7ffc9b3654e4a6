"""The result of a seed, printed to a terminal or a pipe of any width."""

from msgspec import UNSET
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

from app.cli.progress_bars import in_words
from app.seed import constants
from app.seed.summary import SeededUser, SeedSummary

SIGN_INS_SHOWN = 20
WIDEST = 999
PEOPLE = ("email", "name", "role", "clinic")


def show_summary(out: Console, summary: SeedSummary) -> None:
    out.print()
    for each in summary.dropped:
        out.print(f"Also dropped: {each}", markup=False, soft_wrap=True)
    out.print(_counts(summary))
    _show_people(out, summary)
    if summary.scenarios:
        _show_scenarios(out, summary)
    if summary.sign_in.hash_is_shared:
        out.print(f"More than {constants.MAX_HASHES} users share one hash of the password.")
    done = "Done" if summary.committed else "Dry run, nothing was changed"
    out.print(
        f"{done}: {summary.checked_rules} rules checked on {summary.created_rows:,} rows, "
        f"{summary.duration_ms.total:,.0f} ms.",
    )
    out.print(
        f"randomSeed {summary.random_seed}, asOf {summary.as_of}, "
        f"fingerprint {summary.fingerprint[:16]}"
    )
    out.print(summary.database, markup=False, soft_wrap=True)


def _counts(summary: SeedSummary) -> Table:
    counts = Table(title="Created", title_justify="left", box=box.SIMPLE_HEAD)
    counts.add_column("kind", overflow="fold")
    counts.add_column("rows", justify="right")
    for kind, created in summary.created.by_kind().items():
        counts.add_row(in_words(kind), f"{created.count:,}")
    return counts


def _show_people(out: Console, summary: SeedSummary) -> None:
    """Show who can sign in to the ordinary clinics."""
    title = f"Sign in with the password {summary.sign_in.password}"
    ordinary = [user for user in summary.sign_in.users if user.scenario is UNSET]
    _show_users(out, title, ordinary[:SIGN_INS_SHOWN])
    if (more := summary.created.by_kind()["users"].count - SIGN_INS_SHOWN) > 0:
        out.print(f"… and {more:,} more: --json lists them")


def _show_scenarios(out: Console, summary: SeedSummary) -> None:
    for each in summary.scenarios:
        title = f"Scenario {each.name}"
        _show_users(out, title, [u for u in summary.sign_in.users if u.scenario == each.name])


def _show_users(out: Console, title: str, users: list[SeededUser]) -> None:
    """Show users as a table, or as a list if the table is too wide."""
    table = _table(title, users)
    if Measurement.get(out, out.options.update(width=WIDEST), table).maximum <= out.width:
        out.print(table)
    else:
        out.print(title, style="italic")
        out.print()
        for user in users:
            out.print(Padding(user.email, (0, 0, 0, 1)), overflow="fold")
            for line in (f"{user.name}, {user.role}", user.organization):
                out.print(Padding(line, (0, 0, 0, 3)), overflow="fold")
        out.print()


def _table(title: str, users: list[SeededUser]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in PEOPLE:
        table.add_column(name)
    for user in users:
        table.add_row(user.email, user.name, user.role, user.organization)
    return table

"""The result of a seed, printed to a terminal or a pipe of any width."""

from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

from app.cli.progress_bars import in_words
from app.seed import constants

SIGN_INS_SHOWN = 20
WIDEST = 999
PEOPLE = ("email", "name", "role", "clinic")


def show_summary(out: Console, summary: Any) -> None:
    out.print()
    for each in summary["dropped"]:
        out.print(f"Also dropped: {each}", markup=False, soft_wrap=True)
    out.print(_counts(summary))
    _show_people(out, summary)
    if summary["scenarios"]:
        _show_scenarios(out, summary)
    if summary["signIn"]["hashIsShared"]:
        out.print(f"More than {constants.MAX_HASHES} users share one hash of the password.")
    done = "Done" if summary["committed"] else "Dry run, nothing was changed"
    scenarios = summary["scenarios"]
    rules = sum(len(each["checks"]) for each in (summary, *scenarios))
    rows = sum(kind["count"] for kind in summary["created"].values())
    rows += sum(sum(each["created"].values()) for each in scenarios)
    taken = summary["durationMs"]["total"]
    out.print(f"{done}: {rules} rules checked on {rows:,} rows, {taken:,.0f} ms.")
    out.print(
        f"randomSeed {summary['randomSeed']}, asOf {summary['asOf']}, "
        f"fingerprint {summary['fingerprint'][:16]}"
    )
    out.print(summary["database"], markup=False, soft_wrap=True)


def _counts(summary: Any) -> Table:
    counts = Table(title="Created", title_justify="left", box=box.SIMPLE_HEAD)
    counts.add_column("kind", overflow="fold")
    counts.add_column("rows", justify="right")
    for kind, created in summary["created"].items():
        counts.add_row(in_words(kind), f"{created['count']:,}")
    return counts


def _show_people(out: Console, summary: Any) -> None:
    """Show who can sign in to the ordinary clinics."""
    title = f"Sign in with the password {summary['signIn']['password']}"
    ordinary = [user for user in summary["signIn"]["users"] if "scenario" not in user]
    _show_users(out, title, ordinary[:SIGN_INS_SHOWN])
    if (more := summary["created"]["users"]["count"] - SIGN_INS_SHOWN) > 0:
        out.print(f"… and {more:,} more: --json lists them")


def _show_scenarios(out: Console, summary: Any) -> None:
    users = summary["signIn"]["users"]
    for each in summary["scenarios"]:
        name = each["name"]
        _show_users(out, f"Scenario {name}", [u for u in users if u.get("scenario") == name])


def _show_users(out: Console, title: str, users: list[Any]) -> None:
    """Show users as a table, or as a list if the table is too wide."""
    table = _table(title, users)
    if Measurement.get(out, out.options.update(width=WIDEST), table).maximum <= out.width:
        out.print(table)
    else:
        out.print(title, style="italic")
        out.print()
        for user in users:
            out.print(Padding(user["email"], (0, 0, 0, 1)), overflow="fold")
            for line in (f"{user['name']}, {user['role']}", user["organization"]):
                out.print(Padding(line, (0, 0, 0, 3)), overflow="fold")
        out.print()


def _table(title: str, users: list[Any]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for name in PEOPLE:
        table.add_column(name)
    for user in users:
        table.add_row(user["email"], user["name"], user["role"], user["organization"])
    return table

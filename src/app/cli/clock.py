"""`just clock`: show or set the time of the server."""

from datetime import UTC, datetime
from typing import Any

import click

from app.cli.api_calls import call
from app.cli.options import command, print_json, server_url
from app.cli.streams import run
from app.cli.terminal import BAD_VALUE, make_console, refuse

PATH = "/api/db/clock"


@command()
@click.argument("instant", required=False)
@click.option("--running", is_flag=True, help="Let the time run from INSTANT on.")
@click.option("--off", is_flag=True, help="Return to the machine's time.")
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
@server_url
def main(instant: str | None, running: bool, off: bool, as_json: bool, url: str | None) -> None:
    """Show the time of the server, or freeze it at INSTANT.

    INSTANT is an ISO 8601 time, in UTC if it has no offset. The clock is stored in the database,
    and all of its servers use it. The next seed turns it off.

    \b
    Examples:
      uv run just clock
      uv run just clock 2026-11-23T09:00
      uv run just clock 2026-11-23T20:00+11:00 --running
      uv run just clock --off
    """
    if off and (instant or running):
        refuse("--off cannot be combined with INSTANT or --running.", BAD_VALUE)
    if running and not instant:
        refuse("--running needs an INSTANT.", BAD_VALUE)
    if off:
        call(url, "DELETE", PATH)
    if instant:
        body = {"now": _with_offset(instant), "isFrozen": not running}
        state = call(url, "PUT", PATH, body=body)
    else:
        state = call(url, "GET", PATH)
    if as_json:
        print_json(state)
    else:
        make_console().print(_described(state), markup=False, highlight=False, soft_wrap=True)


def _with_offset(text: str) -> str:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f'INSTANT is "{text}"; it must be a time such as 2026-11-23T09:00.'
        refuse(message, BAD_VALUE)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).isoformat()


def _described(state: dict[str, Any]) -> str:
    if state["isFrozen"]:
        return f"{state['now']}, frozen"
    if state["offsetSeconds"]:
        return f"{state['now']}, running, {state['offsetSeconds']:+,.0f} s from the machine's time"
    return f"{state['now']}, the machine's time"


if __name__ == "__main__":
    run(main, "just clock")

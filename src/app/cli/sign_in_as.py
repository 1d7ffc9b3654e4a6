"""`just sign-in-as`: create sessions of users without their passwords."""

import click

from app.cli.api_calls import call
from app.cli.options import command, print_json, server_url
from app.cli.streams import run
from app.cli.terminal import make_console


@command()
@click.argument("users", nargs=-1, metavar="[USER]...")
@click.option("--json", "as_json", is_flag=True, help="Print only the sessions, as JSON.")
@server_url
def main(users: tuple[str, ...], as_json: bool, url: str | None) -> None:
    """Create a session for each USER, and print it as a cookie.

    USER is an email address or an id. Without one, create sessions for the first ten users of the
    data set. The value of the cookie is also a bearer token.

    \b
    Examples:
      uv run just sign-in-as
      uv run just sign-in-as edward.papadopoulos@example.com
      uv run just sign-in-as --json | jq '.[0].storageState' > state.json
    """
    body = {"users": users} if users else {}
    sessions = call(url, "POST", "/api/db/sessions", body=body)
    if as_json:
        print_json(sessions)
        return
    console = make_console()
    for session in sessions:
        clinic = f", {session['role']} of {session['organization']}" if session["role"] else ""
        cookie = "{name}={value}".format(**session["cookie"])
        for line in (f"{session['email']}{clinic}", f"  {cookie}"):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    run(main, "just sign-in-as")

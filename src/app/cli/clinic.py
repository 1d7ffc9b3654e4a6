"""`just clinic`: add a clinic with people who are signed in, or remove one."""

from typing import Any

import click

from app.cli.api_calls import call
from app.cli.options import DateInRange, command, number, print_json, server_url
from app.cli.streams import run
from app.cli.terminal import BAD_VALUE, make_console, refuse
from app.names import DEFAULT_SCENARIO, wire_name
from app.seed import constants

PATH = "/api/db/clinics"


@command()
@click.option(
    "--scenario", metavar="NAME", help=f"What is in the clinic.  [default: {DEFAULT_SCENARIO}]"
)
@number(
    "--practitioners",
    1,
    constants.MAX_HASHES,
    "People of the clinic, one of them its owner.",
    constants.CLINIC_PRACTITIONERS,
)
@number(
    "--patients",
    0,
    constants.MAX_CLINIC_PATIENTS,
    "Patients of the clinic.",
    constants.CLINIC_PATIENTS,
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
    help='The clinic\'s "today".  [default: today in UTC]',
)
@click.option("--name", help="The name of the clinic.  [default: a usual one]")
@click.option("--remove", type=click.UUID, metavar="ID", help="Remove the clinic with this id.")
@click.option("--json", "as_json", is_flag=True, help="Print only the clinic, as JSON.")
@server_url
def main(remove: object, as_json: bool, url: str | None, **options: Any) -> None:
    """Add a clinic to the existing data, and print how to sign in as its people.

    Other clinics do not change. --remove deletes a clinic with its data and its people; those who
    are or were members of another clinic stay.

    \b
    Examples:
      uv run just clinic
      uv run just clinic --practitioners 5 --patients 20 --name "Worker 3"
      uv run just clinic --json | jq '.users[0].storageState' > state.json
      uv run just clinic --remove 00000000-0000-0000-0000-000000000000
    """
    body = {wire_name(name): value for name, value in options.items() if value is not None}
    if remove:
        if body or as_json:
            refuse("--remove can only be combined with --url.", BAD_VALUE)
        call(url, "DELETE", f"{PATH}/{remove}")
        _print(f"Removed {remove}.")
        return
    clinic = call(url, "POST", PATH, body=body)
    if as_json:
        print_json(clinic)
        return
    for each in (clinic, *clinic["otherClinics"]):
        _print_clinic(each)
    _print(f"Sign in with {clinic['password']}, or send a cookie.")


def _print_clinic(clinic: dict[str, Any]) -> None:
    organization = clinic["organization"]
    _print(f"{organization['name']}, {organization['id']}")
    for user in clinic["users"]:
        _print(f"{user['email']}, {user['role']}")
        _print("  {name}={value}".format(**user["cookie"]))


def _print(line: str) -> None:
    make_console().print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    run(main, "just clinic")

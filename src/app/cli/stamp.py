"""`just stamp`: show the mark of the database, or mark it."""

import click

from app.cli.options import command
from app.cli.streams import run
from app.cli.terminal import BAD_VALUE, refuse


@command()
@click.argument("name", required=False)
@click.option(
    "--copy-of",
    metavar="NAME",
    help="The name of the production database, if you copied this database from it.",
)
def main(name: str | None, copy_of: str | None) -> None:
    """Show the mark of the database, or mark it for the environment in APP_ENV.

    Without NAME, print the mark of the database in DATABASE_URL and change nothing.

    NAME is the name that Seedbed uses for the database, such as localhost/clinic or
    /folder/file.db. It must be right, so that you do not mark another database by mistake.

    `just seed` can delete all rows of a database that is marked for development or test. Only mark
    a database whose data you can lose.

    A copy of production has the mark of production. Seedbed cannot know that it is a copy, because
    production itself looks the same after a restore or through a tunnel. If you made the copy
    yourself and no production server uses it, mark it with --copy-of and the name in its mark.

    \b
    Examples:
      uv run just stamp
      uv run just stamp localhost/clinic
      uv run just stamp localhost/clinic_copy --copy-of db.example/clinic
    """
    if copy_of is not None and name is None:
        raise click.UsageError(
            f'--copy-of is "{copy_of}", but NAME is missing; it must be the name of the copy.'
        )
    # Not for `--help`.
    from app.cli.marking import CannotStamp, WrongValue, stamp  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    try:
        click.echo(stamp(Settings.from_environment(), name, copy_of))
    except WrongValue as error:
        refuse(str(error), BAD_VALUE)
    except CannotStamp as error:
        refuse(str(error))


if __name__ == "__main__":
    run(main, "just stamp")

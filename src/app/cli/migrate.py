"""`just migrate`: run the migrations, and show which one the database has."""

from app.cli.options import command
from app.cli.streams import run


@command()
def main() -> None:
    """Run the pending migrations and keep the rows.

    Migrates the database in DATABASE_URL to the newest migration, and prints it. An empty database
    gets all tables, and is marked for the environment in APP_ENV.

    \b
    Example:
      uv run just migrate
    """
    # Not for `--help`.
    from alembic.config import main as alembic  # noqa: PLC0415

    from app.settings import Settings  # noqa: PLC0415

    Settings.from_environment()
    alembic(["upgrade", "head"])
    alembic(["current", "--verbose"])


if __name__ == "__main__":
    run(main, "just migrate")

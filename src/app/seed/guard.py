"""Who may seed: only an environment that says it is for development or tests."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.errors import SeedingNotAllowed
from app.settings import Environment


def seeding_is_allowed(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Raise `SeedingNotAllowed` before the database is opened."""
    environment = connection.app.state.settings.environment
    if environment is Environment.PRODUCTION:
        raise SeedingNotAllowed(
            "Seeding deletes everything, so it is refused in production, which is also what an "
            "unset or unknown APP_ENV means. Nothing was changed. If this database is for "
            "development, start the application with APP_ENV=development, as `just` does."
        )

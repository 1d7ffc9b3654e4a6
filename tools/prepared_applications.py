"""Applications with registered routes, for forks to take: creating one takes longer than a seed."""

from dataclasses import replace
from unittest import mock

from litestar import Litestar

from app import main
from app.settings import Environment, Settings, parse_database_url

ANY_DATABASE = parse_database_url("sqlite:///unused.db")


def kind(settings: Settings) -> Settings:
    """Return the settings without those that only the state of an application holds."""
    return replace(settings, database_url=ANY_DATABASE, rate_limit_storage=None)


_create_app = main.create_app
_prepared = {
    settings: _create_app(settings)
    for settings in (
        Settings(Environment.TEST, ANY_DATABASE),
        Settings(Environment.DEVELOPMENT, ANY_DATABASE),
    )
}


def create_app(settings: Settings) -> Litestar:
    """Return an application with its own state, which this process may take once."""
    app = _prepared.pop(kind(settings), None)
    if app is None:
        return _create_app(settings)
    app.state = main.create_state(settings)
    return app


def use() -> None:
    """Let this process use the prepared applications."""
    mock.patch.object(main, "create_app", create_app).start()

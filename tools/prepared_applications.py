"""Applications with registered routes, for forks to take: creating one takes longer than a seed."""

from unittest import mock

from litestar import Litestar
from sqlalchemy.orm import configure_mappers

from app import main
from app.assembly import create_state
from app.settings import Settings
from app_kinds import KINDS, kind

configure_mappers()  # otherwise the first query of each fork does it
_create_app = main.create_app
_prepared = {settings: _create_app(settings) for settings in KINDS}


def create_app(settings: Settings) -> Litestar:
    """Return an application with its own state, which this process may take once."""
    app = _prepared.pop(kind(settings), None)
    if app is None:
        return _create_app(settings)
    app.state = create_state(settings)
    return app


def use() -> None:
    """Let this process use the prepared applications."""
    mock.patch.object(main, "create_app", create_app).start()

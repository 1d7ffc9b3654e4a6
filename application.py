"""The application that Litestar's commands find in a checkout: `uv run litestar run`.

As with `just`, it runs in development unless APP_ENV says otherwise. A deployment names
`app.main:application`, which runs in production unless APP_ENV says otherwise.
"""

import os
from functools import partial
from pathlib import Path

import litestar
import uvicorn
from litestar import Litestar

from app import main
from app.cli.serve import STOP_SECONDS
from app.console.on_demand import add_console
from app.settings import Environment
from app.variables import DISABLED, ENV_FILE, WITHOUT_APP_ENV, reads_env_file

# uvicorn reads it for its own command, and so for `litestar run --reload`.
STOP_LIMIT = "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN"
# Litestar's commands have read the first of these files that exists.
READ_BY_LITESTAR = [folder / ENV_FILE for folder in Path(litestar.__file__).parents]


def application() -> Litestar:
    """Create the application; refuse to start if Litestar has read another `.env` than ours."""
    read = next((file for file in READ_BY_LITESTAR if file.is_file()), ENV_FILE)
    if reads_env_file() and read.resolve() != ENV_FILE.resolve():
        raise SystemExit(
            f"Refused. Litestar has read {read}, and Seedbed only reads the .env of the current "
            f"folder. Set {DISABLED}=1, or move that file."
        )
    os.environ.setdefault(WITHOUT_APP_ENV, "development")
    limit_stop()
    app = main.application()
    if app.state.settings.environment is not Environment.PRODUCTION:
        add_console(app)  # for `litestar routes`
    return app


def limit_stop() -> None:
    """Limit how long a stopped server waits for its requests: `litestar run` has no option."""
    seconds = os.environ.setdefault(STOP_LIMIT, str(STOP_SECONDS))
    if not seconds.isdecimal():
        raise SystemExit(f'Refused. {STOP_LIMIT} is "{seconds}"; it must be a number of seconds.')
    uvicorn.run = partial(uvicorn.run, timeout_graceful_shutdown=int(seconds))

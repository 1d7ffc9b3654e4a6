"""The application that Litestar's commands find in a checkout: `uv run litestar run`.

As with `just`, it runs in development unless APP_ENV says otherwise. A deployment names
`app.main:application`, which runs in production unless APP_ENV says otherwise.
"""

import os
from pathlib import Path

import litestar
from litestar import Litestar

from app import main
from app.variables import DISABLED, ENV_FILE, WITHOUT_APP_ENV, reads_env_file

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
    return main.application()

"""The environment variables, and those of the file `.env` in the current folder."""

import io
import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

ENV_FILE = Path(".env")
# The environment if neither the environment variables nor the file have APP_ENV. `just` sets it.
WITHOUT_APP_ENV = "DEFAULT_APP_ENV"
# The variable with which python-dotenv, and so Litestar's commands, read no file.
DISABLED = "PYTHON_DOTENV_DISABLED"
YES = frozenset({"1", "true", "t", "yes", "y"})


class InvalidSettings(Exception):
    """The message names the variable and its value, and says what to write instead."""


def read_variables() -> Mapping[str, str]:
    """Return the environment variables, and those of the file that the environment lacks.

    Raise `InvalidSettings` if the file cannot be read. Files in other folders are never read: they
    could name a database that the user does not think of.
    """
    found = {**read_env_file(), **os.environ}
    if WITHOUT_APP_ENV in found:
        found.setdefault("APP_ENV", found[WITHOUT_APP_ENV])
    return found


def reads_env_file() -> bool:
    return os.environ.get(DISABLED, "").casefold() not in YES


def read_env_file() -> Mapping[str, str]:
    if not reads_env_file():
        return {}
    text = _read_text()
    for line in parse_stream(io.StringIO(text)):
        if line.error or (line.key and line.value is None):
            number = line.original.line + _blank_lines(line.original.string)
            raise InvalidSettings(
                f"Line {number} of .env is not NAME=value. Correct it, or begin it with # to "
                "make it a comment. Put quotes around a value with several lines."
            )
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def _read_text() -> str:
    """Return the text of the file, or nothing if there is none; a folder may be a virtualenv."""
    if not ENV_FILE.exists() or ENV_FILE.is_dir():
        return ""
    try:
        return ENV_FILE.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidSettings("The file .env is not UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise InvalidSettings(
            f"The file .env cannot be read ({error.strerror}). Let this user read it, or set the "
            "variables in the environment and delete it."
        ) from None


def _blank_lines(text: str) -> int:
    """Return how many blank lines the parser counts to the line after them."""
    return text[: len(text) - len(text.lstrip())].count("\n")

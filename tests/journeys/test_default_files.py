"""The recipes in a fresh checkout, without a DATABASE_URL."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from journeys.commands import PROJECT, environment, find_just
from other_user import public_folder, run_as_other_user

SEED = ("seed", "--users", "1", "--organizations", "1", "--patients", "0")
COPIED = ("alembic", "src", "tools")
COMMANDS = {
    "seed": "app.cli.streams.run(app.cli.seed.main, 'just seed')",
    "serve": "app.main.application()",
}
IMPORTS = """
import alembic.config, aiosqlite, app.main, app.cli.seed, sqlalchemy.dialects.sqlite.aiosqlite
import logging.config, encodings.idna, alembic.ddl.sqlite, anyio._backends._asyncio, uvicorn
"""


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """Copy what the recipes run into a folder that every user can enter."""
    with public_folder() as folder:
        for name in COPIED:
            shutil.copytree(
                PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for name in ("pyproject.toml", "justfile"):
            shutil.copy(PROJECT / name, folder)
        yield folder


@pytest.fixture
def checkout(copy: Path) -> Iterator[Path]:
    """Have the copy without a `var`."""
    yield copy
    var = copy / "var"
    shutil.rmtree(var) if var.is_dir() else var.unlink(missing_ok=True)


def variables(checkout: Path) -> dict[str, str]:
    given = environment(
        "", UV_PROJECT=str(PROJECT), APP_ENV="development", PYTHONPATH=f"{checkout}/src"
    )
    del given["PYTHONPYCACHEPREFIX"]  # another user cannot read what is compiled there
    return given


def just(
    checkout: Path, *recipe: str, umask: int = 0o022, given: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [find_just(), *recipe],
        cwd=checkout,
        env=given or variables(checkout),
        umask=umask,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(path.stat().st_mode & 0o7777) for path in folder.iterdir()}


def test_files_are_private(checkout: Path) -> None:
    """The folder is its owner's alone, and so is each file."""
    done = just(checkout, *SEED, umask=0)
    assert done.returncode == 0, done.stderr
    assert modes(checkout)["var"] == "0o700"
    files = {"seed-hashes", "seedbed.db", "seedbed.db.seed.lock"}
    assert modes(checkout / "var") == dict.fromkeys(files, "0o600")


@pytest.mark.parametrize("recipe", ["seed", "postgres"])
def test_file_called_var_is_reported_in_one_line(checkout: Path, recipe: str) -> None:
    """With the cause and no traceback; the file stays."""
    (checkout / "var").write_text("not a folder")
    done = just(checkout, recipe)
    [line] = [line for line in done.stderr.splitlines() if not line.startswith("error: recipe")]
    assert done.returncode == (1 if recipe == "postgres" else 2)
    assert f"{checkout}/var" in line
    assert "Not a directory" in line
    assert (checkout / "var").read_text() == "not a folder"


def run_as_stranger(checkout: Path, command: str, exit_code: int = 1) -> str:
    """Run a command in the checkout as a user who cannot write to it; return its one line."""
    code = f"os.chdir({str(checkout)!r})\n{COMMANDS[command]}"
    done = run_as_other_user(code, imports=IMPORTS, variables=variables(checkout))
    assert (done.returncode, done.stdout) == (exit_code, "")
    [line] = done.stderr.splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_checkout_that_cannot_be_written_is_reported_in_one_line(
    checkout: Path, command: str
) -> None:
    """The message names the setting that helps."""
    line = run_as_stranger(checkout, command, exit_code=2 if command == "seed" else 1)
    assert f"{checkout}/var/seedbed.db (Permission denied). Set DATABASE_URL to" in line


def test_database_of_another_user_is_reported_in_one_line(checkout: Path) -> None:
    """Its folder may be open to others, the file is not."""
    (checkout / "var").mkdir(mode=0o755)
    (checkout / "var" / "seedbed.db").touch(0o600)
    assert "this user may read and write" in run_as_stranger(checkout, "seed")


def test_an_env_file_is_read(checkout: Path) -> None:
    """With APP_ENV=production in it, `just seed` is refused; the environment wins over the file."""
    given = variables(checkout)
    for name in ("APP_ENV", "DATABASE_URL", "PYTHON_DOTENV_DISABLED"):
        del given[name]
    file = checkout / ".env"
    file.write_text(f"APP_ENV=production\nDATABASE_URL=sqlite:///{checkout}/named.db\n")
    try:
        done = just(checkout, *SEED, given=given)
        assert (done.returncode, done.stdout) == (1, "")
        assert 'Refused. Nothing was changed.\n  APP_ENV is "production"' in done.stderr
        assert not (checkout / "named.db").exists()
        done = just(checkout, *SEED, given=given | {"APP_ENV": "development"})
        assert done.returncode == 0, done.stderr
        assert (checkout / "named.db").exists()
        file.write_text("APP_ENV production\n")
        done = just(checkout, *SEED, given=given)
        assert done.returncode == 2
        assert done.stderr.startswith("Refused. Nothing was changed. Line 1 of .env is not NAME=")
    finally:
        file.unlink()
        for each in checkout.glob("named.db*"):
            each.unlink()

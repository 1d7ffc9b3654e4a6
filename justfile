# `uv run just …` works everywhere; a `just` of your own works as well.
uv := env("UV", "uv") + " run"

# Options reach the commands as they were written, spaces and quotes included.
set positional-arguments

# Whatever is not said to be production is for development here.
export APP_ENV := env("APP_ENV", "development")

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Reset the development database and fill it: see `just seed --help`
[no-exit-message]
seed *options:
    @{{ uv }} python -m app.cli.seed "$@"

# Start the development server on loopback: http://127.0.0.1:8000 (`--port N`)
[no-exit-message]
serve *options:
    @exec {{ uv }} uvicorn --factory app.main:application --host 127.0.0.1 "$@"

# Start a real PostgreSQL from a Python package and print its URL
[no-exit-message]
postgres:
    @exec {{ uv }} python tools/postgres_server.py

# Bring the database to the newest migration, keeping its rows
migrate:
    @{{ uv }} python -m app.cli.streams alembic upgrade head
    @{{ uv }} python -m app.cli.streams alembic current --verbose

# Show how the database is marked, or mark a copy as its own: see `just stamp --help`
[no-exit-message]
stamp *name:
    @{{ uv }} python -m app.cli.stamp "$@"

# Check style and types, then run all tests, several files at a time; options go to pytest
test *options: check
    @{{ uv }} pytest --numprocesses auto --dist loadfile --no-loadscope-reorder "$@"

# Run the tests that need neither PostgreSQL nor other processes; options go to pytest
quick *options:
    @{{ uv }} pytest --numprocesses auto --dist loadfile -m "not slow" "$@"

# Check style and types
check:
    @{{ uv }} ruff check
    @{{ uv }} ruff format --check
    @{{ uv }} mypy

# Put the code into the project's format
format:
    @{{ uv }} ruff check --fix
    @{{ uv }} ruff format

# Compare a small and a large seed with the least that they can take: see `just bench --help`
[no-exit-message]
bench *options:
    @{{ uv }} env PYTHONPATH=tools python benchmarks/volume.py "$@"

# Kill servers in the middle of a reseed, hundreds of times: see `just torture --help`
[no-exit-message]
torture *options:
    @{{ uv }} env PYTHONPATH=tools:tests python tools/torture.py "$@"

# Call the whole API with thousands of cases, and check each answer: see `just fuzz --help`
[no-exit-message]
fuzz *options:
    @{{ uv }} env PYTHONPATH=tools python tools/fuzz.py "$@"

# Compare how long a wrong password and an unknown address take to be refused
bench-sign-in:
    @{{ uv }} env PYTHONPATH=tools python benchmarks/sign_in_timing.py

# Look for known vulnerabilities in the locked dependencies
[no-exit-message]
audit:
    @{{ uv }} python tools/audit.py

# Fetch the libraries of the console's pages as they are locked, or `--newest`
[no-exit-message]
vendor *options:
    @{{ uv }} python tools/vendor.py "$@"

# Take the pictures of the console anew that the README shows
[no-exit-message]
screenshots:
    @{{ uv }} env PYTHONPATH=tools python tools/screenshots.py

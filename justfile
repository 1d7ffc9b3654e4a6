# `uv run just …` works everywhere. An installed `just` needs version 1.54 or newer.
uv := quote(env("UV", "uv")) + " run"

# Options reach the commands as they were written, spaces and quotes included.
set positional-arguments
# The commands print their own errors.
set no-exit-message

# Commands run in development unless APP_ENV, in the environment or in .env, says otherwise.
export DEFAULT_APP_ENV := "development"

heading := "Run `uv run just COMMAND --help` for options and examples.\n"

[private]
default:
    @{{ quote(just_executable()) }} --list --unsorted --list-heading {{ quote(heading) }}

# Reset the development database and fill it with a data set
seed *options:
    @exec {{ uv }} python -m app.cli.seed "$@"

# Name the current state of the database
snapshot *options:
    @exec {{ uv }} python -m app.cli.snapshot "$@"

# Undo all changes since a snapshot, by default since the last seed
restore *options:
    @exec {{ uv }} python -m app.cli.restore "$@"

# List the rows that changed since a snapshot, by default since the last seed
changes *options:
    @exec {{ uv }} python -m app.cli.changes "$@"

# Create sessions of users without their passwords, and print their tokens
sign-in-as *options:
    @exec {{ uv }} python -m app.cli.sign_in_as "$@"

# Add a clinic with people who are signed in, for a test, or remove one
clinic *options:
    @exec {{ uv }} python -m app.cli.clinic "$@"

# Show or set the time of the server, for tests
clock *options:
    @exec {{ uv }} python -m app.cli.clock "$@"

# Offer tools to coding agents by the Model Context Protocol
mcp *options:
    @exec {{ uv }} python -m app.cli.mcp "$@"

# Write a TypeScript client of the API
client *options:
    @exec {{ uv }} python tools/typescript_client.py "$@"

# Start the server at http://127.0.0.1:8000
[continue]
serve *options:
    @exec {{ uv }} python -m app.cli.serve "$@"

# Start a PostgreSQL server without installing one, and print its URL
[continue]
postgres *options:
    @exec {{ uv }} python tools/postgres.py "$@"

# Run the pending migrations and keep the rows
migrate *options:
    @exec {{ uv }} python -m app.cli.migrate "$@"

# Show the mark of the database, or mark it
stamp *options:
    @exec {{ uv }} python -m app.cli.stamp "$@"

# Check style and types, then run all tests; options are passed to pytest
test *options:
    @exec {{ uv }} python tools/checks.py test "$@"

# Run the tests that need neither PostgreSQL nor other processes; options are passed to pytest
quick *options:
    @exec {{ uv }} python tools/checks.py quick "$@"

# Check style and types
check *options:
    @exec {{ uv }} python tools/checks.py check "$@"

# Format the code
format *options:
    @exec {{ uv }} python tools/checks.py format "$@"

# Measure seeds, reads and the start of commands, or with --restore snapshots and restores
bench *options:
    @exec {{ uv }} env PYTHONPATH=tools python benchmarks/bench.py "$@"

# Measure seeds and reads of many clinics, also beside another checkout
bench-scale *options:
    @exec {{ uv }} env PYTHONPATH=tools python benchmarks/scale.py "$@"

# Add, use and remove clinics in eight processes at the same time, and compare all other rows
bench-clinics *options:
    @exec {{ uv }} env PYTHONPATH=tools:tests python tools/bench_clinics.py "$@"

# Kill servers during a seed or a restore, hundreds of times, and check the data
torture *options:
    @exec {{ uv }} env PYTHONPATH=tools:tests python tools/torture.py "$@"

# Call the API with thousands of generated requests, and check each response
fuzz *options:
    @exec {{ uv }} env PYTHONPATH=tools python tools/fuzz.py "$@"

# Compare the time of a wrong password with that of an unknown email address
bench-sign-in *options:
    @exec {{ uv }} env PYTHONPATH=tools python benchmarks/sign_in_timing.py "$@"

# Check the locked dependencies for known vulnerabilities
audit *options:
    @exec {{ uv }} python tools/audit.py "$@"

# Download the console's JavaScript libraries in their locked versions
vendor *options:
    @exec {{ uv }} python tools/vendor.py "$@"

# Update the pictures of the console in the documentation
screenshots *options:
    @exec {{ uv }} env PYTHONPATH=tools python tools/screenshots.py "$@"

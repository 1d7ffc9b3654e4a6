"""What the errors of both databases mean, by their codes; drivers' texts name hosts and values."""

import re

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

LOCK_NOT_AVAILABLE = "55P03"

DISK_FULL = "the disk is full: free some space"
# Extended codes of SQLite begin with their basic code. https://www.sqlite.org/rescode.html
SQLITE_CAUSES = {
    "SQLITE_BUSY": "another program holds the lock of the file: wait until it is done, or end it",
    "SQLITE_LOCKED": "another connection holds a lock of the file: wait until it is done",
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_IOERR_SHMSIZE": DISK_FULL,  # the -shm beside the file, which readers need as well
    "SQLITE_READONLY": "the file, its folder, or the -wal or -shm beside it is read-only: make all "
    "of them writable",
    "SQLITE_CANTOPEN": "the file cannot be opened or made: see that this user may read and write "
    "it and its folder, and that there is room",
    "SQLITE_NOTADB": "the file is not a SQLite database: have DATABASE_URL name another",
    "SQLITE_CORRUPT": "the file is damaged: restore a copy, or have DATABASE_URL name another",
    "SQLITE_IOERR": "the disk cannot be read or written, or is full: see to it",
    "SQLITE_PERM": "the file may not be used: give this user the right to write it",
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_CAUSES = {
    "25006": "PostgreSQL takes no writes: have DATABASE_URL name a server that is no standby",
    "28": "PostgreSQL refuses the user or the password: see that DATABASE_URL names the right ones",
    "3D000": "the PostgreSQL server has no such database: create it, or correct DATABASE_URL",
    "40": "PostgreSQL gave another transaction precedence",
    "53100": "the disk of PostgreSQL is full: free some space",
    "53300": "PostgreSQL has no connection left: close some, or allow more",
    LOCK_NOT_AVAILABLE: "another transaction holds the tables: wait until it is done, or end it",
    "57P01": "PostgreSQL ended the connection: see that it runs",
    "57P02": "PostgreSQL was stopped: start it",
    "57P03": "PostgreSQL is starting or stopping: wait a moment",
    "08": "the connection to PostgreSQL broke off: see that it runs",
}
# Of a connection that is refused the driver gives no code, only the server's words, which may be
# in another language than these.
POSTGRESQL_REFUSALS = {
    "authentication failed": "28P01",
    "no password supplied": "28P01",
    'role ".*" (does not exist|is not permitted)': "28000",
    "no pg_hba.conf entry": "28000",
    "too many clients": "53300",
    "connection slots are reserved": "53300",
    "the database system is": "57P03",
    'database ".*" does not exist': "3D000",
}
NO_CONNECTION = (
    "there is no connection to it: see that DATABASE_URL names a server that runs, and a database, "
    "a user and a password that it knows"
)
OTHER_TABLES = (
    "if its tables are not those of this code, `uv run just seed --reset drop` makes them anew"
)
MISSING_TABLE = "42P01"


def code_of(error: DBAPIError) -> str:
    """Give SQLite's name of the error or PostgreSQL's SQLSTATE, empty where there is none."""
    orig = error.orig
    if name := getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None):
        return str(name)
    said = str(orig).rpartition(" failed: ")[2]
    refusals = POSTGRESQL_REFUSALS.items()
    return next((code for pattern, code in refusals if re.search(pattern, said)), "")


def is_missing_table(error: DBAPIError) -> bool:
    return code_of(error) == MISSING_TABLE or "no such table" in str(error.orig)


def find_cause(error: DBAPIError) -> str | None:
    """Say why the database cannot be used, and what to do; None if it refused what was asked."""
    code = code_of(error)
    for causes in (SQLITE_CAUSES, POSTGRESQL_CAUSES):
        for prefix, cause in causes.items():
            if code.startswith(prefix):
                return cause
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        return f"it reports {code}: {OTHER_TABLES}" if code else NO_CONNECTION
    return None

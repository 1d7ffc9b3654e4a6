"""The meaning of error codes of both databases: cause, remedy and status."""

import re
from dataclasses import dataclass
from http import HTTPStatus

UNAVAILABLE, CONFLICT = HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT
BAD_REQUEST = HTTPStatus.BAD_REQUEST
LOCK_NOT_AVAILABLE = "55P03"
MISSING_TABLE = "42P01"
SERIALIZATION = "40"


@dataclass(frozen=True, slots=True)
class Cause:
    """`text` continues a sentence: what happened, then what to do."""

    text: str
    status: HTTPStatus = UNAVAILABLE


NO_TABLES = Cause(
    "its tables are missing or out of date: run `uv run just migrate`, or `uv run just seed` for "
    "tables with a new data set"
)
OTHER_SCHEMA = Cause(
    "its tables do not match this code: run `uv run just migrate`. If that does not help, another "
    "program or branch has changed them: check out the code that created them, or set "
    "DATABASE_URL to an empty database"
)
DISK_FULL = Cause("the disk is full: free some space")
FOREIGN_CODE = Cause(
    "a trigger or a function that is not Seedbed's prevented a change: correct or disable it",
    CONFLICT,
)
BLOCKED_BY_OTHER_OBJECT = Cause(
    "a view, a rule, a function or row-level security that is not Seedbed's prevents a change of a "
    "table: drop or disable it, try again, and create it again",
    CONFLICT,
)
WRONG_FOREIGN_KEY = Cause(
    "a foreign key of a table that is not Seedbed's refers to columns that are no key: drop it, or "
    "refer to the primary key, which begins with organization_id in the tables of clinics",
    CONFLICT,
)
NOT_ON_CITUS = Cause(
    "Citus does not support a statement on distributed tables: find the statement in the log, and "
    "the limits of Citus in docs/scale.md",
    CONFLICT,
)
NEEDS_OTHER_PROGRAM = Cause(
    "an index, a trigger or a virtual table needs a function, a collation or a module that only "
    "the program that created it has: drop it with that program, or set DATABASE_URL to another "
    "file",
    CONFLICT,
)
ENCODING = Cause(
    "its encoding does not have every character: create a database with ENCODING 'UTF8'"
)
POOLER = Cause(
    "a pooler splits transactions: set its mode to transaction or session pooling, not statement "
    "pooling"
)
TIMEOUT = Cause(
    "a time limit of the role, the database or a pooler ended a statement or a transaction: raise "
    "statement_timeout, transaction_timeout and idle_in_transaction_session_timeout, or set them "
    "to 0 by ALTER ROLE … SET"
)
PRIVILEGE = Cause(
    "the role in DATABASE_URL lacks a privilege on a table, a schema or the database: make it the "
    "owner of the schema and Seedbed's tables, or grant what the statement in the log needs, such "
    "as TEMPORARY on the database"
)
MEMORY = Cause(
    "PostgreSQL is out of memory or of space for locks: raise max_locks_per_transaction or the "
    "memory of its machine, or seed fewer rows"
)
# The longest matching prefix counts. Extended codes of SQLite begin with their basic code:
# https://www.sqlite.org/rescode.html
SQLITE_CAUSES = {
    "SQLITE_BUSY": Cause(
        "another process has locked the file: wait until it has finished, or end it"
    ),
    "SQLITE_LOCKED": Cause("another connection has locked the file: wait until it has finished"),
    "SQLITE_PROTOCOL": Cause("other programs keep the file locked: wait until they have finished"),
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_IOERR_SHMSIZE": DISK_FULL,  # the -shm beside the file, which readers need as well
    "SQLITE_READONLY": Cause(
        "the file, its folder, or its -wal or -shm file is read-only: make all of them writable"
    ),
    "SQLITE_CANTOPEN": Cause(
        "the file cannot be opened or created: check that this user may read and write it and its "
        "folder, and that the disk is not full"
    ),
    "SQLITE_NOTADB": Cause("the file is not a SQLite database: set DATABASE_URL to another"),
    "SQLITE_CORRUPT": Cause(
        "the file is damaged: restore a copy, or set DATABASE_URL to another file"
    ),
    "SQLITE_IOERR": Cause("the disk cannot be read or written, or is full: check it"),
    "SQLITE_PERM": Cause("the file cannot be used: give this user the right to write it"),
    "SQLITE_AUTH": Cause("the file cannot be used: give this user the right to write it"),
    "SQLITE_NOMEM": Cause("SQLite is out of memory: free some, or seed fewer rows"),
    "SQLITE_INTERRUPT": Cause("a statement was interrupted"),
    "SQLITE_SCHEMA": OTHER_SCHEMA,
    "SQLITE_TOOBIG": Cause("a value is too large for SQLite: shorten it", BAD_REQUEST),
    "SQLITE_CONSTRAINT_TRIGGER": FOREIGN_CODE,
    "SQLITE_CONSTRAINT_VTAB": FOREIGN_CODE,
    "SQLITE_CONSTRAINT_FUNCTION": FOREIGN_CODE,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_CAUSES = {
    "08": Cause("the connection to PostgreSQL was lost: check that the server is running"),
    "08P01": POOLER,
    "09": FOREIGN_CODE,  # triggered action exception
    "0A": BLOCKED_BY_OTHER_OBJECT,
    "22021": ENCODING,
    "22P05": ENCODING,
    "25006": Cause(
        "PostgreSQL is read-only: set DATABASE_URL to a server that is not a standby, and check "
        "that default_transaction_read_only is off"
    ),
    "25P02": POOLER,
    "25P03": TIMEOUT,
    "25P04": TIMEOUT,
    "26": POOLER,
    "27": FOREIGN_CODE,  # triggered data change violation
    "28": Cause("PostgreSQL rejects the user or the password: check both in DATABASE_URL"),
    "2BP01": BLOCKED_BY_OTHER_OBJECT,
    "34": POOLER,
    "38": FOREIGN_CODE,  # external routine exception
    "39": FOREIGN_CODE,
    "3B": POOLER,  # a savepoint of another connection
    "3D000": Cause(
        "the PostgreSQL server has no such database: create it, or correct DATABASE_URL"
    ),
    "3F000": NO_TABLES,
    SERIALIZATION: Cause("another transaction changed the same rows"),
    "42501": PRIVILEGE,
    "42703": OTHER_SCHEMA,
    "42704": OTHER_SCHEMA,
    "42701": OTHER_SCHEMA,
    "42710": OTHER_SCHEMA,
    "42804": OTHER_SCHEMA,
    "42809": OTHER_SCHEMA,
    "42830": OTHER_SCHEMA,
    "42883": OTHER_SCHEMA,
    "428C9": OTHER_SCHEMA,  # a generated column
    MISSING_TABLE: NO_TABLES,
    "42P05": POOLER,
    "42P07": OTHER_SCHEMA,
    "44": FOREIGN_CODE,  # the check option of a view
    "53": MEMORY,
    "53100": Cause("the disk of PostgreSQL is full: free some space"),
    "53300": Cause("PostgreSQL has no free connection: close some, or raise max_connections"),
    "54": Cause("the statement exceeds a limit of PostgreSQL: see its log"),
    "55": Cause("an object of the database is in use or not ready: wait a moment"),
    LOCK_NOT_AVAILABLE: Cause(
        "another transaction has locked the tables: wait until it has finished, or end it"
    ),
    "57014": TIMEOUT,
    "57P": Cause("PostgreSQL closed the connection: check that the server is running"),
    "57P02": Cause("PostgreSQL was stopped: start it"),
    "57P03": Cause("PostgreSQL is starting or stopping: wait a moment"),
    "57P05": TIMEOUT,
    "58": Cause("PostgreSQL cannot read or write its files: see its log"),
    "F0": Cause("PostgreSQL cannot use its configuration file: see its log"),
    "P0": FOREIGN_CODE,
    "XX001": Cause("the database is damaged: restore a copy"),
    "XX002": Cause("an index of the database is damaged: run REINDEX DATABASE"),
}
# Codes of PostgreSQL's that Citus also raises, always in English.
CITUS_CODES = frozenset({"0A000", "XX000"})
CITUS_WORDS = re.compile(r"distribut|shard|placement|partition (column|value)|reference table")
# The driver gives no code for a refused connection, only the message of the server, which may be
# in another language.
POSTGRESQL_REFUSALS = {
    "authentication failed": "28P01",
    "no password supplied": "28P01",
    'role ".*" (does not exist|is not permitted)': "28000",
    "no pg_hba.conf entry": "28000",
    "too many (clients|connections)": "53300",
    "connection slots are reserved": "53300",
    "no more connections allowed": "53300",
    "the database system is": "57P03",
    'database ".*" does not exist': "3D000",
}
NO_CONNECTION = Cause(
    "cannot connect to it: check that the server in DATABASE_URL is running, and that database, "
    "user and password are right"
)
# SQLite has one code for all of these; only its messages, always in English, differ.
# If the table is not ours, a trigger caused the error.
SQLITE_WORDS = (
    (re.compile(r"error in (view|trigger) "), BLOCKED_BY_OTHER_OBJECT),
    (re.compile(r"foreign key mismatch"), WRONG_FOREIGN_KEY),
    (re.compile(r"no such (function|collation|module|tokenizer)|unknown f"), NEEDS_OTHER_PROGRAM),
    (re.compile(r"no such table: (main\.)?(?P<table>.+)"), NO_TABLES),
    (re.compile(r"table (?P<table>.+) has (no column|\d+ columns)"), OTHER_SCHEMA),
    (re.compile(r"no such|has no column|already exists|already another|syntax"), OTHER_SCHEMA),
)

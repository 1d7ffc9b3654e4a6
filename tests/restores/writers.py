"""What other programs do to a database that makes changes hard to record, as raw SQL."""

from dataclasses import dataclass
from itertools import starmap

NESTED = (
    "CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF pg_trigger_depth() < 2 THEN UPDATE rooms SET notes = concat(notes, '!'); END IF;"
    " RETURN NULL; END $$",
    "CREATE TRIGGER follow AFTER INSERT OR UPDATE ON rooms FOR EACH ROW EXECUTE FUNCTION follow()",
)
NO_TRIGGER = ("DROP TRIGGER follow ON rooms", "DROP FUNCTION follow")
ROOM = (
    "organization_id, id, created_at, updated_at, name, capacity, wheelchair_accessible, equipment"
)
COPY = (
    f"INTO rooms ({ROOM}) SELECT organization_id, {{}}, created_at, updated_at, {{}}, capacity,"
    " wheelchair_accessible, equipment FROM rooms ORDER BY id LIMIT 1"
)
NEW_ID = "'00000000000000000000000000000001'"
SESSIONS = (
    "INSERT INTO sessions (id, created_at, updated_at, user_id, token, expires_at,"
    " active_organization_id) SELECT gen_random_uuid(), now(), now(), user_id, 'token ' || user_id,"
    " now(), organization_id FROM practitioners"
)
SWAP_IN_INDEX = (
    "UPDATE rooms SET deleted_at = '2026-01-01' WHERE name = 'same' AND deleted_at IS NULL",
    "UPDATE rooms SET deleted_at = NULL WHERE name = 'same' AND capacity = 9",
)


@dataclass(frozen=True, slots=True)
class Writer:
    """`prepare` is executed before the snapshot, `write` after it, and `clean_up` at the end."""

    name: str
    write: tuple[str, ...]
    prepare: tuple[str, ...] = ()
    clean_up: tuple[str, ...] = ()


def _same_names(newest: str) -> tuple[str, ...]:
    """Two rooms of one name: the first or the last of their ids is deleted."""
    deleted = f"(SELECT id FROM rooms ORDER BY id {newest} LIMIT 1)"
    return (
        f"UPDATE rooms SET name = 'same', deleted_at = '2026-01-01', capacity = 9"
        f" WHERE id = {deleted}",
        "UPDATE rooms SET name = 'same', capacity = 1 WHERE id = (SELECT id FROM rooms"
        " WHERE capacity <> 9 ORDER BY id LIMIT 1)",
    )


RESTORED = {
    "postgresql": (
        Writer(
            "a trigger of another program that is called first updates the row again",
            (
                "UPDATE rooms SET name = name || '?'",
                "INSERT " + COPY.format(NEW_ID, "'new'"),
                *NO_TRIGGER,
            ),
            NESTED,
        ),
        Writer(
            "the same below savepoints",
            (
                "BEGIN",
                "SAVEPOINT one",
                "UPDATE rooms SET name = name || '?'",
                "SAVEPOINT two",
                "INSERT " + COPY.format(NEW_ID, "'new'"),
                "RELEASE two",
                "SAVEPOINT three",
                "DELETE FROM rooms",
                "ROLLBACK TO three",
                "DELETE FROM rooms WHERE name = 'new'",
                "COMMIT",
                *NO_TRIGGER,
            ),
            NESTED,
        ),
        Writer(
            "one statement updates rows, and foreign keys update them again",
            (
                "WITH changed AS (UPDATE sessions SET user_agent = 'x' RETURNING id)"
                " DELETE FROM organizations WHERE EXISTS (SELECT FROM changed)",
            ),
            ("DELETE FROM sessions", SESSIONS),
        ),
        Writer(
            "settings of a session that change how values are written",
            (
                "SET DateStyle TO 'SQL, DMY'; SET TimeZone TO 'Asia/Kathmandu'",
                "SET extra_float_digits TO -5; SET search_path TO pg_catalog",
                "UPDATE public.patients SET created_at = now(), deleted_at = 'infinity'",
                "UPDATE public.patients SET deleted_at = '4713-01-01 00:00:00.000001 BC'",
            ),
        ),
        Writer(
            "a table is renamed and back",
            (
                "ALTER TABLE rooms RENAME TO renamed",
                "UPDATE renamed SET notes = 'changed'",
                "ALTER TABLE renamed RENAME TO rooms",
            ),
        ),
        *(
            Writer("rooms swap their place in a partial index", SWAP_IN_INDEX, _same_names(order))
            for order in ("ASC", "DESC")
        ),
    ),
    "sqlite": (
        Writer(
            "an inserted row replaces one that has its unique value",
            ("INSERT OR REPLACE " + COPY.format(NEW_ID, "name"),),
        ),
        Writer(
            "an updated row replaces one that has its unique value",
            (
                "UPDATE OR REPLACE appointment_types"
                " SET code = (SELECT max(code) FROM appointment_types)"
                " WHERE code = (SELECT min(code) FROM appointment_types)",
            ),
        ),
        Writer(
            "a row replaces another one that has its rowid",
            (
                f"INSERT OR REPLACE INTO rooms (rowid, {ROOM}) SELECT rowid, organization_id,"
                f" {NEW_ID}, created_at, updated_at, 'new', 1, true, '[]' FROM rooms LIMIT 1",
                "UPDATE OR REPLACE rooms SET rowid = (SELECT max(rowid) FROM rooms)"
                " WHERE rowid = (SELECT min(rowid) FROM rooms)",
            ),
        ),
        Writer(
            "the database chooses a key that is a rowid",
            ("INSERT INTO last_seed (document) VALUES ('{}')",),
            ("DELETE FROM last_seed",),
        ),
        Writer(
            "a key changes as a rowid",
            ("PRAGMA ignore_check_constraints = ON", "UPDATE last_seed SET rowid = 2"),
        ),
        Writer(
            "a row replaces another one in an index with a collation",
            ("INSERT OR REPLACE " + COPY.format(NEW_ID, "upper(name)"),),
            ("CREATE UNIQUE INDEX other ON rooms (organization_id, name COLLATE NOCASE)",),
            ("DROP INDEX other",),
        ),
        Writer(
            "words of a table without rowid are replaced",
            (
                "INSERT OR REPLACE INTO patient_words SELECT * FROM patient_words",
                "UPDATE OR REPLACE patient_words SET word = 'same'",
                "DELETE FROM patient_words WHERE word < 'm'",
            ),
        ),
        Writer(
            "a trigger of another program updates other rows",
            ("UPDATE rooms SET name = name || '?'",),
            (
                "CREATE TRIGGER follow AFTER UPDATE OF name ON rooms BEGIN UPDATE rooms"
                " SET notes = coalesce(notes, '') || '!'; END",
            ),
            ("DROP TRIGGER follow",),
        ),
        Writer(
            "the file is attached to another one",
            ("DELETE FROM attached.rooms", "UPDATE attached.users SET name = 'x'"),
        ),
    ),
}
REFUSED = {
    "postgresql": tuple(
        starmap(
            Writer,
            (
                (
                    "the values of a column are rewritten",
                    ("ALTER TABLE rooms ALTER notes TYPE varchar USING 'lost'",),
                ),
                (
                    "rows of the snapshot refer to nothing",
                    ("DELETE FROM appointments",),
                    ("SET session_replication_role TO replica", "DELETE FROM rooms"),
                ),
                (
                    "a column is dropped and added again",
                    (
                        "ALTER TABLE rooms DROP COLUMN deleted_at CASCADE",
                        "ALTER TABLE rooms ADD COLUMN deleted_at timestamptz",
                    ),
                ),
                (
                    "rows change while there is another column",
                    (
                        "ALTER TABLE rooms ADD COLUMN extra text",
                        "UPDATE rooms SET extra = 'x', notes = 'x'",
                        "ALTER TABLE rooms DROP COLUMN extra",
                    ),
                ),
                (
                    "a table inherits from ours",
                    (
                        "CREATE TABLE child () INHERITS (rooms)",
                        "INSERT INTO child SELECT * FROM rooms",
                    ),
                    (),
                    ("DROP TABLE child",),
                ),
            ),
        )
    ),
    "sqlite": (
        Writer(
            "a table is replaced by a copy",
            (
                "PRAGMA legacy_alter_table = ON",
                "CREATE TABLE copied AS SELECT * FROM rooms",
                "DROP TABLE rooms",
                "ALTER TABLE copied RENAME TO rooms",
            ),
        ),
    ),
}
# A snapshot cannot be taken.
UNRECORDED = {
    "postgresql": Writer(
        "a table inherits from ours",
        ("CREATE TABLE child () INHERITS (rooms)",),
        (),
        ("DROP TABLE child",),
    ),
    "sqlite": Writer(
        "a unique index of an expression",
        ("CREATE UNIQUE INDEX other ON rooms (organization_id, lower(name))",),
        (),
        ("DROP INDEX other",),
    ),
}

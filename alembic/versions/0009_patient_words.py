"""The words that patients are found by, in any order."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice, pairwise
from typing import Any

import sqlalchemy as sa
from alembic import op
from anyascii import anyascii

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OLD_KEYS = {"first_name_key": False, "email_key": True, "phone_key": True}
READ = ("first_name", "last_name", "email", "phone")
BATCH_ROWS = 1_000
Row = Mapping[str, Any]
Keys = Mapping[str, Callable[[Row], str | None]]

# As the application derived words when this was written: later changes are for later migrations.
ROMANIZED = ("LATIN ", "MODIFIER LETTER ")
MAX_LENGTH = 200
MAX_WORDS = 100


@cache
def fold_character(character: str) -> str:
    category = unicodedata.category(character)
    latin = anyascii(character)
    if category[0] == "M":
        return "" if unicodedata.combining(character) or not latin else character
    if category[0] in "LN":
        return fold_letter(character, latin)
    if character.isspace():
        return " "
    if category == "Cf" or latin in {"'", "`"}:
        return "'"
    return "+" if latin == "+" else "-"


def fold_letter(character: str, latin: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Lm" and latin in {"'", "`"}:
        return "'"
    if not unicodedata.name(character, "").startswith(ROMANIZED):
        return character
    return "".join(filter(str.isalnum, latin)).lower() or "'"


def fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(map(fold_character, unicodedata.normalize("NFKD", letters)))


def pieces(folded: str) -> list[str]:
    return re.findall(r"[^ '+-]+", folded)


def endings(parts: list[str]) -> Iterator[str]:
    for start in range(min(len(parts), MAX_WORDS)):
        yield "".join(parts[start:])[:MAX_LENGTH]


def text_words(text: str) -> Iterator[str]:
    folded = fold(text)
    yield from endings(pieces(folded))
    if not folded.isascii():
        yield from endings(pieces(fold(anyascii(unicodedata.normalize("NFC", text)))))


def email_words(email: str) -> Iterator[str]:
    yield "".join(pieces(fold(email)))[:MAX_LENGTH]
    yield from text_words(email.partition("@")[0])


def phone_words(phone: str) -> Iterator[str]:
    folded = fold(phone)
    digits = re.sub(r"[^\d+]", "", folded)
    number = re.sub(r"^(?:\+|0011|00)(?=[1-9])", "", digits)
    if number != digits or re.fullmatch(r"61[2-478]\d{8}", number):
        number = re.sub(r"^(?:610?|6$)", "0", re.sub(r"^61(?=1)", "", number))
    number = number.replace("+", "")
    yield number[:MAX_LENGTH]
    for part in islice(endings(re.findall(r"\d+", folded)), 1, None):
        if number != f"0{part}":
            yield part
    if re.fullmatch(r"0\d{9}", number):
        for start in (4, 7) if number.startswith("04") else (2, 6):
            yield number[start:]


def search_words(row: Row) -> str:
    found = {"", *text_words(row["first_name"]), *text_words(row["last_name"])}
    found.update(email_words(row["email"]) if row["email"] else ())
    found.update(phone_words(row["phone"]) if row["phone"] else ())
    ordered = sorted(found)
    kept = [word for word, after in pairwise(ordered) if not after.startswith(word)]
    return "".join(f" {word}" for word in (*kept, ordered[-1]) if word)


def name_key(row: Row) -> str:
    names = (
        " ".join(re.findall(r"[^ +-]+", fold(row[name]).replace("'", "")))
        for name in ("last_name", "first_name")
    )
    return " ".join(filter(None, names))[:MAX_LENGTH].rstrip()


def plain_text() -> sa.String:
    postgresql = op.get_bind().dialect.name == "postgresql"
    return sa.String(collation="C") if postgresql else sa.String()


def upgrade() -> None:
    op.create_table(
        "patient_words",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("word", plain_text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "word", "patient_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    # SQLite adds such a column only with a default.
    words = sa.Column("search_words", plain_text(), nullable=False, server_default="")
    op.add_column("patients", words)
    _fill({"name_key": name_key, "search_words": search_words})
    _add_words()
    for name in OLD_KEYS:
        op.drop_index(f"ix_patients_organization_id_{name}", "patients")
        op.drop_column("patients", name)


def _fill(keys: Keys) -> None:
    """Compute the columns of all patients, a batch at a time."""
    patients = sa.table(
        "patients",
        sa.column("id", sa.Uuid()),
        *(sa.column(name, sa.String()) for name in (*READ, *keys)),
    )
    connection = op.get_bind()
    write = (
        patients.update()
        .where(patients.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(name) for name in keys})
    )
    batch = sa.select(patients.c.id, *(patients.c[name] for name in READ))
    batch = batch.order_by(patients.c.id).limit(BATCH_ROWS)
    rows = connection.execute(batch).mappings().all()
    while rows:
        connection.execute(
            write,
            [{"row_id": row["id"]} | {k: of(dict(row)) for k, of in keys.items()} for row in rows],
        )
        rows = connection.execute(batch.where(patients.c.id > rows[-1]["id"])).mappings().all()


def _add_words() -> None:
    if op.get_bind().dialect.name == "sqlite":
        listed = """json_each('["' || replace(trim(search_words), ' ', '","') || '"]')"""
    else:
        listed = "unnest(string_to_array(trim(search_words), ' ')) AS words (value)"
    op.execute(
        "INSERT INTO patient_words (organization_id, word, patient_id)"  # noqa: S608
        f" SELECT organization_id, value, patients.id FROM patients, {listed}"
        " WHERE search_words <> '' ORDER BY 1, 2, 3"
    )


def downgrade() -> None:
    op.drop_table("patient_words")
    op.drop_column("patients", "search_words")
    for name, nullable in OLD_KEYS.items():
        default = None if nullable else ""
        column = sa.Column(name, plain_text(), nullable=nullable, server_default=default)
        op.add_column("patients", column)
    scripts: Any = op.get_context().script
    _fill(scripts.get_revision("0004").module.KEYS)
    for name in OLD_KEYS:
        op.create_index(None, "patients", ["organization_id", name])

"""Finds patients by words: each word of a search begins a word of the patient, in any order.

The words are in a table of their own, where a range of its key is what begins with a word. The
rarest word of a search is looked up there, and the others in the patients that it finds. If even
the rarest is common, as a single letter is, the list is read in its order until a page is full.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.expression import Insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.clinic.patients.folding import fold, pieces, words
from app.clinic.patients.models import Patient, PatientWord
from app.clinic.patients.search_words import MAX_LENGTH, digits_of, national_number
from app.database.pagination import unindexed

LAST_CHARACTER = "\U0010ffff"
NUMBER = re.compile(r"(?=\D*\d)[\d'+-]+")
AUSTRALIA = "61"

# Up to as many entries are looked up and sorted; where there are more, a page is soon full.
MAX_FEW = 10_000
# The rarest of so many terms is looked up.
MAX_COUNTED = 5

# Words that must all be found, and terms of which one alternative must be.
Alternative = Sequence[str]
Term = Sequence[Alternative]


class Found(NamedTuple):
    """`finds_few` tells to look up what is found, and sort it; else to read along the order."""

    condition: ColumnElement[bool]
    finds_few: bool


def read_terms(search: str) -> list[Term]:
    """Read a search: all its terms must match a patient, each by one of its alternatives."""
    terms: list[Term] = []
    for is_number, group in groupby(fold(search).split(), _is_number):
        typed = list(group)
        terms += [_number(typed)] if is_number else map(_word, typed)
    return [term for term in terms if any(term)]


def _is_number(word: str) -> bool:
    return bool(NUMBER.fullmatch(word))


def _word(typed: str) -> Term:
    """Take O'Brien and Smith-Jones for one word each, or Smith-Jones for two."""
    return _distinct(["".join(pieces(typed))], words(typed))


def _number(typed: list[str]) -> Term:
    """Take digits for one number, with or without its 0 or the country code, or for words."""
    number = national_number(digits_of("".join(typed)))
    alternatives = [[number], [f"0{number}"]]
    if number.startswith(AUSTRALIA) and number != AUSTRALIA:  # a plus is a space in an address
        alternatives.append([national_number(f"+{number}")])
    return _distinct(*alternatives, [piece for each in typed for piece in pieces(each)])


def _distinct(*alternatives: Alternative) -> Term:
    found = {
        tuple(word[:MAX_LENGTH] for word in alternative if word) for alternative in alternatives
    }
    return sorted(found - {()})


async def find(session: AsyncSession, organization_id: UUID, search: str) -> Found:
    """Return the condition that a search puts on rows of patients, of an organization."""
    terms = sorted(read_terms(search), key=_shortest_range, reverse=True)
    if not terms:
        return Found(false(), finds_few=True)
    ranges = [_entries(organization_id, term) for term in terms[:MAX_COUNTED]]
    limited = (entries.limit(MAX_FEW + 1).subquery() for entries in ranges)
    counts = select(*(select(func.count()).select_from(each).scalar_subquery() for each in limited))
    connection = await session.connection()
    counted = (await connection.execute(counts)).one()
    count, rarest = min(zip(counted, ranges, strict=True), key=itemgetter(0))
    matches = [or_(*(and_(*map(_has, each)) for each in term)) for term in terms]
    organization = col(Patient.organization_id)
    if finds_few := count <= MAX_FEW:
        matches.append(col(Patient.id).in_(rarest))
        if connection.dialect.name == "sqlite":
            # Without statistics, it would rather read all patients of the organization.
            organization = unindexed(organization)
    return Found(and_(organization == organization_id, *matches), finds_few)


def _shortest_range(term: Term) -> int:
    """Return how long the words are by which a term is looked up: long ones are rare."""
    return min(len(_longest(alternative)) for alternative in term)


def _entries(organization_id: UUID, term: Term) -> CompoundSelect[UUID]:
    """Select the patients that a term may match, along the key of the words."""
    of_organization = select(col(PatientWord.patient_id)).where(
        col(PatientWord.organization_id) == organization_id
    )
    # Not by OR, for which SQLite reads all words of the organization.
    return union_all(
        *(of_organization.where(_begins_with(_longest(alternative))) for alternative in term)
    )


def _longest(words: Alternative) -> str:
    return max(words, key=len)


def _has(word: str) -> ColumnElement[bool]:
    # A folded word has no wildcards.
    return col(Patient.search_words).contains(f" {word}")


def _begins_with(prefix: str) -> ColumnElement[bool]:
    """Say it as a range, for which every database uses an index."""
    word: Any = col(PatientWord.word)
    # Not by BETWEEN, within which PostgreSQL takes no COLLATE, as the type of the column has it.
    return and_(word >= prefix, word <= prefix + LAST_CHARACTER)


async def index_patient(session: AsyncSession, patient: Patient, indexed: str = "") -> None:
    """Replace the words in the table, which were those of `indexed`, by those of the patient."""
    if indexed:
        by_key = (
            col(PatientWord.organization_id) == patient.organization_id,
            col(PatientWord.word).in_(indexed.split()),
            col(PatientWord.patient_id) == patient.id,
        )
        await session.exec(delete(PatientWord).where(*by_key))
    dialect = (await session.connection()).dialect.name
    await session.exec(insert_words(dialect, col(Patient.id) == patient.id))


def insert_words(dialect: str, *where: ColumnElement[bool]) -> Insert:
    """Return the statement that puts `search_words` into the table, of all patients or some."""
    text = func.trim(col(Patient.search_words))
    if dialect == "sqlite":
        listed = func.json_each(literal('["') + func.replace(text, " ", '","') + literal('"]'))
        each = listed.table_valued("value")
    else:
        each = func.unnest(func.string_to_array(text, " ")).table_valued("value").render_derived()
    key = (col(Patient.organization_id), each.c.value, col(Patient.id))
    # In the order of the key, a database fills it several times as fast.
    rows = select(*key).join(each, true()).where(text != "", *where).order_by(*key)
    return insert(PatientWord).from_select(["organization_id", "word", "patient_id"], rows)

"""Find patients by words: each word of a search is the beginning of a word of the patient.

The words are in a separate table, where all words with a beginning are a range of the primary key.
The rarest word of a search is looked up there, and the other words only in the patients it finds.
If even the rarest word is common, such as a single letter, the list is read in its order until a
page is full.
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
    any_,
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

LAST_CHARACTER = "\U0010ffff"
NUMBER = re.compile(r"(?=\D*\d)[\d'+-]+")
AUSTRALIA = "61"

# Up to this many entries are looked up and sorted; with more, a page is soon full.
MAX_FEW = 10_000
# The rarest of this many terms is looked up.
MAX_COUNTED = 5

# All words of an alternative must match, and one alternative of each term.
Alternative = Sequence[str]
Term = Sequence[Alternative]


class SearchCondition(NamedTuple):
    """With `finds_few`, look up the rows and sort them; otherwise read in the order of the list."""

    condition: ColumnElement[bool]
    finds_few: bool


def read_terms(search: str) -> list[Term]:
    """Split a search into terms. Each term must match a patient, by one of its alternatives."""
    terms: list[Term] = []
    for is_number, group in groupby(fold(search).split(), _is_number):
        typed = list(group)
        terms += [_number(typed)] if is_number else map(_word, typed)
    return [term for term in terms if any(term)]


def _is_number(word: str) -> bool:
    return bool(NUMBER.fullmatch(word))


def _word(typed: str) -> Term:
    """Read O'Brien and Smith-Jones as one word each, or Smith-Jones as two."""
    return _distinct(["".join(pieces(typed))], words(typed))


def _number(typed: list[str]) -> Term:
    """Read digits as one number, with or without its 0 or country code, or as words."""
    number = national_number(digits_of("".join(typed)))
    alternatives = [[number], [f"0{number}"]]
    if number.startswith(AUSTRALIA) and number != AUSTRALIA:  # in a URL, a plus is a space
        alternatives.append([national_number(f"+{number}")])
    return _distinct(*alternatives, [piece for each in typed for piece in pieces(each)])


def _distinct(*alternatives: Alternative) -> Term:
    found = {
        tuple(word[:MAX_LENGTH] for word in alternative if word) for alternative in alternatives
    }
    return sorted(found - {()})


async def search_condition(
    session: AsyncSession, organization_id: UUID, search: str
) -> SearchCondition:
    """Return the condition of a search on the patients of an organization."""
    terms = sorted(read_terms(search), key=_shortest_range, reverse=True)
    if not terms:
        return SearchCondition(false(), finds_few=True)
    ranges = [_entries(organization_id, term) for term in terms[:MAX_COUNTED]]
    limited = (entries.limit(MAX_FEW + 1).subquery() for entries in ranges)
    counts = select(*(select(func.count()).select_from(each).scalar_subquery() for each in limited))
    connection = await session.connection()
    counted = (await connection.execute(counts)).one()
    count, rarest = min(zip(counted, ranges, strict=True), key=itemgetter(0))
    matches = [or_(*(and_(*map(_has, each)) for each in term)) for term in terms]
    if finds_few := count <= MAX_FEW:
        matches.append(_is_one_of(connection.dialect.name, rarest))
    of_organization = col(Patient.organization_id) == organization_id
    return SearchCondition(and_(of_organization, *matches), finds_few)


def _shortest_range(term: Term) -> int:
    """Return the length of the words that a term is looked up by: long words are rare."""
    return min(len(_longest(alternative)) for alternative in term)


def _entries(organization_id: UUID, term: Term) -> CompoundSelect[UUID]:
    """Select the patients that a term may match, by the primary key of the words."""
    of_organization = select(col(PatientWord.patient_id)).where(
        col(PatientWord.organization_id) == organization_id
    )
    # Not with OR: SQLite would read all words of the organization.
    return union_all(
        *(of_organization.where(_begins_with(_longest(alternative))) for alternative in term)
    )


def _is_one_of(dialect: str, ids: CompoundSelect[UUID]) -> ColumnElement[bool]:
    if dialect == "sqlite":
        return col(Patient.id).in_(ids)
    # PostgreSQL looks up each id of an array. With IN it may read all patients instead.
    return col(Patient.id) == any_(func.array(ids.scalar_subquery()))


def _longest(words: Alternative) -> str:
    return max(words, key=len)


def _has(word: str) -> ColumnElement[bool]:
    # A folded word has no wildcards.
    return col(Patient.search_words).contains(f" {word}")


def _begins_with(prefix: str) -> ColumnElement[bool]:
    """Return the condition as a range, for which both databases use an index."""
    word: Any = col(PatientWord.word)
    # Not with BETWEEN, in which PostgreSQL does not accept the COLLATE of the column.
    return and_(word >= prefix, word <= prefix + LAST_CHARACTER)


async def index_patient(session: AsyncSession, patient: Patient, indexed: str = "") -> None:
    """Replace the words of `indexed` in the table with those of the patient."""
    if indexed:
        by_key = (
            col(PatientWord.organization_id) == patient.organization_id,
            col(PatientWord.word).in_(indexed.split()),
            col(PatientWord.patient_id) == patient.id,
        )
        await session.exec(delete(PatientWord).where(*by_key))
    dialect = (await session.connection()).dialect.name
    of_patient = (
        col(Patient.organization_id) == patient.organization_id,
        col(Patient.id) == patient.id,
    )
    await session.exec(insert_words(dialect, *of_patient))


def insert_words(dialect: str, *where: ColumnElement[bool]) -> Insert:
    """Return the statement that inserts the `search_words` of all patients, or of some."""
    text = func.trim(col(Patient.search_words))
    if dialect == "sqlite":
        listed = func.json_each(literal('["') + func.replace(text, " ", '","') + literal('"]'))
        each = listed.table_valued("value")
    else:
        each = func.unnest(func.string_to_array(text, " ")).table_valued("value").render_derived()
    key = (col(Patient.organization_id), each.c.value, col(Patient.id))
    # Inserting in the order of the key is several times as fast.
    rows = select(*key).join(each, true()).where(text != "", *where).order_by(*key)
    return insert(PatientWord).from_select(["organization_id", "word", "patient_id"], rows)

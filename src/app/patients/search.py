"""Finding patients as people type: by the beginning of a name, an e-mail address or a number.

What is compared is folded: case, accents and punctuation do not count. Each patient has the name
both ways round, so that every search is the beginning of one indexed column.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

# Letters that Unicode does not take apart.
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
APOSTROPHES = re.compile(r"['’ʼ`]")  # noqa: RUF001 - as people type them
# A letter may become many, and PostgreSQL indexes 2,700 bytes at most.
MAX_LENGTH = 200
NUMBER = re.compile(r"(?=\D*\d)[\d\s()+./-]+")
# The 0 that one dials at home is often written as well: +61 (0)3. Who types has +6 in between.
COUNTRY_CODE = re.compile(r"^(?:\+|00)(?:610?|6$)")
MAX_SEARCH = 200
LAST_CHARACTER = "\U0010ffff"


def fold_name(*names: str) -> str:
    """Fold names as the words of one text."""
    return " ".join(filter(None, map(fold, names)))[:MAX_LENGTH].rstrip()


# Names come again and again.
@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Write words in plain lower-case letters and digits, with single spaces between them."""
    # Taken apart twice: what is taken apart may have a case, and what has none may come in parts.
    letters = unicodedata.normalize("NFKD", text).casefold().translate(LETTERS)
    parts = unicodedata.normalize("NFKD", APOSTROPHES.sub("", letters))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))[:MAX_LENGTH].rstrip()


def digits(text: str) -> str:
    """Write a number as one dials it in Australia, whether it came with the country code or not."""
    return COUNTRY_CODE.sub("0", re.sub(r"[^\d+]", "", text)).replace("+", "")


def begins_with(patient: Any, organization_id: UUID, search: str) -> ColumnElement[bool]:
    """Give the condition that the search puts on a row of patients, of an organization.

    The organization is part of each alternative, for an index on both; were it said once for all,
    SQLite, which counts no rows unless told to, would rather read all of its patients.
    """
    if NUMBER.fullmatch(search):
        prefixes = {patient.phone_key: digits(search)}
    else:
        prefixes = {patient.email_key: search.lower()}
        if name := fold(search):
            prefixes |= {patient.name_key: name, patient.first_name_key: name}
    of_organization = patient.organization_id == organization_id
    return or_(*(and_(of_organization, _between(*each)) for each in prefixes.items()))


def _between(column: Any, prefix: str) -> ColumnElement[bool]:
    """Say "begins with" as a range, for which every database uses an index."""
    # Not by BETWEEN, within which PostgreSQL takes no COLLATE, as the type of these columns has it.
    return and_(column >= prefix, column <= prefix + LAST_CHARACTER)

"""The words that a patient is found by: of the name, the e-mail address and the phone number.

A search finds what begins with it. Each stored word therefore goes on to the end of its name:
O'Brien-Smith has `obriensmith`, `briensmith` and `smith`, and is found by `obrien`, `brien`, `o`,
`obriens` and `smith`. A word that another one begins with is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from app.patients.folding import PLUS, fold, pieces, romanize, words

# A letter may become many, and PostgreSQL indexes 2,700 bytes at most.
MAX_LENGTH = 200
# A name of 200 characters has no more.
MAX_WORDS = 100
# The 0 that is dialled in Australia is often written as well: +61 (0)3. While it is typed, +6.
COUNTRY_CODE = re.compile(r"^(?:\+|00)(?:610?|6$)")
DIGITS = re.compile(r"\d+")
NO_DIGITS = re.compile(r"[^\d+]")
NATIONAL = re.compile(r"0\d{9}")
MOBILE = "04"
# Where the parts of a national number begin: 0412 345 678, (03) 9555 1234.
MOBILE_PARTS = (4, 7)
LANDLINE_PARTS = (2, 6)


def name_key(row: Mapping[str, Any]) -> str:
    """Return what patients are sorted by."""
    names = filter(None, (_plain_name(row["last_name"]), _plain_name(row["first_name"])))
    return " ".join(names)[:MAX_LENGTH].rstrip()


def search_words(row: Mapping[str, Any]) -> str:
    """Return all words of a patient, with a space before each."""
    found = [*_name_words(row["first_name"]), *_name_words(row["last_name"])]
    if email := row["email"]:
        found += _email_words(email)
    if phone := row["phone"]:
        found += phone_words(phone)
    return "".join(f" {word}" for word in _without_prefixes(found))


def national_number(digits: str) -> str:
    """Write a number as it is dialled in Australia; others keep their country code."""
    return COUNTRY_CODE.sub("0", digits).replace(PLUS, "")


def phone_words(phone: str) -> Iterator[str]:
    """Yield the number from its beginning, and from each of its parts."""
    folded = fold(phone)
    number = national_number(digits_of(folded))
    yield number[:MAX_LENGTH]
    for part in islice(_endings(DIGITS.findall(folded)), 1, None):
        # Without its 0, the number is found by what a search adds to it.
        if number != f"0{part}":
            yield part
    if NATIONAL.fullmatch(number):
        for start in MOBILE_PARTS if number.startswith(MOBILE) else LANDLINE_PARTS:
            yield number[start:]


def digits_of(folded: str) -> str:
    """Return the digits of a folded text, and the plus signs."""
    return NO_DIGITS.sub("", folded)


# Names come again and again.
@lru_cache(maxsize=4_096)
def _plain_name(name: str) -> str:
    return " ".join(words(fold(name)))


@lru_cache(maxsize=4_096)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(_text_words(name))


def _email_words(email: str) -> Iterator[str]:
    """Leave out the words of the domain, which many patients have in common."""
    yield "".join(pieces(fold(email)))[:MAX_LENGTH]
    yield from _text_words(email.partition("@")[0])


def _text_words(text: str) -> Iterator[str]:
    folded = fold(text)
    yield from _endings(pieces(folded))
    if not folded.isascii():
        yield from _endings(pieces(romanize(text)))


def _endings(parts: list[str]) -> Iterator[str]:
    """Yield each part together with all that follow."""
    for start in range(min(len(parts), MAX_WORDS)):
        yield "".join(parts[start:])[:MAX_LENGTH]


def _without_prefixes(found: Iterable[str]) -> Iterator[str]:
    ordered = sorted({*found, ""})
    yield from (word for word, after in pairwise(ordered) if word and not after.startswith(word))
    if ordered[-1]:
        yield ordered[-1]

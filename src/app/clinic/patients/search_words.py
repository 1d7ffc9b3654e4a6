"""The words that find a patient: from the name, the email address and the phone number.

A search matches the beginning of a word. Each stored word therefore has the rest of the name, too:
O'Brien-Smith has `obriensmith`, `briensmith` and `smith`, and is found by `obrien`, `brien`, `o`,
`obriens` and `smith`. A word that another one begins with is left out.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from app.clinic.patients.folding import PLUS, fold, pieces, romanize, words

# One letter may become several, and PostgreSQL indexes at most 2,700 bytes.
MAX_LENGTH = 200
# A name of 200 characters has at most this many.
MAX_WORDS = 100
# Dialled before a country code: 0011 in Australia, 00 in Europe.
INTERNATIONAL = re.compile(r"^(?:\+|0011|00)(?=[1-9])")
# The 0 that is dialled in Australia is often written as well: +61 (0)3. While it is typed, +6.
COUNTRY_CODE = re.compile(r"^(?:610?|6$)")
# 1300 655 506 is dialled without a 0.
COUNTRY_CODE_WITHOUT_0 = re.compile(r"^61(?=1)")
WITHOUT_PLUS = re.compile(r"61[2-478]\d{8}")
DIGITS = re.compile(r"\d+|\+")
NATIONAL_LENGTH = 10
MOBILE = "04"
# Where the parts of a national number begin: 0412 345 678, (03) 9555 1234.
MOBILE_PARTS = (4, 7)
LANDLINE_PARTS = (2, 6)


def name_key(row: Mapping[str, Any]) -> str:
    """Return the text that patients are sorted by."""
    names = filter(None, (_plain_name(row["last_name"]), _plain_name(row["first_name"])))
    return " ".join(names)[:MAX_LENGTH].rstrip()


def search_words(row: Mapping[str, Any]) -> str:
    """Return all words of a patient, with a space before each."""
    found = [*_name_words(row["first_name"]), *_name_words(row["last_name"])]
    if email := row["email"]:
        found += _email_words(email)
    if phone := row["phone"]:
        found += phone_words(phone)
    kept = _without_prefixes(found)
    return f" {' '.join(kept)}" if kept else ""


def national_number(digits: str) -> str:
    """Return a number as it is dialled in Australia; foreign numbers keep their country code."""
    number = INTERNATIONAL.sub("", digits)
    if number != digits or WITHOUT_PLUS.fullmatch(number):
        number = COUNTRY_CODE.sub("0", COUNTRY_CODE_WITHOUT_0.sub("", number))
    return number.replace(PLUS, "")


# Seeded patients share a few mobile numbers.
@lru_cache(maxsize=4_096)
def phone_words(phone: str) -> tuple[str, ...]:
    """Return the number from its beginning, and from each of its parts."""
    groups = DIGITS.findall(fold(phone))
    number = national_number("".join(groups))
    parts = _endings([group for group in groups if group != PLUS])[1:]
    if len(number) == NATIONAL_LENGTH and number.startswith("0"):
        starts = MOBILE_PARTS if number.startswith(MOBILE) else LANDLINE_PARTS
        parts += [number[start:] for start in starts]
    # Leave out the number without its 0: a search adds the 0.
    return (number[:MAX_LENGTH], *(part for part in parts if f"0{part}" != number))


def digits_of(folded: str) -> str:
    """Return the digits of a folded text, and the plus signs."""
    return "".join(DIGITS.findall(folded))


# Many patients share a name.
@lru_cache(maxsize=4_096)
def _plain_name(name: str) -> str:
    return " ".join(words(fold(name)))


@lru_cache(maxsize=4_096)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(_text_words(name))


def _email_words(email: str) -> list[str]:
    """Leave out the words of the domain, which many patients have in common."""
    local, _, domain = email.partition("@")
    found = _text_words(local)
    whole = "".join(pieces(fold(local))) + _plain_domain(domain)
    return [whole[:MAX_LENGTH], *found[1:]] if local.isascii() else [whole[:MAX_LENGTH], *found]


@lru_cache(maxsize=4_096)
def _plain_domain(domain: str) -> str:
    return "".join(pieces(fold(domain)))


def _text_words(text: str) -> list[str]:
    folded = fold(text)
    found = _endings(pieces(folded))
    if not folded.isascii():
        found += _endings(pieces(romanize(text)))
    return found


def _endings(parts: list[str]) -> list[str]:
    """Return each part joined with all parts after it."""
    found, ending = [], ""
    for part in reversed(parts[:MAX_WORDS]):
        ending = part + ending
        found.append(ending[:MAX_LENGTH])
    return found[::-1]


def _without_prefixes(found: Iterable[str]) -> list[str]:
    kept: list[str] = []
    after = ""
    for word in sorted({*found}, reverse=True):
        if not after.startswith(word):
            kept.append(word)
            after = word
    return kept[::-1]

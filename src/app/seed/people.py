"""A sequence of distinct people: patients have its even places, practitioners the odd ones."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.randomness import RandomDraws, permuted_cell

FIRST_NAMES = FEMALE_FIRST_NAMES + MALE_FIRST_NAMES
SINGLE_NAMES = len(FIRST_NAMES) * len(LAST_NAMES)
PAIRS = len(LAST_NAMES) * (len(LAST_NAMES) - 1)
DOUBLE_NAMES = len(FIRST_NAMES) * PAIRS
YOUNGEST, OLDEST = 19, 88
# The calls about one person follow each other, so a small cache is enough.
CACHED_PEOPLE = 16
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    gender: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def email(self, domain: str) -> str:
        return f"{_folded(self.first_name)}.{_folded(self.last_name)}@{domain}"


@lru_cache(maxsize=CACHED_PEOPLE)
def patient(random_seed: int, index: int) -> Person:
    return _person(random_seed, 2 * index)


@lru_cache(maxsize=CACHED_PEOPLE)
def patient_age(random_seed: int, index: int) -> int:
    """Return the age that a patient reaches in the year of `asOf`."""
    return RandomDraws(random_seed, "age", index).between(YOUNGEST, OLDEST)


def practitioner(random_seed: int, index: int) -> Person:
    return _person(random_seed, 2 * index + 1)


def _person(random_seed: int, place: int) -> Person:
    """Combine each first with each last name, then with each pair of last names."""
    count = len(LAST_NAMES)
    if place < SINGLE_NAMES:
        first, last = permuted_cell(random_seed, "single names", place, len(FIRST_NAMES), count)
        last_name = LAST_NAMES[last]
    else:
        place -= SINGLE_NAMES
        first, pair = permuted_cell(random_seed, "double names", place, len(FIRST_NAMES), PAIRS)
        left, step = divmod(pair, count - 1)
        last_name = f"{LAST_NAMES[left]}-{LAST_NAMES[(left + 1 + step) % count]}"
    gender = "female" if first < len(FEMALE_FIRST_NAMES) else "male"
    return Person(FIRST_NAMES[first], last_name, gender)


# Names are repeated.
@lru_cache(maxsize=4_096)
def _folded(name: str) -> str:
    """Return a name in the letters of an email address. Distinct names stay distinct."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(letter for letter in plain if letter in "abcdefghijklmnopqrstuvwxyz-")

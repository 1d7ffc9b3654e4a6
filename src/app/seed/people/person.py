"""A person, and the sequence of practitioners."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.randomness import permuted_cell

FIRST_NAMES = FEMALE_FIRST_NAMES + MALE_FIRST_NAMES
SINGLE_NAMES = len(FIRST_NAMES) * len(LAST_NAMES)
PAIRS = len(LAST_NAMES) * (len(LAST_NAMES) - 1)
DOUBLE_NAMES = len(FIRST_NAMES) * PAIRS
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Person:
    """The first name is that of a `sex`."""

    first_name: str
    last_name: str
    sex: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def email(self, domain: str, suffix: str = "") -> str:
        return f"{_folded(self.first_name)}.{_folded(self.last_name)}{suffix}@{domain}"


def practitioner(random_seed: int, index: int) -> Person:
    """Combine each first with each last name, then with each pair of last names."""
    place = 2 * index + 1
    count = len(LAST_NAMES)
    if place < SINGLE_NAMES:
        first, last = permuted_cell(random_seed, "single names", place, len(FIRST_NAMES), count)
        last_name = LAST_NAMES[last]
    else:
        place -= SINGLE_NAMES
        first, pair = permuted_cell(random_seed, "double names", place, len(FIRST_NAMES), PAIRS)
        last_name = hyphenated(LAST_NAMES, pair)
    sex = "female" if first < len(FEMALE_FIRST_NAMES) else "male"
    return Person(FIRST_NAMES[first], last_name, sex)


def hyphenated(names: tuple[str, ...], pair: int) -> str:
    return "-".join(two_different(names, pair))


def two_different(names: tuple[str, ...], pair: int) -> tuple[str, str]:
    """Return a pair of different names. There are `len(names) * (len(names) - 1)` of them."""
    left, step = divmod(pair, len(names) - 1)
    return names[left], names[(left + 1 + step) % len(names)]


# Names are repeated.
@lru_cache(maxsize=4_096)
def _folded(name: str) -> str:
    """Return a name in the letters of an email address. Distinct names stay distinct."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(letter for letter in plain if letter in "abcdefghijklmnopqrstuvwxyz-")

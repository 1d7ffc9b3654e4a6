"""What a search must find, by a model that knows the letters it writes and nothing of the code."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.client import ADA, StaffClient

pytestmark = pytest.mark.slow

# Each letter with the ways to write it. None is another letter's beginning.
GLYPHS = {
    "a": "aAáÀäãāạấａＡ",
    "e": "eEéÊëęếəｅ",
    "i": "iIıİíîīIｉ",
    "o": "oOøØöōơợＯ",
    "l": "lLłŁľＬ",
    "d": "dDđĐďｄ",
    "h": "hHħĦＨ",
    "n": "nNñŃňＮ",
    "ss": "ßẞ",
    "ae": "æÆǽ",
    "fi": "ﬁ",
    "ж": "жЖ",
    "σ": "σςΣ",
    "王": "王",
    "7": "7７٧",
}
ROMANIZED = {"ж": "zh", "σ": "s", "王": "wang"}
APOSTROPHES = re.compile("APOSTROPHE|SINGLE QUOT|PRIME")
MARKS = [
    *(
        character
        for character in map(chr, range(0x10000))
        if (kind := unicodedata.category(character)) in {"Pd", "Pi", "Pf"}
        or (kind in {"Po", "Lm", "Ps"} and APOSTROPHES.search(unicodedata.name(character)))
    ),
    "\u200b",
    "\u00ad",
    "ꞌ",
]
SPACES = [" ", "\u00a0", "\u3000", " \u2003"]
Plain = tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """A name as it is written, and its plain words; other scripts may be typed in Latin letters."""

    written: str
    plain: Plain

    def matches(self, typed: str) -> bool:
        """Tell whether a word, with those that follow it, begins with what is typed."""
        plain = ["".join(self.plain[start:]) for start in range(len(self.plain))]
        endings = (*plain, *("".join(ROMANIZED.get(c, c) for c in each) for each in plain))
        return any(ending.startswith(typed) for ending in endings)


@st.composite
def glyphs(draw: st.DrawFn, plain: str) -> str:
    """Write a plain letter in one of its ways, composed or not."""
    glyph = draw(st.sampled_from(GLYPHS[plain]))
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), glyph)


LETTERS = st.lists(st.sampled_from(sorted(GLYPHS)), min_size=1, max_size=4)


@st.composite
def names(draw: st.DrawFn) -> Name:
    written, plain = "", []
    for letters in draw(st.lists(LETTERS, min_size=1, max_size=3)):
        if written:
            written += draw(st.sampled_from(MARKS + SPACES))
        written += "".join(draw(glyphs(letter)) for letter in letters)
        plain.append("".join(letters))
    return Name(written, tuple(plain))


PEOPLE = st.lists(st.tuples(names(), names()), min_size=3, max_size=3)


@st.composite
def queries(draw: st.DrawFn, people: list[tuple[Name, Name]]) -> tuple[str, Plain]:
    """Type the beginnings of some words of somebody, or any letters, in any order."""
    words = [
        "".join(name.plain[start:])
        for person in people
        for name in person
        for start in range(len(name.plain))
    ]
    typed = draw(st.lists(st.sampled_from(words) | LETTERS.map("".join), min_size=1, max_size=3))
    plain = [word[: draw(st.integers(1, len(word)))] for word in typed]
    shown = (word.upper() if draw(st.booleans()) else word for word in plain)
    return draw(st.sampled_from(SPACES)).join(shown), tuple(plain)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[tuple[Name, Name]], list[tuple[str, Plain]]]:
    people = draw(PEOPLE)
    return people, draw(st.lists(queries(people), min_size=3, max_size=3))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(cases())
async def test_a_search_finds_whom_the_model_finds(staff: StaffClient, case: Any) -> None:
    """All patients who have a beginning for each word that is typed, and nobody else."""
    people, searches = case
    ids = await _patients(staff)
    for patient_id, (first, last) in zip(ids, people, strict=True):
        fields: dict[str, Any] = ADA | {"firstName": first.written, "lastName": last.written}
        saved = await staff.call("PUT", f"patients/{patient_id}", json=fields)
        assert saved.status_code == 200, saved.text
    for search, words in searches:
        page = await staff.read("patients", search=search)
        expected = {
            patient_id
            for patient_id, person in zip(ids, people, strict=True)
            if all(any(name.matches(word) for name in person) for word in words)
        }
        assert {row["id"] for row in page["items"]} == expected, (search, people)


async def _patients(staff: StaffClient) -> list[str]:
    """Return the ids of the clinic's three patients, who are created once."""
    page = await staff.read("patients", sort="createdAt")
    while len(page["items"]) < 3:
        await staff.patient()
        page = await staff.read("patients", sort="createdAt")
    return [row["id"] for row in page["items"]]

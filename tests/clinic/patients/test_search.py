"""How names, addresses and numbers are compared, and who is found by what."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from app.clinic.patients.folding import fold, pieces
from app.clinic.patients.models import PatientWord
from app.clinic.patients.search import read_terms
from app.clinic.patients.search_words import MAX_LENGTH, name_key, search_words
from auth.clinics import Backend
from clinic.client import StaffClient, open_staff_client

NAMES = st.text(max_size=40)
LETTERS = st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=15)


def named(first: str, last: str, email: str | None = None, phone: str | None = None) -> Any:
    return {"first_name": first, "last_name": last, "email": email, "phone": phone}


def found_by(search: str, row: Any) -> bool:
    """Say whether a search of one word without punctuation finds a patient, in plain Python."""
    words = search_words(row).split()
    return any(word.startswith("".join(pieces(fold(search)))) for word in words)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Zoë  ÁLVAREZ", "zoe alvarez"),
        ("Müller-Lüdenscheidt", "muller ludenscheidt"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("Işık IŞIK İpek", "isik isik ipek"),
        ("Weiß STRAẞE", "weiss strasse"),
        ("Ægir Đorđe Œuvre Þór Ħal", "aegir dorde oeuvre thor hal"),
        ("Nguyễn Hīnemoa", "nguyen hinemoa"),
        ("ﬁona Ｓｍｉｔｈ ǅemal", "fiona smith dzemal"),
        ("Νίκος ΝΊΚΟΣ", "νικοσ νικοσ"),
        ("Алёна ЙОСИФ", "алена иосиф"),
        ("王伟 ２", "王伟 2"),
        ("snake_case, 2nd", "snake case 2nd"),
        (" --- ", ""),
    ],
)
def test_letters_are_folded(written: str, plain: str) -> None:
    """Case, accents, ligatures and punctuation do not count, in any script."""
    assert " ".join(pieces(fold(written))) == plain


APOSTROPHES = [
    "'", "’", "‘", "‛", "ʼ", "ʻ", "ʽ", "ʹ", "ˈ", "′", "‵", "`", "´", "＇", "ꞌ", "՚", "׳",
    "“", "”", "″", '"', "„", "«", "»", "‹", "›",
    "-", "‐", "‑", "‒", "–", "—", "―", "−", "﹣", "－", "⁃", "·", ".",
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad",
]  # fmt: skip


@pytest.mark.parametrize("mark", APOSTROPHES, ids=lambda mark: f"U+{ord(mark):04X}")
def test_every_mark_joins_and_separates(mark: str) -> None:
    """A name with an apostrophe, a dash or an invisible character is one word, and is two."""
    row = named("Mary", f"O{mark}Brien")
    for search in ("obrien", "OBRIEN", "o'brien", "O’Brien", f"o{mark}brien", "o", "brien", "Bri"):
        assert found_by(search, row), search
    greek = named("Mary", f"Nikos{mark}Άρης")
    for search in ("nikosaris", "άρης", "aris"):
        assert found_by(search, greek), search


@pytest.mark.parametrize("mark", ["'", "’", "ʻ", "ꞌ", "\u200b", "\u00ad"])
def test_apostrophes_and_invisible_characters_do_not_change_the_order(mark: str) -> None:
    """A list has O'Brien where it has OBrien, and Smith-Jones where it has Smith Jones."""
    assert name_key(named("Ada", f"O{mark}Brien")) == "obrien ada"
    assert name_key(named("Ada", "Smith-Jones")) == "smith jones ada"


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u3000"])
def test_every_space_separates(space: str) -> None:
    """A space that does not break is a space."""
    assert search_words(named("Ann", f"de{space}Luca")) == " ann deluca luca"


def test_marks_may_come_in_any_order() -> None:
    """What looks the same is the same, composed or not."""
    written = {"ế", "e\u0302\u0301", "e\u0301\u0302", "ê\u0301", "e\u034f\u0302\u0301"}
    assert {fold(each) for each in written} == {"e"}


@pytest.mark.parametrize(
    ("name", "searches"),
    [
        ("Дмитрий", ("дмитрий", "ДМИТРИЙ", "dmitriy", "Dmi")),
        ("Νίκος", ("νίκος", "ΝΙΚΟΣ", "nikos")),
        ("王伟", ("王", "王伟", "wang")),
        ("हिन्दी", ("हिन्दी", "हि")),
        ("علی‌رضا", ("علی‌رضا", "علیرضا", "رضا")),
        ("𰻞", ("𰻞",)),
    ],
)
def test_other_scripts_are_found_by_themselves_and_in_latin_letters(
    name: str, searches: tuple[str, ...]
) -> None:
    """A name that a romanization would mangle is still found as it is written."""
    for search in searches:
        assert found_by(search, named("Any", name)), search


def test_vowel_signs_count() -> None:
    """They are letters, though Unicode counts them as marks."""
    assert fold("कि") != fold("कु")


@settings(deadline=None)
@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    """Nor does case or the form of Unicode: what is stored and what is typed meet."""
    folded = fold(name)
    assert "".join(pieces(fold(folded))) == "".join(pieces(folded))
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, name)) == folded


@settings(deadline=None)
@given(LETTERS, LETTERS, st.data())
def test_the_beginning_of_a_name_finds_it(first: str, last: str, data: st.DataObject) -> None:
    """Either of the two."""
    for name in (first, last):
        typed = name[: data.draw(st.integers(1, len(name)))]
        assert found_by(typed, named(first, last)) or not pieces(fold(typed))


def test_words_fit_an_index() -> None:
    """Also those of a letter that becomes eighteen."""
    row = named("\ufdfa" * 200, "\ufdfa" * 200, "\ufdfa" * 200, "1 2" * 100)
    assert max(map(len, search_words(row).split())) == MAX_LENGTH
    assert len(name_key(row).encode()) <= 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "+61 3 7010 1234",
        "+61370101234",
        "+61 (0)3 7010-1234",
        "(+61) 3 7010 1234",
        "03.7010.1234",
        "0061 3 7010 1234",
        "0011 61 3 7010 1234",
        "61 3 7010 1234",
        "61370101234",
        "０３ ７０１０ １２３４",
        "٠٣ ٧٠١٠ ١٢٣٤",
    ],
)
def test_a_number_is_the_same_however_it_is_written(typed: str) -> None:
    """With or without the code of Australia; other countries keep theirs."""
    assert "0370101234" in search_words(named("Ada", "Any", phone=typed)).split()


@pytest.mark.parametrize("typed", ["+44 20 7946 8888", "0044 20 7946 8888", "0011 442079468888"])
def test_other_countries_keep_their_code(typed: str) -> None:
    """What is dialled before it does not count, in a row or in a search."""
    assert "442079468888" in search_words(named("Ada", "Any", phone=typed)).split()
    assert ("442079468888",) in read_terms(typed)[0]


@pytest.mark.parametrize("typed", ["1300 655 506", "+61 1300 655 506", "61 1300 655 506"])
def test_some_numbers_are_dialled_without_a_0(typed: str) -> None:
    assert "1300655506" in search_words(named("Ada", "Any", phone=typed))
    assert ("1300655506",) in read_terms(typed)[0]


PEOPLE = {
    "zoe": {"firstName": "Zoë", "lastName": "O‘Brien", "email": "Zoe.OB@Example.org"},
    "anna": {"firstName": "Anna Lena", "lastName": "Müller-Brandt", "phone": "+61 3 7010 1234"},
    "bran": {"firstName": "Bran", "lastName": "Zola", "phone": "(03) 5550 9999"},
    "isik": {"firstName": "Henry 8", "lastName": "Işık", "phone": "0412345678"},
    "jones": {"firstName": "Ann", "lastName": "Abel-Jones", "phone": "+44 20 7946 8888"},
    "obrien": {"firstName": "Oscar", "lastName": "OBrien", "email": "jane_doe@example.org"},
}


SEARCHES: tuple[tuple[str, set[str]], ...] = (
    ("zo", {"zoe", "bran"}),
    ("ZOË O", {"zoe"}),
    ("obrien, zoe", {"zoe"}),
    ("obrien,zoe", {"zoe"}),
    ("zoe obrien", {"zoe"}),
    ("O'Brien", {"zoe", "obrien"}),
    ("o`brien", {"zoe", "obrien"}),
    ("obrien", {"zoe", "obrien"}),
    ("o brien", {"zoe"}),
    ("brien", {"zoe"}),
    ("muller brandt anna", {"anna"}),
    ("brandt-muller", {"anna"}),
    ("Anna-Lena Müller", {"anna"}),
    ("lena", {"anna"}),
    ("anna", {"anna"}),
    ("isik", {"isik"}),
    ("ISIK", {"isik"}),
    ("jones", {"jones"}),
    ("ann jones abel", {"jones"}),
    ("abeljones", {"jones"}),
    ("ann - jones", {"jones"}),
    ("ann zola", set()),
    ("zoe.ob@EXAMPLE", {"zoe"}),
    (" zoe.ob@example.org ", {"zoe"}),
    ("ob@example", set()),
    ("doe oscar", {"obrien"}),
    ("jane.doe", {"obrien"}),
    ("03", {"anna", "bran"}),
    ("+6", {"anna", "bran", "isik"}),
    ("+61", {"anna", "bran", "isik"}),
    ("61 3", {"anna", "bran"}),
    ("+61 3 7010", {"anna"}),
    ("3 7010 1234", {"anna"}),
    ("+61370101234", {"anna"}),
    ("7010 1234", {"anna"}),
    ("70101234", {"anna"}),
    ("7010", {"anna"}),
    ("1234", {"anna"}),
    ("anna 7010 1234", {"anna"}),
    ("(03) 5550-9", {"bran"}),
    ("03–5550–9999", {"bran"}),
    ("345 678", {"isik"}),
    ("412 345", {"isik"}),
    ("8 isik", {"isik"}),
    ("8 0412", {"isik"}),
    ("7946 8888", {"jones"}),
    ("+44 20", {"jones"}),
    ("0044 20 7946 8888", {"jones"}),
    ("0011 44 20", {"jones"}),
    ("0011 61 3 7010", {"anna"}),
    ("99 98", set()),
    ("%", set()),
    ("_", set()),
    ("z%e", set()),
    ("z_e", set()),
    ("\\", set()),
    ("\u200b", set()),
    ("  ", set(PEOPLE)),
)


async def test_patients_are_found_by_the_beginnings_of_words(
    crowd: tuple[StaffClient, dict[str, str]],
) -> None:
    """In any order, of a name, an address or a number; and their plans alike."""
    staff, ids = crowd
    for search, found in SEARCHES:
        patients = await staff.read("patients", search=search)
        assert {ids[row["id"]] for row in patients["items"]} == found, search
        plans = await staff.read("treatment-plans", search=search)
        assert {ids[row["patientId"]] for row in plans["items"]} == found, search


@pytest.fixture(scope="module")
async def crowd(backend: Backend) -> tuple[StaffClient, dict[str, str]]:
    """Create some patients with a plan each; return their names by their ids."""
    staff = await open_staff_client(backend)
    ids = {}
    for name, fields in PEOPLE.items():
        person = await staff.patient(**fields)
        await staff.plan(person)
        ids[person["id"]] = name
    return staff, ids


async def test_a_patient_is_found_by_what_is_true_now(staff: StaffClient) -> None:
    """A change replaces the words, those of a deleted patient find the deleted one alone."""
    patient = await staff.patient(lastName="Smith-Jones", phone="9555 1234")
    path = f"patients/{patient['id']}"

    async def finds(search: str, **query: Any) -> bool:
        return bool((await staff.read("patients", search=search, **query))["items"])

    changed = await staff.call("PATCH", path, json={"lastName": "Brown", "phone": None})
    assert changed.status_code == 200
    assert not await finds("jones")
    assert not await finds("1234")
    assert await finds("brown ada")
    await staff.call("DELETE", path)
    assert not await finds("brown")
    assert await finds("brown", deleted="true")
    async with staff.backend.session() as session:
        words = select(col(PatientWord.word)).where(
            PatientWord.organization_id == staff.organization_id
        )
        assert set((await session.exec(words)).all()) == {"ada", "brown"}

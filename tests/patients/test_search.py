"""How names, addresses and numbers are compared, and who is found by what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.patients.models import KEYS
from app.patients.search import MAX_LENGTH, digits, fold, fold_name
from desk import Desk

NAMES = st.text(max_size=40)
WORDS = st.text(st.characters(categories=["Ll", "Lu", "Lo", "Nd"]), min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Zoë  ÁLVAREZ", "zoe alvarez"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),  # noqa: RUF001 - as people type it
        ("Müller-Lüdenscheidt", "muller ludenscheidt"),
        ("Łukasz Sørensen", "lukasz sorensen"),
        ("Weiß", "weiss"),
        ("Ægir Đorđe Œuvre", "aegir dorde oeuvre"),
        ("Νίκος", "νικοσ"),
        ("snake_case, 2nd", "snake case 2nd"),
        (" --- ", ""),
    ],
)
def test_names_are_folded(typed: str, folded: str) -> None:
    """Case, accents, apostrophes and punctuation do not count."""
    assert fold(typed) == folded


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    """Nor does case: what is stored and what is typed meet."""
    assert fold(fold(name)) == fold(name)
    assert len(fold(name)) <= MAX_LENGTH


@given(WORDS, WORDS, st.data())
def test_the_beginning_of_a_name_finds_it(first: str, last: str, data: st.DataObject) -> None:
    """Either way round, with or without a comma."""
    row = {"first_name": first, "last_name": last, "email": None, "phone": None}
    for key, name in (("first_name_key", f"{first} {last}"), ("name_key", f"{last}, {first}")):
        typed = name[: data.draw(st.integers(0, len(name)))]
        stored = KEYS[key](row)
        assert stored is not None
        assert stored.startswith(fold(typed))


def test_a_key_fits_an_index() -> None:
    """Also that of a letter that becomes eighteen."""
    row = {"first_name": "\ufdfa" * 200, "last_name": "\ufdfa" * 200}
    assert len(str(KEYS["name_key"](row)).encode()) <= 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "+61 3 7010 1234",
        "+61370101234",
        "+61 (0)3 7010-1234",
        "(+61) 3 7010 1234",
        "(03) 7010 1234",
        "03.7010.1234",
        "0061 3 7010 1234",
        "03 7010 1234",
    ],
)
def test_numbers_are_told_as_one_dials_them(typed: str) -> None:
    """In whatever way they are spelled."""
    assert digits(typed) == "0370101234"


@pytest.mark.parametrize("typed", ["+6", "+61", "+610", "006", "0061", "+61 (0)"])
def test_the_code_of_the_country_may_be_typed_bit_by_bit(typed: str) -> None:
    """Nobody is lost on the way to the number."""
    assert "0370101234".startswith(digits(typed))


def test_other_countries_keep_their_code() -> None:
    """Only that of Australia is left out."""
    assert digits("+44 20 7946 0000") == "442079460000"


PEOPLE = {
    "zoe": {"firstName": "Zoë", "lastName": "O'Brien", "email": "Zoe.OB@Example.org"},
    "anna": {"firstName": "Anna Lena", "lastName": "Müller-Brandt", "phone": "+61 3 7010 1234"},
    "bran": {"firstName": "Bran", "lastName": "Zola", "phone": "(03) 5550 9999"},
}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("zo", {"zoe", "bran"}),
        ("ZOË O", {"zoe"}),
        ("obrien, zoe", {"zoe"}),
        ("o'b", {"zoe"}),
        ("muller brandt anna", {"anna"}),
        ("Anna-Lena Müller", {"anna"}),
        ("lena", set()),
        ("zoe.ob@EXAMPLE", {"zoe"}),
        (" zoe.ob@example.org ", {"zoe"}),
        ("03", {"anna", "bran"}),
        ("+61 3 7010", {"anna"}),
        ("(03) 5550-9", {"bran"}),
        ("7010", set()),
        ("%", set()),
        ("_", set()),
        ("  ", {"zoe", "anna", "bran"}),
    ],
)
async def test_patients_are_found_by_what_begins_with_it(
    desk: Desk, search: str, found: set[str]
) -> None:
    """By a name either way round, an address or a number; and their plans alike."""
    people = {name: await desk.patient(**fields) for name, fields in PEOPLE.items()}
    ids = {person["id"]: name for name, person in people.items()}
    patients = await desk.read("patients", search=search)
    assert {ids[row["id"]] for row in patients["items"]} == found
    for person in people.values():
        await desk.plan(person)
    plans = await desk.read("treatment-plans", search=search)
    assert {ids[row["patientId"]] for row in plans["items"]} == found


@given(NAMES, NAMES)
def test_names_fold_one_by_one_as_in_one_text(first: str, last: str) -> None:
    """So that what is folded often need be folded once."""
    assert fold_name(first, last) == fold(f"{first} {last}")

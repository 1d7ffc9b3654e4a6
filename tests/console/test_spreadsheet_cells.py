"""What a cell of an export may be, so that no spreadsheet runs it."""

import pytest

from app.console.exports import text_only


@pytest.mark.parametrize(
    "text",
    ["+61 3 5550 1234", "+61 (0)3-5550.1234", "-12", "03 5550", "", "a=b", "2020-01-01", "O'Brien"],
)
def test_a_phone_number_stays_as_it_is(text: str) -> None:
    assert text_only(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-1+1=",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\uff1d1",
        "+61 3 =1",
        "-x",
        "\n@a",
    ],
)
def test_a_formula_becomes_a_text(text: str) -> None:
    assert text_only(text) == f"'{text}"

"""Texts that programs often get wrong."""

import unicodedata
from typing import NamedTuple


class Sample(NamedTuple):
    """Text for names and other lines: the second one is for last names."""

    text: str
    last_name: str


WIDE = "W"
ONE_LETTER = Sample("Q", "X")
LINES = "First line\nSecond line\r\n\tThird line, after a tab\n\n\nLast line, after two empty ones"
SAMPLES = {
    "right-to-left text": Sample("مريم عبد الرحمن", "בן־דוד"),
    "combining characters": Sample(
        unicodedata.normalize("NFD", "Nguyễn Thị Ánh"),
        "Z\u0334\u0322\u031b\u0306a\u0338\u0355\u0306l\u0335\u0321\u030bg\u0337\u0357o\u0335\u0330",
    ),
    "emoji with joiners": Sample("👩🏽‍⚕️👨‍👩‍👧‍👦", "🏳️‍🌈❤️‍🔥1️⃣"),
    "East Asian scripts": Sample("𠮷野家", "김민준ｶﾞｷﾞ"),
    "HTML": Sample("<script>alert('name')</script>", '"><img src=x onerror=alert(1)> &amp;'),
    "quotes": Sample('O\'Brien "Bob" `x`', "«Anne» „Bob“ \\ \\\\ %s {{ 7*7 }} ${x}"),
    "SQL": Sample("Robert'); DROP TABLE patients; --", "x' OR '1'='1"),
    "formulas of spreadsheets": Sample('=HYPERLINK("http://example.com","x")', "+61 @SUM(A1)"),
    "invisible characters": Sample("zero\u200bwidth\u00adsoft\ufeff", "\u202egnirts\u202c"),
}


def fitted(text: str, length: int) -> str:
    """Return a text of this length, which repeats the given one."""
    return (text * (length // len(text) + 1))[:length]

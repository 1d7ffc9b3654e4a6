"""Fold text for comparison: text that looks alike to a person who types becomes equal.

Case, accents and other marks, ligatures, full-width letters and digits are folded by Unicode's own
tables, Latin letters that Unicode does not decompose (ø, ł, đ) by AnyAscii's.
Letters of other scripts stay the same; `romanize` converts them.
"""

import re
import unicodedata
from functools import cache

from anyascii import anyascii

# Beginnings of Unicode names: Python's tables have no script property.
ROMANIZED = ("LATIN ", "MODIFIER LETTER ")
# The characters of a folded text other than letters and digits.
JOINER = "'"  # an apostrophe, or a character without width: O'Brien, OBrien
HYPHEN = "-"  # any other punctuation
PLUS = "+"
QUOTES = frozenset("'`")
PIECE = re.compile(r"[^ '+-]+")
WORD = re.compile(r"[^ +-]+")


def fold(text: str) -> str:
    """Return a text in plain lower case letters, with four kinds of punctuation.

    They are a space, `JOINER`, `HYPHEN` and `PLUS`.
    """
    if text.isascii():
        return text.lower().translate(ASCII)
    # Decomposed twice: decomposing may reveal a case, and folding the case a mark.
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(map(_fold_character, unicodedata.normalize("NFKD", letters)))


def pieces(folded: str) -> list[str]:
    """Split a folded text at spaces and punctuation of any kind."""
    return PIECE.findall(folded)


def words(folded: str) -> list[str]:
    """Split a folded text at spaces and punctuation; apostrophes do not count."""
    return WORD.findall(folded.replace(JOINER, ""))


def romanize(text: str) -> str:
    """Return a text of any script, folded and in Latin letters."""
    letters = unicodedata.normalize("NFC", text)
    # AnyAscii drops characters without width, which separate words.
    kept = "".join(each if anyascii(each) else _fold_character(each) for each in letters)
    return fold(anyascii(kept))


@cache
def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    latin = anyascii(character)
    if category[0] == "M":
        # Ignore accents, keep vowel signs. AnyAscii has no letter for invisible characters.
        return "" if unicodedata.combining(character) or not latin else character
    if category[0] in "LN":
        return _fold_letter(character, latin)
    if character.isspace():
        return " "
    if category == "Cf" or latin in QUOTES:
        return JOINER
    return PLUS if latin == PLUS else HYPHEN


def _fold_letter(character: str, latin: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Lm" and latin in QUOTES:
        return JOINER
    if not unicodedata.name(character, "").startswith(ROMANIZED):
        return character
    # Without letters in it, this is an apostrophe that Unicode counts as a letter.
    return "".join(filter(str.isalnum, latin)).lower() or JOINER


ASCII = {code: _fold_character(chr(code)) for code in range(128) if not chr(code).isalnum()}

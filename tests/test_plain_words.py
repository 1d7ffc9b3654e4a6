"""Texts are written in the plain English of the field; see "How we write" in CONTRIBUTING.md."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import PROJECT_ROOT

TEXTS = sorted([*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")])
# Code whose messages, docstrings and comments are texts; `data` has seeded texts only.
CODE_FILES = sorted(
    [
        PROJECT_ROOT / "justfile",
        *PROJECT_ROOT.glob("src/app/*.py"),
        *PROJECT_ROOT.glob("src/app/cli/*.py"),
        *(file for file in PROJECT_ROOT.glob("src/app/seed/**/*.py") if file.parent.name != "data"),
        *PROJECT_ROOT.glob("tools/*.py"),
        *PROJECT_ROOT.glob("benchmarks/*"),
    ]
)
# Phrases that a reader has to read twice, and what to write instead.
UNUSED_PHRASES = {
    r"who(m|so)?ever": 'name the person: "a user who …"',
    r"whatever": 'name the thing: "any value"',
    r"anew": '"again", or "create"',
    r"in vain": '"failed", or say what did not happen',
    r"(for|a) want of": '"because there is no …"',
    r"of (one's|its|their|his|her|our|your) own": '"its own database", before the noun',
    r"one's": '"your", or "the user\'s"',
    r"stands?(?! for)": 'the verb of the field: "is", "is stored", "is listed"',
    r"stood": '"was"',
    r"goes": '"is deleted", "is sent", "moves"',
    r"answer(s|ed)?": '"response", "return"',
    r"what (nobody|no one) (knows|says)": '"unknown values"',
    r"(no|any)body (is|was) (told|asked|lost)": "say who does what",
    r"wh(o|om) (to|one can) be": '"who to sign in as"',
    r"be someone": '"sign in as"',
    r"(is|are|be) told apart": '"each has its own message"',
    r"(is|are|was|were) told": '"is reported", "is listed"',
    r"without a word": "say what is missing",
    r"write (\w+ )?down": '"create", "store"',
    r"is another one": '"changes"',
    r"plays? on": '"the data set\'s today"',
    r"on earth": '"in any time zone"',
    r"see (that|to it)": '"check that …"',
    r"led to no|leads? nowhere": "say what happens",
    r"that there (is|are)": 'leave it out: "all commands"',
    r"as ever|by the word of|at one moment": "say which rule, who, or when",
    r", for (every|it|they|there|nobody|no|he|she)": '"because"',
    r"passed over": '"ignored"',
}
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK_TARGET = re.compile(r"\]\([^)]*\)")

each_text = pytest.mark.parametrize(
    "file", TEXTS, ids=lambda file: str(file.relative_to(PROJECT_ROOT))
)


@each_text
def test_texts_have_none_of_the_phrases_that_we_do_not_use(file: Path) -> None:
    """The message names the place, the phrase, and what to write instead."""
    found = [
        f'{file.relative_to(PROJECT_ROOT)}:{number}: "{phrase}" is hard to read. Write {instead}.'
        for number, line in prose(file)
        for phrase, instead in unused_phrases(line)
    ]
    assert not found, "\n".join(["", *found, 'See "How we write" in CONTRIBUTING.md.'])


@pytest.mark.parametrize("file", CODE_FILES, ids=lambda file: str(file.relative_to(PROJECT_ROOT)))
def test_code_has_none_of_the_phrases_that_we_do_not_use(file: Path) -> None:
    """Names in code count as well."""
    found = [
        f'{file.relative_to(PROJECT_ROOT)}:{number}: "{phrase}" is hard to read. Write {instead}.'
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        for phrase, instead in unused_phrases(line)
    ]
    assert not found, "\n".join(["", *found, 'See "How we write" in CONTRIBUTING.md.'])


@each_text
def test_texts_have_one_sentence_a_line(file: Path) -> None:
    """A change of one sentence is a change of one line; tables are exempt."""
    found = [
        f"{file.relative_to(PROJECT_ROOT)}:{number}: start each sentence on its own line: {line}"
        for number, line in prose(file)
        if not line.startswith("|") and re.search(r"[a-z)*]{2}[.!?] +[A-Z]", line)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "line",
    [
        "Whoever signs in.",
        "A database of its own.",
        "All rows are created anew.",
        "The answer is 200.",
    ],
)
def test_a_phrase_that_we_do_not_use_is_found(line: str) -> None:
    """The list is matched regardless of case."""
    assert [*unused_phrases(line)]


@pytest.mark.parametrize("line", ["UTC stands for …", "The standard is high.", "Each has its own."])
def test_a_similar_phrase_is_not_found(line: str) -> None:
    """Words are matched as a whole."""
    assert not [*unused_phrases(line)]


def prose(file: Path) -> Iterator[tuple[int, str]]:
    """Return the numbered lines of a document, without code and link targets."""
    text = CODE.sub(lambda code: "\n" * code[0].count("\n") or "CODE", file.read_text())
    return enumerate(LINK_TARGET.sub("]", text).splitlines(), start=1)


def unused_phrases(line: str) -> Iterator[tuple[str, str]]:
    for pattern, instead in UNUSED_PHRASES.items():
        for match in re.finditer(rf"\b(?:{pattern})\b", line, re.IGNORECASE):
            yield match[0], instead

"""Texts are written in the plain English of the field; see "How we write" in CONTRIBUTING.md."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import PROJECT_ROOT

DOCUMENTS = sorted([*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")])
DOCUMENTS.append(PROJECT_ROOT / "kit" / "pytest" / "README.md")
SEEDED_TEXTS = PROJECT_ROOT / "src" / "app" / "seed" / "data"
THIS_FILE = Path(__file__)
CODE_FILES = [
    PROJECT_ROOT / "justfile",
    *(
        file
        for folder in ("src", "tests", "tools", "benchmarks", "kit/pytest")
        for file in sorted((PROJECT_ROOT / folder).rglob("*.py"))
        if file.parent != SEEDED_TEXTS and file != THIS_FILE
    ),
]
CONSOLE = PROJECT_ROOT / "src" / "app" / "console"
PAGE_FILES = sorted([*CONSOLE.glob("templates/**/*.html"), *CONSOLE.glob("static/*.js")])
TEXTS = [*DOCUMENTS, *CODE_FILES, *PAGE_FILES]
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
    r"e-mails?": '"email", as in the glossary',
    r"misspelt": '"misspelled"',
    r"prolongs?": '"extend"',
    r"holds? of (a|the|an)": '"applies to"',
    r"(it|that|which|what|inviter|caller) (is|are) none": 'say what it is not: "is not a member"',
    r"tells? of": '"return whether", "report"',
    r"clash(es)? with": '"conflicts with", as in the glossary',
    r"counts? before CODE": '"takes precedence over"',
    r"(is|are) said by": "say who says it",
    r"(is|are) other ones": 'say how they differ: "differ in dark mode"',
    r"(in)?to the place of": '"replaces"',
    r"for the sake of": '"because of", "instead of"',
    r"with another \S+ than": 'say what it is: "beyond loopback"',
    r"as locked": '"in the locked versions"',
    r"physiotherapy practices": '"clinic", as in the glossary',
    r"(col|behavi|fav)ours?|licences?|learnt": "the American spelling",
}
ANY_PHRASE = re.compile(rf"\b(?:{'|'.join(UNUSED_PHRASES)})\b", re.IGNORECASE)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
# What has a separator, is called, or is a member, a selector or the word before a value.
NAME_IN_CODE = re.compile(r"[.#]?[\w-]+[_.-]\w[\w-]*|[.#][a-z]\w*|\w+(?=\(|=)")
LINK_TARGET = re.compile(r"\]\([^)]*\)")


def name_of(file: Path) -> str:
    return str(file.relative_to(PROJECT_ROOT))


def test_texts_have_none_of_the_phrases_that_we_do_not_use() -> None:
    """The message names the places, the phrases, and what to write instead."""
    found = [
        f'{name_of(file)}:{number}: "{phrase}" has to be read twice. Write {instead}.'
        for file in TEXTS
        for number, line in lines_of(file)
        for phrase, instead in unused_phrases(line)
    ]
    assert not found, "\n".join(["", *found, 'See "How we write" in CONTRIBUTING.md.'])


def test_documents_have_one_sentence_a_line() -> None:
    """A change of one sentence is a change of one line; tables are exempt."""
    found = [
        f"{name_of(file)}:{number}: start each sentence on its own line: {line}"
        for file in DOCUMENTS
        for number, line in lines_of(file)
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


@pytest.mark.parametrize(
    "source",
    [
        '"""Whoever calls."""',
        'def call():\n    """Return one.\n\n    Whoever calls.\n    """',
        "x = 1  # whoever calls",
        "raise ValueError('whoever calls')",
        "raise ValueError(f'whoever calls {x}')",
        "call(\n    'who'\n    'ever calls'\n)",
    ],
)
def test_a_phrase_is_found_in_every_kind_of_text_in_code(source: str) -> None:
    """Docstrings, comments and strings are read."""
    assert [phrase for _, line in texts_in(source) for phrase in unused_phrases(line)]


@pytest.mark.parametrize(
    "source",
    ["<p>Whoever signs in.</p>", '<a title="whoever calls">', "// whoever calls", 'say("whoever")'],
)
def test_a_phrase_is_found_in_every_kind_of_text_in_a_page(source: str) -> None:
    """Texts, attributes, comments and strings are read."""
    assert [phrase for _, line in texts_of_page(source) for phrase in unused_phrases(line)]


@pytest.mark.parametrize(
    "source", ['<p class="answer-list">', "{{ row.answer }}", "answer()", "page.answer = 1"]
)
def test_names_in_a_page_are_no_texts(source: str) -> None:
    """Classes, members and functions are names."""
    assert not [phrase for _, line in texts_of_page(source) for phrase in unused_phrases(line)]


def test_names_in_code_are_no_texts() -> None:
    """A string of one word is a key or a name, and so is what has backquotes."""
    source = "x = answer['answer']  # `answer`"
    assert not [phrase for _, line in texts_in(source) for phrase in unused_phrases(line)]


def lines_of(file: Path) -> Iterator[tuple[int, str]]:
    if file.suffix == ".py":
        return texts_in(file.read_text())
    if file in PAGE_FILES:
        return texts_of_page(file.read_text())
    return prose(file)


def texts_of_page(source: str) -> Iterator[tuple[int, str]]:
    """Return the numbered lines of a template or a script, without names in code."""
    return enumerate(NAME_IN_CODE.sub("NAME", source).splitlines(), start=1)


def prose(file: Path) -> Iterator[tuple[int, str]]:
    """Return the numbered lines of a document, without code and link targets."""
    text = without_code(file.read_text())
    return enumerate(LINK_TARGET.sub("]", text).splitlines(), start=1)


def texts_in(source: str) -> Iterator[tuple[int, str]]:
    """Return the comments and the strings of several words of a module, with their lines."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], without_code(token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            for ahead, line in enumerate(without_code(node.value).splitlines()):
                yield node.lineno + ahead, line


def without_code(text: str) -> str:
    return CODE.sub(lambda code: "\n" * code[0].count("\n") or "CODE", text)


def unused_phrases(line: str) -> Iterator[tuple[str, str]]:
    if not ANY_PHRASE.search(line):
        return
    for pattern, instead in UNUSED_PHRASES.items():
        for match in re.finditer(rf"\b(?:{pattern})\b", line, re.IGNORECASE):
            yield match[0], instead

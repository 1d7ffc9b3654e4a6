"""The libraries of the console's pages: kept here, as they are locked, with their licenses."""

import re
import sys
from pathlib import Path

import pytest

import app.console
from journeys.commands import PROJECT, environment, run
from requirements import lacking

PACKAGE = Path(str(app.console.__file__)).parent
VENDORED = PACKAGE / "static" / "vendor"
OWN_FILE = re.compile(r'"(/console/[^"]+)"')


@pytest.mark.slow
def test_the_files_are_those_of_the_lock() -> None:
    """What `just vendor` would download is what is stored here, byte for byte."""
    command = (sys.executable, str(PROJECT / "tools" / "vendor.py"), "--check")
    done = run(*command, variables=environment(""))
    if "npm could not fetch" in done.stderr:
        lacking(done.stderr)
    assert done.returncode == 0, done.stderr


def test_each_library_has_its_license() -> None:
    """So do those that are a part of a bundle."""
    files = [file.relative_to(VENDORED) for file in VENDORED.rglob("*") if file.is_file()]
    licensed = {file.parent for file in files if file.name.startswith("LICENSE")}
    assert len(licensed) >= 7
    assert not [file for file in files if not licensed & {*file.parents}]


def test_a_page_names_files_that_exist() -> None:
    """And no file of another machine."""
    for template in PACKAGE.rglob("*.html"):
        text = template.read_text()
        for path in OWN_FILE.findall(text):
            assert (PACKAGE / "static" / path.removeprefix("/console/")).is_file(), path
        assert "//" not in re.sub(r"{[{%#].*?[}%#]}", "", text), template

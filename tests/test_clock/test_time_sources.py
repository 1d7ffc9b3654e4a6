"""Everything that depends on the time asks `app.clock`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app

SOURCE = Path(str(app.__file__)).parent
# Durations and limits of the server itself.
MACHINE_TIME = {
    "auth/counts.py": ["time.time"],
}
CALLS = re.compile(
    r"(datetime|date)\.(now|today|utcnow)|time\.(time|time_ns|localtime|gmtime)"
    r"|func\.(now|current_timestamp|current_date|localtimestamp)"
)
IN_SQL = re.compile(
    r"\b(now\(\)|CURRENT_(?:TIMESTAMP|DATE|TIME)|statement_timestamp\(\))", re.IGNORECASE
)
IN_SCRIPTS = re.compile(r"new Date\(\)|Date\.now\(\)")


def uses_of_time(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and CALLS.fullmatch(ast.unparse(node.func)):
            yield ast.unparse(node.func)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from IN_SQL.findall(node.value)


def test_nothing_else_asks_for_the_time() -> None:
    found = {
        str(file.relative_to(SOURCE)): sorted(set(uses))
        for file in SOURCE.rglob("*.py")
        if file.name != "clock.py" and (uses := list(uses_of_time(file)))
    }
    assert found == MACHINE_TIME


def test_scripts_ask_the_page() -> None:
    scripts = SOURCE / "console" / "static"
    found = [
        file.name
        for file in scripts.glob("*.js")
        if file.name != "server_time.js" and IN_SCRIPTS.search(file.read_text())
    ]
    assert found == []

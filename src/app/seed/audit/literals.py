"""Write a statement with all of its values in the text.

An audit of all rules has hundreds of values, of which only a few differ from one call to the next.
Binding them all takes longer than to run it, and so does to compile it again.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BindParameter
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.base import PGCompiler
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.sql.elements import ClauseElement

DIALECTS = {"postgresql": postgresql.dialect, "sqlite": sqlite.dialect}
COMPILERS = {"postgresql": PGCompiler, "sqlite": SQLiteCompiler}
PLACE = re.compile("\0(.+?)\0")  # of a parameter; no statement has this character


def with_places(statement: ClauseElement, dialect: str) -> str:
    """Return the text with the values that the statement has, and places for those that it lacks.

    `filled` fills them.
    """
    used: Any = DIALECTS[dialect](paramstyle="named")  # a percent sign is an ordinary character
    compiler: Any = COMPILERS[dialect]

    class Compiler(compiler):  # type: ignore[misc]
        def visit_bindparam(self, bindparam: BindParameter[Any], **_: Any) -> str:
            if bindparam.required:
                return f"\0{bindparam.key}\0"
            value = bindparam.effective_value
            if isinstance(bindparam.type, JSON.JSONPathType):
                process = bindparam.type.dialect_impl(used).bind_processor(used)
                value = process(value) if process else value
            return _literal(value, dialect)

    used.statement_compiler = Compiler
    return str(statement.compile(dialect=used))


def filled(text: str, dialect: str, values: Mapping[str, Any]) -> str:
    return PLACE.sub(lambda place: _literal(values[place[1]], dialect), text)


def _literal(value: Any, dialect: str) -> str:
    match value:
        case int() | float():
            return str(value)
        case date() if dialect == "postgresql":
            return f"DATE '{value}'"
        case UUID() if dialect == "sqlite":
            return f"'{value.hex}'"
        case str() | date() | time() | UUID():
            return "'" + str(value).replace("'", "''") + "'"
        case list() | tuple():
            return "(" + ", ".join(_literal(each, dialect) for each in value) + ")"
    raise TypeError(f"a value that cannot be written into a statement yet: {value!r}")

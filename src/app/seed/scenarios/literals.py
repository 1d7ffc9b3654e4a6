"""Write a statement with all of its values in the text.

The audit of a clinic is one statement with hundreds of values, of which only the ids of the clinics
differ from one to the next. Binding them all takes longer than to run it.
"""

from collections.abc import Mapping, Sequence
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


def with_literals(statement: ClauseElement, dialect: str, values: Mapping[str, Any]) -> str:
    """Return the text; `values` are those of the parameters, and a text replaces a whole list."""
    used: Any = DIALECTS[dialect](paramstyle="named")  # a percent sign is an ordinary character
    compiler: Any = COMPILERS[dialect]

    class Compiler(compiler):  # type: ignore[misc]
        def visit_bindparam(self, bindparam: BindParameter[Any], **_: Any) -> str:
            value = values.get(bindparam.key, bindparam.effective_value)
            if isinstance(bindparam.type, JSON.JSONPathType):
                process = bindparam.type.dialect_impl(used).bind_processor(used)
                value = process(value) if process else value
            if not bindparam.expanding or isinstance(value, str):
                return value if bindparam.expanding else _literal(value, dialect)
            return "(" + ", ".join(_literal(each, dialect) for each in value) + ")"

    used.statement_compiler = Compiler
    return str(statement.compile(dialect=used))


def _literal(value: Any, dialect: str) -> str:
    match value:
        case int() | float():
            return str(value)
        case date() if dialect == "postgresql":
            return f"DATE '{value}'"
        case str() | date() | time():
            return "'" + str(value).replace("'", "''") + "'"
    raise TypeError(f"a value that cannot be written into a statement yet: {value!r}")


def listed(ids: Sequence[UUID], dialect: str) -> str:
    """Return ids as they are stored, for `IN`."""
    texts = (each.hex if dialect == "sqlite" else str(each) for each in ids)
    return "(" + ", ".join(f"'{text}'" for text in texts) + ")"

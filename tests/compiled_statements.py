"""SQL that was compiled for one engine, for all later engines of the same kind of database.

Each test has its own engine, and compiling its statements takes a third of the time of a seed.
The engines differ in the database only, so they would compile equal SQL.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Dialect, Engine

MAX_STATEMENTS = 3_000


class CompiledStatements(dict[Any, Any]):
    """A `compiled_cache` that ignores the first part of a key: the dialect of an engine."""

    def get(self, key: Any, default: Any = None, /) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        assert isinstance(key[0], Dialect)
        if len(self) == MAX_STATEMENTS:
            self.clear()
        super().__setitem__(key[1:], value)


_by_dialect: dict[type[Dialect], CompiledStatements] = defaultdict(CompiledStatements)


def share(engine: Engine) -> None:
    """Let a new engine use what other engines compiled."""
    engine.update_execution_options(compiled_cache=_by_dialect[type(engine.dialect)])

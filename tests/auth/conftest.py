"""Clinics on both databases, and what a call costs, counted while the real thing happens."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from litestar import Litestar
from passlib.context import CryptContext
from sqlalchemy import event
from sqlmodel.ext.asyncio.session import AsyncSession

from auth.clinics import Backend


@dataclass
class Work:
    """Statements that were sent, and the costs of the hashes that were compared or made."""

    statements: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    hashed: list[str] = field(default_factory=list)
    transactions: int = 0

    def begin(self, *_: Any) -> None:
        self.transactions += 1

    def send(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if ".test_clock" in statement:  # what each request begins with, in no transaction
            self.transactions -= 1
        else:
            self.statements.append(statement)


@pytest.fixture
def work(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Count what the application does from here on, without changing it."""
    done = Work()
    verify, hash_password = CryptContext.verify, CryptContext.hash

    def counting_verify(context: Any, secret: str, hashed: str) -> Any:
        done.verified.append(cost_of(hashed))
        return verify(context, secret, hashed)

    def counting_hash(context: Any, secret: str) -> Any:
        hashed = hash_password(context, secret)
        done.hashed.append(cost_of(hashed))
        return hashed

    monkeypatch.setattr(CryptContext, "verify", counting_verify)
    monkeypatch.setattr(CryptContext, "hash", counting_hash)
    engine = app.state.engine.sync_engine
    event.listen(engine, "begin", done.begin)
    event.listen(engine, "before_cursor_execute", done.send)
    yield done
    event.remove(engine, "begin", done.begin)
    event.remove(engine, "before_cursor_execute", done.send)


def cost_of(hashed: str) -> str:
    """Return the parameters in a hash: kind, version, memory, passes and lanes."""
    return hashed.rsplit("$", 2)[0]


@pytest.fixture
async def session(backend: Backend) -> AsyncIterator[AsyncSession]:
    """Open a transaction that leaves nothing."""
    async with AsyncSession(backend.engine, expire_on_commit=False) as session:
        yield session

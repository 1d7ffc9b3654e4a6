"""Processes that count attempts on one database, and how many each must have counted."""

from dataclasses import dataclass
from itertools import count
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import URL, create_engine, text

from app.auth.attempts import WRONG_PASSWORDS_PER_USER, Attempts
from app.auth.errors import InvalidPassword, TooManyRequests
from app.database.batch import run_all
from app.database.undo import history
from app.database.undo.history import SnapshotEvent, SnapshotHistory
from app.database.undo.recording import METADATA

USER = UUID(int=1)
LIMIT = WRONG_PASSWORDS_PER_USER
EVENTS = "SELECT id, restored FROM seedbed_snapshot_history WHERE id > :known ORDER BY id"


@dataclass
class TakenSnapshot:
    id: int
    counts: list[int]


class Counted:
    """Its snapshots are events only. With a storage all processes have one count, the first."""

    def __init__(self, storage: URL | None, processes: int) -> None:
        self._storage = storage
        self._database = uuid4().hex
        self._seeds = count()
        self.processes = [self._start() for _ in range(processes)]
        self.counts = [0] * processes
        self.snapshots: dict[str, TakenSnapshot] = {}

    def _start(self) -> Attempts:
        return Attempts(self._storage, has_snapshots=True)

    async def _identify(self) -> str:
        return self._database

    async def __aenter__(self) -> Self:
        self._connection = create_engine("sqlite://").connect()
        METADATA.create_all(self._connection)
        self.seed()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.close()
        for process in self.processes:
            await process.close()

    async def find_history(self, seed_id: str | None, known: int) -> SnapshotHistory:
        known = known if seed_id == self._seed_id else 0
        rows = self._connection.execute(text(EVENTS), {"known": known})
        events = [SnapshotEvent(id_, restored) for id_, restored in rows]
        ids = frozenset(taken.id for taken in self.snapshots.values())
        return SnapshotHistory(self._seed_id, events, ids)

    def seed(self) -> None:
        history.forget(self._connection)
        self._seed_id = str(next(self._seeds))
        self.counts = [0] * len(self.counts)
        self.snapshots = {}

    def take(self, name: str) -> None:
        self.snapshots.pop(name, None)
        taken = history.note_snapshot(self._connection)
        self.snapshots[name] = TakenSnapshot(taken, [*self.counts])

    def delete(self, name: str) -> None:
        self.snapshots.pop(name, None)

    def restore(self, name: str) -> None:
        taken = self.snapshots[name]
        run_all(self._connection, history.notes_of_restore(taken.id))
        names = list(self.snapshots)
        self.snapshots = {each: self.snapshots[each] for each in names[: names.index(name) + 1]}
        self.counts = [*taken.counts]

    async def restart(self, process: int) -> None:
        await self.processes[process].close()
        self.processes[process] = self._start()
        if not self._storage:
            for counts in (self.counts, *(taken.counts for taken in self.snapshots.values())):
                counts[process] = 0

    async def look(self, process: int) -> Attempts:
        """Return the counts of a process as a request does before it counts."""
        attempts = self.processes[process]
        await attempts.follow(self.find_history)
        await attempts.identify(self._identify)
        return attempts

    async def fail(self, process: int) -> bool:
        """Enter a wrong password, and return whether it was checked."""
        attempts = await self.look(process)
        try:
            async with attempts.verify_password(USER):
                raise InvalidPassword  # noqa: TRY301 - as the block of a controller does
        except InvalidPassword:
            self.counts[self._place(process)] += 1
            return True
        except TooManyRequests:
            return False

    def _place(self, process: int) -> int:
        return 0 if self._storage else process

    async def use_up(self) -> list[int]:
        """Fail until all processes refuse, and return how often passwords were checked."""
        checked = [0] * len(self.processes)
        for process in range(len(self.processes)):
            while await self.fail(process):
                checked[self._place(process)] += 1
        return checked

    async def check(self, name: str) -> None:
        left = [LIMIT - counted for counted in self.counts]
        if self._storage:
            left[1:] = [0] * len(left[1:])
        assert await self.use_up() == left, name

    async def check_snapshots(self) -> None:
        """Restore all snapshots, the newest first, and use up what each of them leaves."""
        for name in reversed(list(self.snapshots)):
            self.restore(name)
            await self.check(name)

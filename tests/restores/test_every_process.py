"""What a process keeps outside the database matches the snapshot as soon as a restore responds."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from app.auth.attempts import FAILURES_PER_ADDRESS_AND_ACCOUNT as LIMIT
from app.seed.constants import PASSWORD
from faults.redis_server import RedisServer, running
from restores.processes import four_clients

pytestmark = pytest.mark.slow

FEW = {"users": 3, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
FAILURES = (0, 1, 2, 1)
SNAPSHOTS = "/api/db/snapshots"


class FourProcesses(NamedTuple):
    """The storage is None if each process counts in its memory."""

    clients: list[httpx.Client]
    storage: RedisServer | None

    def fail(self, process: int, email: str) -> bool:
        """Enter a wrong password, and return whether it was checked."""
        body = {"email": email, "password": "wrong password"}
        status = self.clients[process].post("/api/auth/sign-in/email", json=body).status_code
        assert status in {401, 429}
        return status == 401

    def use_up(self, email: str) -> list[int]:
        """Fail in turn until all processes refuse, and return how often each checked."""
        checked = [0] * len(self.clients)
        while True:
            each = [self.fail(process, email) for process in range(len(checked))]
            if not any(each):
                return checked
            checked = list(map(sum, zip(checked, each, strict=True)))

    def left_of(self, *counted: int) -> list[int]:
        """Return what `use_up` returns if this was counted in the processes before."""
        if not self.storage:
            return [LIMIT - each for each in counted]
        left, processes = LIMIT - sum(counted), len(counted)
        return [left // processes + (place < left % processes) for place in range(processes)]

    @contextmanager
    def without_storage(self) -> Iterator[None]:
        """Let Redis respond to nothing. No process notices before it counts."""
        if self.storage:
            self.storage.stop()
        try:
            yield
        finally:
            if self.storage:
                self.storage.go_on()

    def take(self, process: int, name: str) -> None:
        with self.without_storage():
            response = self.clients[process].put(f"{SNAPSHOTS}/{name}")
        assert response.status_code == 201, response.text

    def restore(self, process: int, name: str) -> None:
        with self.without_storage():
            response = self.clients[process].post(f"{SNAPSHOTS}/{name}/restore")
        assert response.status_code == 200, response.text

    def statuses(self, path: str, token: str) -> list[int]:
        headers = {"Authorization": f"Bearer {token}"}
        return [client.get(path, headers=headers).status_code for client in self.clients]

    def pages(self, path: str, token: str) -> list[Any]:
        headers = {"Authorization": f"Bearer {token}"}
        return [client.get(path, headers=headers).json() for client in self.clients]


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FourProcesses]:
    """Count in Redis on SQLite, and in memory on PostgreSQL."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url, redis = f"sqlite:///{tmp_path}/shared.db", stack.enter_context(running(tmp_path))
        else:
            url, redis = request.getfixturevalue("new_postgresql")(), None
        log = tmp_path / "server.log"
        clients = stack.enter_context(four_clients(url, redis.url if redis else None, log))
        yield FourProcesses(clients, redis)


def test_counts_sessions_and_rows_are_those_of_the_snapshot(scene: FourProcesses) -> None:
    """Whichever process restores it, each time, and even if Redis does not respond meanwhile."""
    users = scene.clients[0].post("/api/db/seed", json=FEW).json()["signIn"]["users"]
    emails = [user["email"] for user in users]
    guessed, owner = emails[0], emails[1]

    def sign_in(process: int) -> str:
        body = {"email": owner, "password": PASSWORD}
        response = scene.clients[process].post("/api/auth/sign-in/email", json=body)
        scene.clients[process].cookies.clear()
        return str(response.json()["token"])

    token = sign_in(1)
    [patient] = scene.pages("/api/patients", token)[0]["items"]
    path = f"/api/patients/{patient['id']}"
    before = scene.pages(path, token)
    for process, times in enumerate(FAILURES):
        for _ in range(times):
            assert scene.fail(process, guessed)
    scene.take(2, "counted")
    assert scene.use_up(guessed) == scene.left_of(*FAILURES)
    for restoring in (0, 3):
        later = sign_in(restoring)
        changed = scene.clients[3].patch(
            path, json={"firstName": "Changed"}, headers={"Authorization": f"Bearer {token}"}
        )
        assert changed.status_code == 200, changed.text
        assert scene.statuses("/api/auth/get-session", later) == [200] * 4
        scene.restore(restoring, "counted")
        assert scene.pages(path, token) == before
        assert scene.statuses("/api/patients", token) == [200] * 4
        assert scene.statuses("/api/patients", later) == [401] * 4
        assert scene.use_up(guessed) == scene.left_of(*FAILURES)
    scene.restore(1, "seeded")
    assert scene.use_up(guessed) == scene.left_of(0, 0, 0, 0)

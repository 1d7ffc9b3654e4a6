"""How tests are kept apart: each has its own clinic, or starts in the same state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol, Unpack

from pytest_seedbed.clinic import Clinic, ClinicOptions
from pytest_seedbed.server import Server

SNAPSHOT = "/api/db/snapshots/pytest"


class NotForTests(Exception):
    """The server has another database than one for tests."""

    def __init__(self, database: str, environment: str) -> None:
        super().__init__(
            "Refused. Nothing was changed. With `seedbed_isolation = snapshot` the database is "
            f"seeded again, and the server of {database} runs with APP_ENV={environment}. Start a "
            "server with APP_ENV=test and a database for tests."
        )


class Isolation(Protocol):
    def begin(self) -> None:
        """Run before each test."""

    def clinic(self, **options: Unpack[ClinicOptions]) -> Any:
        """Return a context with the clinic of a test."""


class ClinicPerTest:
    """Each test has its own clinic. Any number of workers can use one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        server.client.get("/api/db")  # which production refuses
        server.client.get("/health/ready")

    def begin(self) -> None:
        """Do nothing: a clinic is removed after its test."""

    @contextmanager
    def clinic(self, **options: Unpack[ClinicOptions]) -> Iterator[Clinic]:
        clinic = self._server.add_clinic(**options)
        try:
            yield clinic
        finally:
            self._server.remove_clinic(clinic)


class SnapshotPerWorker:
    """All tests of a worker start in the same state: the data set and the same clinics."""

    def __init__(self, server: Server, data_set: Mapping[str, Any]) -> None:
        self._server = server
        self._clinics: dict[str, Clinic] = {}
        state = server.client.get("/api/db").json()
        if state["environment"] != "test":
            raise NotForTests(state["database"], state["environment"])
        server.seed(data_set)
        self._take_snapshot()

    def begin(self) -> None:
        self._server.client.post(f"{SNAPSHOT}/restore")

    @contextmanager
    def clinic(self, **options: Unpack[ClinicOptions]) -> Iterator[Clinic]:
        key = repr(sorted(options.items()))
        if key not in self._clinics:
            self._clinics[key] = self._server.add_clinic(**options)
            self._take_snapshot()
        yield self._clinics[key]

    def _take_snapshot(self) -> None:
        self._server.client.put(SNAPSHOT)

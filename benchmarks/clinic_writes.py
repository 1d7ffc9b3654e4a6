"""Change rows of a seeded database: over HTTP as the owner of a clinic, or by SQL."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import create_engine, inspect, text

from app import clock
from app.clinic.patients.examples import NEW_PATIENT

WRITES = ("create a patient", "update a patient", "book an appointment", "sign in")
SECONDS = 3_600
DAYS = 31  # of one search for free times
# How each database returns so many numbers, and makes an id.
COPIES = {
    "sqlite": (
        "WITH RECURSIVE copies (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM copies LIMIT {rows})",
        "lower(hex(randomblob(16)))",
    ),
    "postgresql": (
        "WITH copies (i) AS (SELECT generate_series(1, {rows}))",
        "gen_random_uuid()",
    ),
}


def request(
    base_url: str, method: str, path: str, body: Any = None, **headers: str
) -> tuple[float, Any]:
    """Send a request on a new connection; return milliseconds, without connecting, and JSON."""
    connection = HTTPConnection(str(urlsplit(base_url).netloc), timeout=SECONDS)
    connection.connect()
    sent = None
    if body is not None:
        sent, headers = json.dumps(body).encode(), headers | {"Content-Type": "application/json"}
    began = time.perf_counter()
    connection.request(method, path, sent, headers)
    response = connection.getresponse()
    content = response.read()
    milliseconds = (time.perf_counter() - began) * 1000
    connection.close()
    if response.status >= 400:  # noqa: PLR2004 - the first status of an error
        raise SystemExit(f"{method} {path} returned {response.status}: {content.decode()}")
    return milliseconds, json.loads(content)


class ClinicOwner:
    """The owner of the first clinic of a data set, signed in.

    With the same `number`, `write` sends the same request to servers with the same data set.
    """

    def __init__(self, base_url: str, seeded: Any) -> None:
        self._base_url = base_url
        sign_in = seeded["signIn"]
        self._credentials = [
            {"email": user["email"], "password": sign_in["password"]} for user in sign_in["users"]
        ]
        self._token = self._sign_in(0)[1]["token"]
        self._patients = [row["id"] for row in self._list("/api/patients")]
        self._type = next(
            row["id"] for row in self._list("/api/appointment-types") if row["isActive"]
        )
        self._times: list[dict[str, Any]] = []
        self._free_times = self._find_free_times()

    def write(self, kind: str, number: int) -> float:
        """Send a write request, and return its milliseconds."""
        if kind == "sign in":
            return self._sign_in(number)[0]
        patient = self._patients[number % len(self._patients)]
        if kind == "create a patient":
            return self._call("POST", "/api/patients", NEW_PATIENT)[0]
        if kind == "update a patient":
            note = {"notes": f"Prefers afternoons. {number}"}
            return self._call("PATCH", f"/api/patients/{patient}", note)[0]
        return self._call("POST", "/api/appointments", self.find_time(number))[0]

    def find_time(self, number: int) -> dict[str, Any]:
        """Return the body of an appointment, at another time for each number."""
        missing = number + 1 - len(self._times)
        self._times += islice(self._free_times, max(0, missing))
        return self._times[number]

    def _find_free_times(self) -> Iterator[dict[str, Any]]:
        first = clock.today() + timedelta(days=1)
        while True:
            last = first + timedelta(days=DAYS - 1)
            query = {"typeId": self._type, "from": first, "to": last}
            _, found = self._call("GET", f"/api/appointments/free?{urlencode(query)}")
            # One a day, because hours limit the appointments of a day.
            yield from (self._appointment(day) for day in found["days"] if day["times"])
            first = last + timedelta(days=1)

    def _appointment(self, day: dict[str, Any]) -> dict[str, Any]:
        free = day["times"][0]
        return {
            "patientId": self._patients[0],
            "appointmentTypeId": self._type,
            "date": day["date"],
            "startTime": free["startTime"],
            "location": free["locations"][0],
        }

    def _list(self, path: str) -> Any:
        return self._call("GET", path)[1]["items"]

    def _call(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        return request(self._base_url, method, path, body, Authorization=f"Bearer {self._token}")

    def _sign_in(self, number: int) -> tuple[float, Any]:
        credentials = self._credentials[number % len(self._credentials)]
        return request(self._base_url, "POST", "/api/auth/sign-in/email", credentials)


def change_rows(url: str, rows: int) -> None:
    """Change rows by SQL: update half of them, if there are as many, and insert the rest."""
    engine = create_engine(url)
    copies, new_id = COPIES[engine.dialect.name]
    with engine.begin() as connection:
        updated = connection.execute(
            text(
                "UPDATE patients SET notes = 'Changed'"
                " WHERE id IN (SELECT id FROM patients ORDER BY id LIMIT :rows)"
            ),
            {"rows": rows // 2},
        ).rowcount
        names = [column["name"] for column in inspect(connection).get_columns("patients")]
        values = [new_id if name == "id" else name for name in names]
        left = rows - updated
        connection.exec_driver_sql(
            f"{copies.format(rows=left)} INSERT INTO patients ({', '.join(names)})"  # noqa: S608 - our own names
            f" SELECT {', '.join(values)} FROM copies, (SELECT * FROM patients LIMIT 1) AS patients"
        )
    engine.dispose()

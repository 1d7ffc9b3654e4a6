"""Several server processes on one database: each adds a clinic, uses it and removes it, in turn."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from app.seed.constants import PASSWORD
from server_processes import serving

PROCESSES = 8
SECONDS = 120
MONTH = timedelta(days=28)


@dataclass
class Rounds:
    """Seconds of all rounds together, and of each call that adds or removes a clinic."""

    seconds: float = 0
    added: list[float] = field(default_factory=list)
    removed: list[float] = field(default_factory=list)


class UnexpectedResponse(Exception):
    pass


def run_rounds(database_url: str, log: Path, rounds: int, processes: int = PROCESSES) -> Rounds:
    """Raise `UnexpectedResponse` if any call fails."""
    with ExitStack() as stack:
        urls = [stack.enter_context(serving(database_url, log)).base_url for _ in range(processes)]
        for url in urls:
            httpx.get(f"{url}/api/db", timeout=SECONDS, trust_env=False).raise_for_status()
        began, figures = time.perf_counter(), Rounds()
        with ThreadPoolExecutor(processes) as pool:
            # Any error of a process ends the loop, and the others finish their rounds.
            for added, removed in pool.map(partial(_use_server, rounds), urls, range(processes)):
                figures.added += added
                figures.removed += removed
        figures.seconds = time.perf_counter() - began
    return figures


def _use_server(rounds: int, url: str, number: int) -> tuple[list[float], list[float]]:
    added, removed = [], []
    with httpx.Client(base_url=url, timeout=SECONDS, trust_env=False) as client:
        for place in range(rounds):
            # As many sign-ins from one address would be refused.
            client.headers["X-Forwarded-For"] = f"10.{number}.{place >> 8}.{place & 255}"
            began = time.perf_counter()
            clinic = _call(client, "POST", "/api/db/clinics", 201, {"randomSeed": place})
            added.append(time.perf_counter() - began)
            use_clinic(client, clinic)
            began = time.perf_counter()
            _call(client, "DELETE", f"/api/db/clinics/{clinic['organization']['id']}", 204)
            removed.append(time.perf_counter() - began)
    return added, removed


def use_clinic(client: httpx.Client, clinic: Any) -> None:
    """Sign in as the owner, book an appointment, change a patient, and read the clinic's rows."""
    owner, patient = clinic["users"][0], clinic["patients"][0]
    credentials = {"email": owner["email"], "password": PASSWORD}
    token = _call(client, "POST", "/api/auth/sign-in/email", 200, credentials)["token"]
    as_owner = partial(_call, client, token=token)
    free = next(_free_times(as_owner, clinic))
    booked = as_owner("POST", "/api/appointments", 201, {**free, "patientId": patient["id"]})
    as_owner("PATCH", f"/api/patients/{patient['id']}", 200, {"notes": "Booked."})
    patients = as_owner("GET", "/api/patients?limit=200", 200)["items"]
    appointments = as_owner("GET", "/api/appointments?limit=200", 200)["items"]
    expected = {each["id"] for group in clinic["appointments"].values() for each in group}
    if {row["id"] for row in appointments} != expected | {booked["id"]}:
        raise UnexpectedResponse("the appointments are not those of the clinic and the booked one")
    if {row["id"] for row in patients} != {each["id"] for each in clinic["patients"]}:
        raise UnexpectedResponse("the patients are not those of the clinic")


def _free_times(as_owner: Any, clinic: Any) -> Iterator[dict[str, Any]]:
    kind, first = clinic["appointmentTypes"][0]["id"], date.fromisoformat(clinic["asOf"])
    for user in clinic["users"]:
        query = f"typeId={kind}&userId={user['userId']}&from={first + MONTH}&to={first + 2 * MONTH}"
        for day in as_owner("GET", f"/api/appointments/free?{query}", 200)["days"]:
            for found in day["times"]:
                yield {
                    "appointmentTypeId": kind,
                    "therapistId": user["userId"],
                    "date": day["date"],
                    "startTime": found["startTime"],
                    "location": found["locations"][0],
                }


def _call(
    client: httpx.Client,
    method: str,
    path: str,
    status: int,
    body: Any = None,
    token: str | None = None,
) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = client.request(method, path, json=body, headers=headers)
    client.cookies.clear()
    if response.status_code != status:
        raise UnexpectedResponse(f"{method} {path}: {response.status_code} {response.text}")
    return None if status == HTTPStatus.NO_CONTENT else response.json()

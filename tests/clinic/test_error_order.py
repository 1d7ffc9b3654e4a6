"""Which error a change gets if several apply. On SQLite alone: it is decided above the database."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from clinic.availability.clients import DATE, HOURS
from clinic.client import ADA, StaffClient
from tenancy.people import MADE_UP

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)

MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}
TEMPLATE, EXCEPTION = {**HOURS, **MORNING}, {**DATE, **MORNING}


class ChangingCall(NamedTuple):
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    of_deleted: bool = False


PLANS = "treatment-plans"
POOL = {"name": "Pool"}
VISIT = {"code": "VISIT", "title": "Visit", "durationMinutes": 30}
CHANGES = (
    ChangingCall("PUT", "availability/templates/{}", TEMPLATE),
    ChangingCall("DELETE", "availability/templates/{}"),
    ChangingCall("PUT", "availability/exceptions/{}", EXCEPTION),
    ChangingCall("DELETE", "availability/exceptions/{}"),
    ChangingCall("PUT", "patients/{}", ADA),
    ChangingCall("PATCH", "patients/{}", {"city": "Kew"}),
    ChangingCall("DELETE", "patients/{}"),
    ChangingCall("POST", "patients/{}/restore", of_deleted=True),
    ChangingCall("PUT", f"{PLANS}/{{}}", {}),
    ChangingCall("PATCH", f"{PLANS}/{{}}", {"notes": "New."}),
    ChangingCall("POST", f"{PLANS}/{{}}/status", {"status": "ongoing"}),
    ChangingCall("DELETE", f"{PLANS}/{{}}"),
    ChangingCall("POST", f"{PLANS}/{{}}/restore", of_deleted=True),
    ChangingCall("PUT", "rooms/{}", POOL),
    ChangingCall("DELETE", "rooms/{}"),
    ChangingCall("POST", "rooms/{}/restore", of_deleted=True),
    ChangingCall("PUT", "appointment-types/{}", VISIT),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.method} {change.path}")
async def test_the_session_counts_first_then_the_request_the_row_and_its_version(
    staff: StaffClient, change: ChangingCall
) -> None:
    """A call in which everything is wrong is corrected one error at a time."""
    row_id, body, tag = await create_row(staff, change)

    async def call(
        *, row_id: str = MADE_UP, if_match: str = '"stale"', signed_in: bool = True, **more: Any
    ) -> int:
        content = None if body is None else {**body, **more}
        headers = {"If-Match": if_match}
        if signed_in:
            headers["Authorization"] = f"Bearer {staff.person.tokens[0]}"
        response = await staff.backend.client.request(
            change.method, f"/api/{change.path.format(row_id)}", json=content, headers=headers
        )
        return response.status_code

    assert await call(signed_in=False, noSuchField=1) == 401
    if body is not None:
        assert await call(noSuchField=1) == 400
    assert await call(if_match="unquoted") == 400
    assert await call() == 404
    assert await call(row_id=row_id) == 412
    assert await call(row_id=row_id, if_match=tag) in {200, 204}


async def test_a_value_of_another_type_counts_before_the_session(staff: StaffClient) -> None:
    """It is found when the body is read."""
    body = {**staff.course(await staff.patient()), "numberOfSessions": "6"}
    response = await staff.backend.client.post(f"/api/{PLANS}", json=body)
    assert response.status_code == 400


async def create_row(
    staff: StaffClient, change: ChangingCall
) -> tuple[str, Mapping[str, Any] | None, str]:
    """Return the id of a row to change, the body of the change, and the ETag of the row."""
    kind, body = change.path.partition("/{}")[0], change.body
    if kind == "patients":
        row = await staff.patient()
    elif kind == PLANS:
        course = staff.course(await staff.patient())
        row = await staff.create_row(kind, **course)
        if change.method == "PUT":
            body = {name: value for name, value in course.items() if name != "patientId"}
    elif kind in {"rooms", "appointment-types"}:
        row = await staff.create_row(kind, **POOL if kind == "rooms" else VISIT)
    else:
        row = await staff.create_row(kind, **TEMPLATE if "templates" in kind else EXCEPTION)
    if change.of_deleted:
        response = await staff.call("DELETE", f"{kind}/{row['id']}")
    else:
        response = await staff.call("GET", f"{kind}/{row['id']}")
    return row["id"], body, response.headers["ETag"]

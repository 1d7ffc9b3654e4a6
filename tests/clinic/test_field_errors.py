"""Each wrong input is named in `errors` by its field, for a form to show the message there.

On SQLite alone: inputs are checked above the database.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest

from auth.clinics import Backend
from clinic.client import ADA, StaffClient, open_staff_client
from conftest import make_app, open_client, seed


class ValidPlan(NamedTuple):
    staff: StaffClient
    client: httpx.AsyncClient
    values: dict[str, Any]


@pytest.fixture(scope="module")
async def plan(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ValidPlan]:
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('field-errors')}/clinic.db")
    async with open_client(app) as client:
        await seed(client, users=1, organizations=1, patients=0)
        staff = await open_staff_client(Backend(app, client))
        plan = staff.course(await staff.patient()) | {"startDate": "2020-03-02"}
        yield ValidPlan(staff, client, plan)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"endDate": "2020-03-01"}, ["endDate"]),
        ({"prescriptionDate": "2020-03-03"}, ["prescriptionDate"]),
        ({"startDate": "1700-01-01"}, ["startDate"]),
        ({"prescriptionDate": "1700-01-01"}, ["prescriptionDate"]),
        ({"endDate": "2020-03-01", "prescriptionDate": "2020-03-03"}, None),
        ({"numberOfSessions": 0}, ["numberOfSessions"]),
        ({"startDate": "2020-02-30"}, ["startDate"]),
        ({"title": None}, ["title"]),
        ({"nickname": "Jo"}, []),
    ],
)
async def test_wrong_dates_and_values_of_a_plan(
    plan: ValidPlan, changes: dict[str, Any], fields: list[str] | None
) -> None:
    """A rule about two dates is reported at the one to correct, with other broken rules."""
    response = await plan.staff.call("POST", "treatment-plans", json=plan.values | changes)
    assert response.status_code == 400
    errors = response.json().get("errors", [])
    assert [error["field"] for error in errors] == (
        ["endDate", "prescriptionDate"] if fields is None else fields
    )
    for error in errors:
        assert error["message"].rstrip(".") in response.json()["detail"]


async def test_a_date_of_birth_in_the_future(plan: ValidPlan) -> None:
    response = await plan.staff.call("POST", "patients", json=ADA | {"dateOfBirth": "2999-01-01"})
    assert response.json()["errors"] == [
        {"field": "dateOfBirth", "message": "must be before today"}
    ]


async def test_an_end_before_its_start(plan: ValidPlan) -> None:
    slot = {"dayOfWeek": "mon", "location": "clinic", "maxSessions": 1}
    times = {"startTime": "12:00:00", "endTime": "09:00:00"}
    response = await plan.staff.call("POST", "availability/templates", json=slot | times)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["endTime"]


async def test_fewer_users_than_organizations(plan: ValidPlan) -> None:
    """A rule about the whole body of a seed is reported at the first field of the rule."""
    response = await plan.client.post(
        "/api/db/seed?reset=delete", json={"users": 2, "organizations": 3}
    )
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["field"] == "users"
    assert error["message"].startswith("(2) must be at least `organizations` (3)")

"""Concurrent changes of a patient and of their plans: neither uses what is no longer true."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.clinic.patients.models import Patient
from app.clinic.treatment_plans.models import TreatmentPlan
from auth.concurrent_calls import Call, call_concurrently, row
from clinic.client import StaffClient

EARLY = "2010-01-01"
BORN_LATER = {"dateOfBirth": "2015-01-01"}


async def concurrently(
    staff: StaffClient, table: type[Patient | TreatmentPlan], held: Any, *begin: Call
) -> list[httpx.Response]:
    hold = row(table, id=UUID(held["id"]), organization_id=staff.organization_id)
    return await call_concurrently(staff.backend, hold, begin)


def statuses(responses: list[httpx.Response]) -> list[int]:
    return sorted(response.status_code for response in responses)


def create(staff: StaffClient, patient: Any, _plan: Any) -> Call:
    course = staff.course(patient) | {"startDate": EARLY}
    return partial(staff.call, "POST", "treatment-plans", json=course)


def begin_earlier(staff: StaffClient, _patient: Any, plan: Any) -> Call:
    path = f"treatment-plans/{plan['id']}"
    return partial(staff.call, "PATCH", path, json={"startDate": EARLY})


@pytest.mark.parametrize("change", [create, begin_earlier])
@pytest.mark.parametrize("turned", [False, True])
async def test_no_plan_begins_before_a_birth_that_is_corrected_meanwhile(
    staff: StaffClient, change: Callable[[StaffClient, Any, Any], Call], *, turned: bool
) -> None:
    """Of the two, whichever comes second is refused."""
    patient = await staff.patient()
    plan = await staff.plan(patient)
    calls: list[Call] = [
        change(staff, patient, plan),
        partial(staff.call, "PATCH", f"patients/{patient['id']}", json=BORN_LATER),
    ]
    responses = await concurrently(staff, Patient, patient, *(calls[::-1] if turned else calls))
    [done, refused] = statuses(responses)
    assert done in {200, 201}
    assert refused == 400
    plans = (await staff.read("treatment-plans", patientId=patient["id"]))["items"]
    born = (await staff.read(f"patients/{patient['id']}"))["dateOfBirth"]
    assert all(each["startDate"] > born for each in plans)


@pytest.mark.parametrize("turned", [False, True])
async def test_a_patient_who_is_hidden_meanwhile_gets_no_plan(
    staff: StaffClient, *, turned: bool
) -> None:
    """The plan is there and hidden with the patient, or it is not there."""
    patient = await staff.patient()
    calls: list[Call] = [
        create(staff, patient, None),
        partial(staff.call, "DELETE", f"patients/{patient['id']}"),
    ]
    responses = await concurrently(staff, Patient, patient, *(calls[::-1] if turned else calls))
    assert statuses(responses) in ([201, 204], [204, 404])
    await staff.call("POST", f"patients/{patient['id']}/restore")
    plans = (await staff.read("treatment-plans", patientId=patient["id"]))["items"]
    assert len(plans) == [response.status_code for response in responses].count(201)


async def test_of_two_concurrent_changes_of_a_version_one_succeeds(staff: StaffClient) -> None:
    """One succeeds, and the other is stale: it does not undo what it has not seen."""
    patient = await staff.patient()
    plan = await staff.plan(patient)
    for table, path, held in (
        (Patient, f"patients/{patient['id']}", patient),
        (TreatmentPlan, f"treatment-plans/{plan['id']}", plan),
    ):
        tag = (await staff.call("GET", path)).headers["ETag"]
        begin: list[Call] = [
            partial(staff.call, "PATCH", path, json={"notes": note}, if_match=tag)
            for note in ("One", "Other")
        ]
        responses = await concurrently(staff, table, held, *begin)
        assert statuses(responses) == [200, 412]
        [changed] = [response.json() for response in responses if response.status_code == 200]
        assert await staff.read(path) == changed


@pytest.mark.parametrize("last", ["completed", "cancelled"])
async def test_of_two_concurrent_final_statuses_one_is_set(staff: StaffClient, last: str) -> None:
    """A final status is final for the second caller."""
    plan = await staff.plan(await staff.patient(), status="ongoing")
    path = f"treatment-plans/{plan['id']}/status"
    begin: list[Call] = [
        partial(staff.call, "POST", path, json={"status": status}) for status in ("cancelled", last)
    ]
    responses = await concurrently(staff, TreatmentPlan, plan, *begin)
    assert statuses(responses) == [200, 409]

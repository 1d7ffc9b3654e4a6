"""Changes of a patient and of their plans at one moment: neither acts upon what is no longer so."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.clinic.patients.models import Patient
from app.clinic.treatment_plans.models import TreatmentPlan
from auth.concurrent_calls import Call, call_at_one_moment, row
from clinic.client import Desk

EARLY = "2010-01-01"
BORN_LATER = {"dateOfBirth": "2015-01-01"}


async def at_one_moment(
    desk: Desk, table: type[Patient | TreatmentPlan], held: Any, *begin: Call
) -> list[httpx.Response]:
    return await call_at_one_moment(desk.place, row(table, id=UUID(held["id"])), begin)


def statuses(answers: list[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def create(desk: Desk, patient: Any, _plan: Any) -> Call:
    course = desk.course(patient) | {"startDate": EARLY}
    return partial(desk.call, "POST", "treatment-plans", json=course)


def begin_earlier(desk: Desk, _patient: Any, plan: Any) -> Call:
    path = f"treatment-plans/{plan['id']}"
    return partial(desk.call, "PATCH", path, json={"startDate": EARLY})


@pytest.mark.parametrize("change", [create, begin_earlier])
@pytest.mark.parametrize("turned", [False, True])
async def test_no_plan_begins_before_a_birth_that_is_corrected_meanwhile(
    desk: Desk, change: Callable[[Desk, Any, Any], Call], *, turned: bool
) -> None:
    """Of the two, whichever comes second is refused."""
    patient = await desk.patient()
    plan = await desk.plan(patient)
    calls: list[Call] = [
        change(desk, patient, plan),
        partial(desk.call, "PATCH", f"patients/{patient['id']}", json=BORN_LATER),
    ]
    answers = await at_one_moment(desk, Patient, patient, *(calls[::-1] if turned else calls))
    [done, refused] = statuses(answers)
    assert done in {200, 201}
    assert refused == 400
    plans = (await desk.read("treatment-plans", patientId=patient["id"]))["items"]
    born = (await desk.read(f"patients/{patient['id']}"))["dateOfBirth"]
    assert all(each["startDate"] > born for each in plans)


@pytest.mark.parametrize("turned", [False, True])
async def test_a_patient_who_is_hidden_meanwhile_gets_no_plan(desk: Desk, *, turned: bool) -> None:
    """The plan is there and hidden with the patient, or it is not there."""
    patient = await desk.patient()
    calls: list[Call] = [
        create(desk, patient, None),
        partial(desk.call, "DELETE", f"patients/{patient['id']}"),
    ]
    answers = await at_one_moment(desk, Patient, patient, *(calls[::-1] if turned else calls))
    assert statuses(answers) in ([201, 204], [204, 404])
    await desk.call("POST", f"patients/{patient['id']}/restore")
    plans = (await desk.read("treatment-plans", patientId=patient["id"]))["items"]
    assert len(plans) == [answer.status_code for answer in answers].count(201)


async def test_two_changes_of_one_version_at_one_moment(desk: Desk) -> None:
    """One succeeds, and the other is stale: it does not undo what it has not seen."""
    patient = await desk.patient()
    plan = await desk.plan(patient)
    for table, path, held in (
        (Patient, f"patients/{patient['id']}", patient),
        (TreatmentPlan, f"treatment-plans/{plan['id']}", plan),
    ):
        tag = (await desk.call("GET", path)).headers["ETag"]
        begin: list[Call] = [
            partial(desk.call, "PATCH", path, json={"notes": note}, if_match=tag)
            for note in ("One", "Other")
        ]
        answers = await at_one_moment(desk, table, held, *begin)
        assert statuses(answers) == [200, 412]
        [changed] = [answer.json() for answer in answers if answer.status_code == 200]
        assert await desk.read(path) == changed


@pytest.mark.parametrize("last", ["completed", "cancelled"])
async def test_of_two_last_moves_at_one_moment_one_is_made(desk: Desk, last: str) -> None:
    """What is final is final for whoever comes second."""
    plan = await desk.plan(await desk.patient(), status="ongoing")
    path = f"treatment-plans/{plan['id']}/status"
    begin: list[Call] = [
        partial(desk.call, "POST", path, json={"status": status}) for status in ("cancelled", last)
    ]
    answers = await at_one_moment(desk, TreatmentPlan, plan, *begin)
    assert statuses(answers) == [200, 409]

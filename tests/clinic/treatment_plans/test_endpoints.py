"""Treatment plans over HTTP: every move, the dates that it sets, and who may be a therapist."""

from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from sqlmodel import col, delete

from app import clock
from app.auth.members import NewMember, add_member
from app.auth.models import Member, Role
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.schemas import ReplacePlan, UpdatePlan
from clinic.client import StaffClient
from journeys.commands import shared_on_sqlite

PLANNED, ONGOING, COMPLETED, PAUSED, CANCELLED = PlanStatus
# How a plan gets to a status, and where it may go from there.
WAYS: dict[PlanStatus, list[PlanStatus]] = {
    PLANNED: [],
    ONGOING: [ONGOING],
    COMPLETED: [ONGOING, COMPLETED],
    PAUSED: [ONGOING, PAUSED],
    CANCELLED: [CANCELLED],
}
NEXT: dict[PlanStatus, list[str]] = {
    PLANNED: ["ongoing", "cancelled"],
    ONGOING: ["paused", "completed", "cancelled"],
    COMPLETED: [],
    PAUSED: ["ongoing", "cancelled"],
    CANCELLED: [],
}
TODAY = datetime.now(UTC).date()
LATER = str(TODAY + timedelta(days=30))


async def move(
    staff: StaffClient, plan: Any, status: str, if_match: str | None = None
) -> httpx.Response:
    path = f"treatment-plans/{plan['id']}/status"
    return await staff.call("POST", path, json={"status": status}, if_match=if_match)


@shared_on_sqlite
async def test_every_move_is_made_or_refused(staff: StaffClient) -> None:
    """A refusal changes nothing, and names the allowed statuses."""
    patient = await staff.patient()
    for present, wanted in product(PlanStatus, repeat=2):
        plan = await staff.plan(patient)
        for step in WAYS[present]:
            assert (await move(staff, plan, step)).status_code == 200
        before = await staff.read(f"treatment-plans/{plan['id']}")
        response = await move(staff, plan, wanted)
        after = await staff.read(f"treatment-plans/{plan['id']}")
        if wanted in NEXT[present]:
            assert response.status_code == 200
            assert after == response.json()
            assert after["status"] == wanted
        else:
            assert response.status_code == 409
            assert response.json()["possible"] == NEXT[present]
            assert all(status in response.json()["detail"] for status in NEXT[present])
            assert after == before


@shared_on_sqlite
async def test_completing_ends_today_and_starting_early_starts_today(staff: StaffClient) -> None:
    """Other moves leave the dates as they are."""
    plan = await staff.plan(await staff.patient(), startDate=LATER, endDate=LATER)
    started = (await move(staff, plan, "ongoing")).json()
    assert (started["startDate"], started["endDate"]) == (str(TODAY), LATER)
    for step in ("paused", "ongoing"):
        moved = (await move(staff, plan, step)).json()
        assert (moved["startDate"], moved["endDate"]) == (str(TODAY), LATER)
    completed = (await move(staff, plan, "completed")).json()
    assert (completed["startDate"], completed["endDate"]) == (str(TODAY), str(TODAY))


@shared_on_sqlite
@pytest.mark.parametrize(("hour", "days", "status"), [(9, 1, 400), (10, 1, 201), (10, 2, 400)])
async def test_a_day_that_has_begun_further_east_is_not_the_future(
    staff: StaffClient, monkeypatch: pytest.MonkeyPatch, hour: int, days: int, status: int
) -> None:
    """At ten in the morning of a day in UTC, it is tomorrow on the Line Islands, 14 hours ahead."""
    patient = await staff.patient()
    moment = datetime.combine(TODAY, time(hour), UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    start = str(TODAY + timedelta(days=days))
    course = staff.course(patient) | {"status": "ongoing", "startDate": start}
    made = await staff.call("POST", "treatment-plans", json=course)
    assert made.status_code == status


@shared_on_sqlite
async def test_a_plan_does_not_start_before_it_is_prescribed(staff: StaffClient) -> None:
    """A move that would break a rule of dates is refused."""
    plan = await staff.plan(await staff.patient(), startDate=LATER, prescriptionDate=LATER)
    refused = await move(staff, plan, "ongoing")
    assert refused.status_code == 400
    assert f"`prescriptionDate` ({LATER})" in refused.json()["detail"]
    assert await staff.read(f"treatment-plans/{plan['id']}") == plan


@shared_on_sqlite
async def test_a_paused_plan_has_started(staff: StaffClient) -> None:
    """It cannot be put off, as an ongoing one cannot."""
    plan = await staff.plan(await staff.patient(), status="ongoing")
    await move(staff, plan, "paused")
    path = f"treatment-plans/{plan['id']}"
    refused = await staff.call("PATCH", path, json={"startDate": LATER})
    assert refused.status_code == 400
    assert "paused must not be in the future" in refused.json()["detail"]


@shared_on_sqlite
async def test_starting_a_day_early_somewhere_is_starting_on_that_day(
    staff: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of tomorrow that starts where it is tomorrow keeps its day."""
    tomorrow = str(TODAY + timedelta(days=1))
    plan = await staff.plan(await staff.patient(), startDate=tomorrow)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(TODAY, time(10), UTC))
    assert (await move(staff, plan, "ongoing")).json()["startDate"] == tomorrow


@shared_on_sqlite
async def test_invalid_values_are_reported_before_the_database_sees_them(
    staff: StaffClient,
) -> None:
    """Also beside another therapist, who is looked up first."""
    plan = await staff.plan(await staff.patient())
    colleague = await staff.backend.make_person()
    async with staff.backend.session() as session:
        new = NewMember(
            organization_id=staff.organization_id, user_id=colleague.id, role=Role.MEMBER
        )
        await add_member(session, new)
    wrong = {"therapistId": str(colleague.id), "endDate": "2019-12-31"}
    refused = await staff.call("PATCH", f"treatment-plans/{plan['id']}", json=wrong)
    assert refused.status_code == 400
    assert "`endDate`" in refused.json()["detail"]


async def test_a_move_for_another_version_is_refused(staff: StaffClient) -> None:
    """Also one that would be allowed."""
    created = await staff.call("POST", "treatment-plans", json=staff.course(await staff.patient()))
    plan, stale = created.json(), created.headers["ETag"]
    changed = await staff.call("PATCH", f"treatment-plans/{plan['id']}", json={"notes": "New."})
    refused = await move(staff, plan, "ongoing", if_match=stale)
    assert refused.status_code == 412
    assert refused.headers["ETag"] == changed.headers["ETag"]
    for method, body in (("PUT", replaced(staff)), ("PATCH", {"notes": "x"}), ("DELETE", None)):
        path = f"treatment-plans/{plan['id']}"
        assert (await staff.call(method, path, json=body, if_match=stale)).status_code == 412
    tag = changed.headers["ETag"]
    assert (await move(staff, plan, "ongoing", if_match=tag)).status_code == 200


def replaced(staff: StaffClient, **fields: Any) -> dict[str, Any]:
    whole = staff.course({"id": ""}) | fields
    del whole["patientId"]
    return whole


@shared_on_sqlite
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"endDate": "2019-12-31"}, "`endDate`"),
        ({"prescriptionDate": "2020-01-02"}, "`prescriptionDate`"),
        ({"startDate": "1980-02-29"}, "birth"),
        ({"status": "ongoing", "startDate": LATER}, "`startDate`"),
        ({"status": "completed"}, "`status`"),
    ],
)
async def test_rules_hold_for_who_writes_and_who_changes(
    staff: StaffClient, fields: dict[str, Any], word: str
) -> None:
    """The refusal says what to correct, and nothing is written."""
    patient = await staff.patient()
    refused = await staff.call("POST", "treatment-plans", json=staff.course(patient) | fields)
    assert refused.status_code == 400
    assert word in refused.json()["detail"]
    plan = await staff.plan(patient)
    if "status" not in fields:
        for method, body in (("PATCH", fields), ("PUT", replaced(staff, **fields))):
            refused = await staff.call(method, f"treatment-plans/{plan['id']}", json=body)
            assert refused.status_code == 400
            assert word in refused.json()["detail"]
    assert (await staff.read("treatment-plans"))["items"] == [plan]


@shared_on_sqlite
async def test_a_completed_plan_keeps_an_end(staff: StaffClient) -> None:
    """It may be corrected, but not taken away or put off."""
    plan = await staff.plan(await staff.patient(), status="ongoing")
    await move(staff, plan, "completed")
    path = f"treatment-plans/{plan['id']}"
    for end, status in ((None, 400), (LATER, 400), ("2020-06-01", 200)):
        assert (await staff.call("PATCH", path, json={"endDate": end})).status_code == status


@shared_on_sqlite
async def test_replacing_keeps_patient_and_status_and_empties_the_rest(staff: StaffClient) -> None:
    """PUT is the whole of what it may change, PATCH a part."""
    plan = await staff.plan(await staff.patient(), status="ongoing", notes="n", objective="o")
    path = f"treatment-plans/{plan['id']}"
    patched = (await staff.call("PATCH", path, json={"notes": "new"})).json()
    assert patched == plan | {"notes": "new", "updatedAt": patched["updatedAt"]}
    put = (await staff.call("PUT", path, json=replaced(staff, title="Running"))).json()
    assert put == plan | {
        "title": "Running",
        "notes": None,
        "objective": None,
        "updatedAt": put["updatedAt"],
    }
    for frozen in ("patientId", "status"):
        refused = await staff.call("PATCH", path, json={frozen: plan[frozen]})
        assert refused.status_code == 400


async def test_a_deleted_plan_is_hidden_and_can_be_restored(staff: StaffClient) -> None:
    """Only itself; the patient stays."""
    patient = await staff.patient()
    plan, other = await staff.plan(patient), await staff.plan(patient, title="Running")
    path = f"treatment-plans/{plan['id']}"
    assert (await staff.call("POST", f"{path}/restore")).status_code == 404
    assert (await staff.call("DELETE", path)).status_code == 204
    assert (await staff.call("GET", path)).status_code == 404
    assert (await move(staff, plan, "ongoing")).status_code == 404
    assert (await staff.read("treatment-plans"))["items"] == [other]
    (hidden,) = (await staff.read("treatment-plans", deleted=True))["items"]
    assert hidden["id"] == plan["id"]
    restored = (await staff.call("POST", f"{path}/restore")).json()
    assert restored == plan | {"updatedAt": restored["updatedAt"]}


async def test_the_list_is_filtered(staff: StaffClient) -> None:
    """By patient, therapist and status, alone and together."""
    patients = [await staff.patient(), await staff.patient()]
    plans = [await staff.plan(patient, status="ongoing") for patient in patients]
    await move(staff, plans[1], "paused")

    async def found(**query: Any) -> list[str]:
        return [row["id"] for row in (await staff.read("treatment-plans", **query))["items"]]

    assert await found(patientId=patients[0]["id"]) == [plans[0]["id"]]
    assert await found(status="paused") == [plans[1]["id"]]
    assert await found(patientId=patients[0]["id"], status="paused") == []
    assert sorted(await found(therapistId=str(staff.person.id))) == sorted(p["id"] for p in plans)
    assert await found(therapistId=patients[0]["id"]) == []


async def test_only_a_new_therapist_must_belong_to_the_clinic(staff: StaffClient) -> None:
    """The plans of one who left can still be changed, moved and handed over."""
    stranger = await staff.backend.make_person()
    patient = await staff.patient()
    given = staff.course(patient) | {"therapistId": str(stranger.id)}
    assert (await staff.call("POST", "treatment-plans", json=given)).status_code == 404
    async with staff.backend.session() as session:
        new = NewMember(
            organization_id=staff.organization_id, user_id=stranger.id, role=Role.MEMBER
        )
        member = await add_member(session, new)
    plan = await staff.plan(patient, therapistId=str(stranger.id))
    mine = await staff.plan(patient)
    async with staff.backend.session() as session:
        await session.exec(delete(Member).where(col(Member.id) == member.id))
    path = f"treatment-plans/{plan['id']}"
    same = replaced(staff, therapistId=str(stranger.id))
    assert (await staff.call("PATCH", path, json={"notes": "n"})).status_code == 200
    assert (await staff.call("PUT", path, json=same)).status_code == 200
    assert (await move(staff, plan, "ongoing")).status_code == 200
    handed_over = {"therapistId": str(staff.person.id)}
    assert (await staff.call("PATCH", path, json=handed_over)).status_code == 200
    for again in (plan, mine):
        refused = await staff.call("PATCH", f"treatment-plans/{again['id']}", json=same)
        assert refused.status_code == 404


def test_a_change_has_the_fields_of_a_plan() -> None:
    """What can be replaced can be changed."""
    assert UpdatePlan.__struct_fields__ == ReplacePlan.__struct_fields__

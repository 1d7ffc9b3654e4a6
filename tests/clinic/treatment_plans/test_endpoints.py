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
from clinic.client import Desk

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


async def move(desk: Desk, plan: Any, status: str, if_match: str | None = None) -> httpx.Response:
    path = f"treatment-plans/{plan['id']}/status"
    return await desk.call("POST", path, json={"status": status}, if_match=if_match)


async def test_every_move_is_made_or_refused(desk: Desk) -> None:
    """A refusal changes nothing, and names the moves that there are."""
    patient = await desk.patient()
    for present, wanted in product(PlanStatus, repeat=2):
        plan = await desk.plan(patient)
        for step in WAYS[present]:
            assert (await move(desk, plan, step)).status_code == 200
        before = await desk.read(f"treatment-plans/{plan['id']}")
        answer = await move(desk, plan, wanted)
        after = await desk.read(f"treatment-plans/{plan['id']}")
        if wanted in NEXT[present]:
            assert answer.status_code == 200
            assert after == answer.json()
            assert after["status"] == wanted
        else:
            assert answer.status_code == 409
            assert answer.json()["possible"] == NEXT[present]
            assert all(status in answer.json()["detail"] for status in NEXT[present])
            assert after == before


async def test_completing_ends_today_and_starting_early_starts_today(desk: Desk) -> None:
    """Other moves leave the dates as they are."""
    plan = await desk.plan(await desk.patient(), startDate=LATER, endDate=LATER)
    started = (await move(desk, plan, "ongoing")).json()
    assert (started["startDate"], started["endDate"]) == (str(TODAY), LATER)
    for step in ("paused", "ongoing"):
        moved = (await move(desk, plan, step)).json()
        assert (moved["startDate"], moved["endDate"]) == (str(TODAY), LATER)
    completed = (await move(desk, plan, "completed")).json()
    assert (completed["startDate"], completed["endDate"]) == (str(TODAY), str(TODAY))


@pytest.mark.parametrize(("hour", "days", "status"), [(9, 1, 400), (10, 1, 201), (10, 2, 400)])
async def test_a_day_that_has_begun_further_east_is_not_the_future(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, hour: int, days: int, status: int
) -> None:
    """At ten in the morning of a day in UTC, it is tomorrow on the Line Islands, 14 hours ahead."""
    patient = await desk.patient()
    moment = datetime.combine(TODAY, time(hour), UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    start = str(TODAY + timedelta(days=days))
    course = desk.course(patient) | {"status": "ongoing", "startDate": start}
    made = await desk.call("POST", "treatment-plans", json=course)
    assert made.status_code == status


async def test_a_plan_does_not_start_before_it_is_prescribed(desk: Desk) -> None:
    """A move that would break a rule of dates is refused."""
    plan = await desk.plan(await desk.patient(), startDate=LATER, prescriptionDate=LATER)
    refused = await move(desk, plan, "ongoing")
    assert refused.status_code == 400
    assert f"`prescriptionDate`, which is {LATER}," in refused.json()["detail"]
    assert await desk.read(f"treatment-plans/{plan['id']}") == plan


async def test_a_paused_plan_has_started(desk: Desk) -> None:
    """It cannot be put off, as an ongoing one cannot."""
    plan = await desk.plan(await desk.patient(), status="ongoing")
    await move(desk, plan, "paused")
    path = f"treatment-plans/{plan['id']}"
    refused = await desk.call("PATCH", path, json={"startDate": LATER})
    assert refused.status_code == 400
    assert "paused must not be in the future" in refused.json()["detail"]


async def test_starting_a_day_early_somewhere_is_starting_on_that_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan of tomorrow that starts where it is tomorrow keeps its day."""
    tomorrow = str(TODAY + timedelta(days=1))
    plan = await desk.plan(await desk.patient(), startDate=tomorrow)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(TODAY, time(10), UTC))
    assert (await move(desk, plan, "ongoing")).json()["startDate"] == tomorrow


async def test_what_is_wrong_is_told_before_the_database_sees_it(desk: Desk) -> None:
    """Also beside another therapist, who is looked up first."""
    plan = await desk.plan(await desk.patient())
    colleague = await desk.place.make_person()
    async with desk.place.session() as session:
        new = NewMember(
            organization_id=desk.organization_id, user_id=colleague.id, role=Role.MEMBER
        )
        await add_member(session, new)
    wrong = {"therapistId": str(colleague.id), "endDate": "2019-12-31"}
    refused = await desk.call("PATCH", f"treatment-plans/{plan['id']}", json=wrong)
    assert refused.status_code == 400
    assert "`endDate`" in refused.json()["detail"]


async def test_a_move_for_another_version_is_refused(desk: Desk) -> None:
    """Also one that would be allowed."""
    created = await desk.call("POST", "treatment-plans", json=desk.course(await desk.patient()))
    plan, stale = created.json(), created.headers["ETag"]
    changed = await desk.call("PATCH", f"treatment-plans/{plan['id']}", json={"notes": "New."})
    refused = await move(desk, plan, "ongoing", if_match=stale)
    assert refused.status_code == 412
    assert refused.headers["ETag"] == changed.headers["ETag"]
    for method, body in (("PUT", replaced(desk)), ("PATCH", {"notes": "x"}), ("DELETE", None)):
        path = f"treatment-plans/{plan['id']}"
        assert (await desk.call(method, path, json=body, if_match=stale)).status_code == 412
    tag = changed.headers["ETag"]
    assert (await move(desk, plan, "ongoing", if_match=tag)).status_code == 200


def replaced(desk: Desk, **fields: Any) -> dict[str, Any]:
    whole = desk.course({"id": ""}) | fields
    del whole["patientId"]
    return whole


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
    desk: Desk, fields: dict[str, Any], word: str
) -> None:
    """The refusal says what to correct, and nothing is written."""
    patient = await desk.patient()
    refused = await desk.call("POST", "treatment-plans", json=desk.course(patient) | fields)
    assert refused.status_code == 400
    assert word in refused.json()["detail"]
    plan = await desk.plan(patient)
    if "status" not in fields:
        for method, body in (("PATCH", fields), ("PUT", replaced(desk, **fields))):
            refused = await desk.call(method, f"treatment-plans/{plan['id']}", json=body)
            assert refused.status_code == 400
            assert word in refused.json()["detail"]
    assert (await desk.read("treatment-plans"))["items"] == [plan]


async def test_a_completed_plan_keeps_an_end(desk: Desk) -> None:
    """It may be corrected, but not taken away or put off."""
    plan = await desk.plan(await desk.patient(), status="ongoing")
    await move(desk, plan, "completed")
    path = f"treatment-plans/{plan['id']}"
    for end, status in ((None, 400), (LATER, 400), ("2020-06-01", 200)):
        assert (await desk.call("PATCH", path, json={"endDate": end})).status_code == status


async def test_replacing_keeps_patient_and_status_and_empties_the_rest(desk: Desk) -> None:
    """PUT is the whole of what it may change, PATCH a part."""
    plan = await desk.plan(await desk.patient(), status="ongoing", notes="n", objective="o")
    path = f"treatment-plans/{plan['id']}"
    patched = (await desk.call("PATCH", path, json={"notes": "new"})).json()
    assert patched == plan | {"notes": "new", "updatedAt": patched["updatedAt"]}
    put = (await desk.call("PUT", path, json=replaced(desk, title="Running"))).json()
    assert put == plan | {
        "title": "Running",
        "notes": None,
        "objective": None,
        "updatedAt": put["updatedAt"],
    }
    for frozen in ("patientId", "status"):
        refused = await desk.call("PATCH", path, json={frozen: plan[frozen]})
        assert refused.status_code == 400


async def test_a_deleted_plan_is_hidden_and_can_be_restored(desk: Desk) -> None:
    """Only itself; the patient stays."""
    patient = await desk.patient()
    plan, other = await desk.plan(patient), await desk.plan(patient, title="Running")
    path = f"treatment-plans/{plan['id']}"
    assert (await desk.call("POST", f"{path}/restore")).status_code == 404
    assert (await desk.call("DELETE", path)).status_code == 204
    assert (await desk.call("GET", path)).status_code == 404
    assert (await move(desk, plan, "ongoing")).status_code == 404
    assert (await desk.read("treatment-plans"))["items"] == [other]
    (hidden,) = (await desk.read("treatment-plans", deleted=True))["items"]
    assert hidden["id"] == plan["id"]
    restored = (await desk.call("POST", f"{path}/restore")).json()
    assert restored == plan | {"updatedAt": restored["updatedAt"]}


async def test_the_list_is_filtered(desk: Desk) -> None:
    """By patient, therapist and status, alone and together."""
    patients = [await desk.patient(), await desk.patient()]
    plans = [await desk.plan(patient, status="ongoing") for patient in patients]
    await move(desk, plans[1], "paused")

    async def found(**query: Any) -> list[str]:
        return [row["id"] for row in (await desk.read("treatment-plans", **query))["items"]]

    assert await found(patientId=patients[0]["id"]) == [plans[0]["id"]]
    assert await found(status="paused") == [plans[1]["id"]]
    assert await found(patientId=patients[0]["id"], status="paused") == []
    assert sorted(await found(therapistId=str(desk.person.id))) == sorted(p["id"] for p in plans)
    assert await found(therapistId=patients[0]["id"]) == []


async def test_only_a_new_therapist_must_belong_to_the_clinic(desk: Desk) -> None:
    """The plans of one who left can still be changed, moved and handed over."""
    stranger = await desk.place.make_person()
    patient = await desk.patient()
    given = desk.course(patient) | {"therapistId": str(stranger.id)}
    assert (await desk.call("POST", "treatment-plans", json=given)).status_code == 404
    async with desk.place.session() as session:
        member = Member(organization_id=desk.organization_id, user_id=stranger.id, role=Role.MEMBER)
        session.add(member)
    plan = await desk.plan(patient, therapistId=str(stranger.id))
    mine = await desk.plan(patient)
    async with desk.place.session() as session:
        await session.exec(delete(Member).where(col(Member.id) == member.id))
    path = f"treatment-plans/{plan['id']}"
    same = replaced(desk, therapistId=str(stranger.id))
    assert (await desk.call("PATCH", path, json={"notes": "n"})).status_code == 200
    assert (await desk.call("PUT", path, json=same)).status_code == 200
    assert (await move(desk, plan, "ongoing")).status_code == 200
    handed_over = {"therapistId": str(desk.person.id)}
    assert (await desk.call("PATCH", path, json=handed_over)).status_code == 200
    for again in (plan, mine):
        refused = await desk.call("PATCH", f"treatment-plans/{again['id']}", json=same)
        assert refused.status_code == 404


def test_a_change_has_the_fields_of_a_plan() -> None:
    """What can be replaced can be changed."""
    assert UpdatePlan.__struct_fields__ == ReplacePlan.__struct_fields__

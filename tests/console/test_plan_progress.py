"""What a page says of the sessions of a plan: only what is recorded."""

import pytest

from app.console.plan_progress import progress_of

RECORDED = "Appointments recorded: "


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        ([], "none. Sessions planned: 12."),
        (["finished"], "1 finished. Sessions planned: 12."),
        (["scheduled", "in_progress", "cancelled"], "2 booked. Sessions planned: 12."),
        (["finished", "confirmed"], "1 finished and 1 booked. Sessions planned: 12."),
    ],
)
def test_finished_and_booked_appointments_are_counted(statuses: list[str], said: str) -> None:
    plan = {"id": "a", "status": "ongoing", "numberOfSessions": 12}
    rows = [{"treatmentPlanId": "a", "status": status} for status in statuses]
    other = {"treatmentPlanId": "b", "status": "finished"}
    done = progress_of(plan, [*rows, other])
    assert done is not None
    assert done.words == RECORDED + said


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_closed_plan_without_appointments_has_no_progress(status: str) -> None:
    plan = {"id": "a", "status": status, "numberOfSessions": 12}
    assert progress_of(plan, []) is None
    assert progress_of(plan, [{"treatmentPlanId": "a", "status": "finished"}]) is not None

"""A patient's appointments by day, and how far they have brought each treatment plan."""

import datetime
from collections.abc import Sequence

import msgspec

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.treatment_plans.models import PlanStatus
from app.console.appointments import OPEN, ShownAppointment
from app.console.slots import Row

UPCOMING = (*OPEN, AppointmentStatus.CANCELLED)


CLOSED = (PlanStatus.COMPLETED, PlanStatus.CANCELLED)


class PlanProgress(msgspec.Struct):
    """What is recorded of the sessions of a plan; `booked` are upcoming ones."""

    finished: int
    booked: int
    sessions: int

    @property
    def words(self) -> str:
        counts = {"finished": self.finished, "booked": self.booked}
        recorded = " and ".join(f"{count} {name}" for name, count in counts.items() if count)
        return f"Appointments recorded: {recorded or 'none'}. Sessions planned: {self.sessions}."


def progress_of(plan: Row, appointments: Sequence[Row]) -> PlanProgress | None:
    """Return nothing for a plan that is closed and has no appointments: it ended before them."""
    statuses = [row["status"] for row in appointments if row["treatmentPlanId"] == plan["id"]]
    if not statuses and plan["status"] in CLOSED:
        return None
    return PlanProgress(
        finished=statuses.count(AppointmentStatus.FINISHED),
        booked=sum(status in OPEN for status in statuses),
        sessions=plan["numberOfSessions"],
    )


def split_by_day(
    appointments: Sequence[ShownAppointment], today: datetime.date
) -> tuple[list[ShownAppointment], list[ShownAppointment]]:
    """Split appointments in order of their start; return the past ones with the newest first."""
    upcoming: list[ShownAppointment] = []
    past: list[ShownAppointment] = []
    for each in appointments:
        is_ahead = each.row["date"] >= today.isoformat() and each.row["status"] in UPCOMING
        (upcoming if is_ahead else past).append(each)
    return upcoming, past[::-1]

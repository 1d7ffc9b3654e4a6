"""The bodies of requests about the coming week of `conflict-week`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.clinic.availability.models import DayOfWeek
from app.database.bulk import Row
from app.seed.scenarios.scenario import ClinicContent
from app.seed.scenarios.slots import coming
from app.seed.seeders.appointments import FOLLOW_UP

OWNER = 0
NEW_PATIENT = 6  # without appointments

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WeekOfConflicts:
    as_of: date
    content: ClinicContent

    def on(self, day: DayOfWeek) -> str:
        return str(coming(self.as_of, day))

    def row(self, kind: str, place: int) -> Row:
        return self.content.rows[kind][place]

    def template(self, place: int, **changes: Any) -> Body:
        row = self.row("weekly_templates", place)
        return {
            "dayOfWeek": row["day_of_week"],
            "startTime": str(row["start_time"]),
            "endTime": str(row["end_time"]),
            "location": row["location"],
            "maxSessions": row["max_sessions"],
            **changes,
        }

    def absence(self, day: DayOfWeek, start: str | None, end: str | None) -> Body:
        """Return the body of an absence; without times it is for the whole day."""
        times = {"startTime": f"{start}:00", "endTime": f"{end}:00"} if start else {}
        return {"date": self.on(day), "isAvailable": False, "reason": "meeting", **times}

    def appointment(
        self,
        day: DayOfWeek | date,
        start: str,
        end: str | None = None,
        *,
        patient: int = NEW_PATIENT,
        room: int | None = None,
        plan: Row | None = None,
    ) -> Body:
        """Return the body of a follow-up with the owner at the clinic."""
        rooms = self.content.rows["rooms"]
        return {
            "patientId": str(self.row("patients", patient)["id"]),
            "appointmentTypeId": str(self.row("appointment_types", FOLLOW_UP)["id"]),
            "therapistId": str(self.content.users[OWNER].id),
            "date": self.on(day) if isinstance(day, DayOfWeek) else str(day),
            "startTime": f"{start}:00",
            **({"endTime": f"{end}:00"} if end else {}),
            "location": "clinic",
            "roomId": None if room is None else str(rooms[room]["id"]),
            "treatmentPlanId": plan and str(plan["id"]),
        }

    def ongoing_plan(self) -> Row:
        patient = self.row("patients", NEW_PATIENT)["id"]
        plans = self.content.rows["treatment_plans"]
        return next(
            plan for plan in plans if plan["patient_id"] == patient and plan["status"] == "ongoing"
        )

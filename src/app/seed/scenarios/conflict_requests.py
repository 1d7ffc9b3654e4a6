"""Requests about `conflict-week`: those that are refused, and those that are just accepted.

Each is for the clinic as it was created, with the test clock at `asOf`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from app.clinic.availability.models import DayOfWeek
from app.database.bulk import Row
from app.seed.request import SeedRequest
from app.seed.scenarios.scenario import ClinicContent, ScenarioRequest
from app.seed.scenarios.slots import coming
from app.seed.seeders.appointments import FOLLOW_UP

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, _ = DayOfWeek
OWNER, ADMIN, MEMBER = range(3)
# The places in the rows of the scenario.
FULL_TEMPLATE, FRIDAY_TEMPLATE, ROOM_1 = 3, 6, 1
PATIENT_OF_ADMIN, NEW_PATIENT = 5, 6
CREATED, OK, NO_CONTENT, FORBIDDEN, CONFLICT = 201, 200, 204, 403, 409
TEMPLATES, EXCEPTIONS = "/api/availability/templates", "/api/availability/exceptions"
APPOINTMENTS = "/api/appointments"

DAY = timedelta(days=1)

Body = dict[str, Any]
Method = Literal["POST", "PUT", "DELETE"]
# The title, who sends it, the method, the path, the body and the status.
Call = tuple[str, int, Method, str, Body | None, int]


def requests_of_week(request: SeedRequest, content: ClinicContent) -> Sequence[ScenarioRequest]:
    week = _Week(request.as_of, content)
    return [
        ScenarioRequest(
            title=title,
            user_id=content.users[user].id,
            method=method,
            path=path,
            body=body,
            status=status,
        )
        for calls in (_templates(week), _exceptions(week), _hours(week), _bookings(week))
        for title, user, method, path, body, status in calls
    ]


@dataclass(frozen=True, slots=True)
class _Week:
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

    def exception(self, day: DayOfWeek, start: str | None, end: str | None) -> Body:
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


def _templates(week: _Week) -> Iterator[Call]:
    """Monday has hours until 17:00. On Tuesday, a template for two patients has two."""

    def monday(start: str, end: str) -> Body:
        times = {"startTime": f"{start}:00", "endTime": f"{end}:00"}
        return {"dayOfWeek": "mon", **times, "location": "clinic", "maxSessions": 4}

    full = f"{TEMPLATES}/{week.row('weekly_templates', FULL_TEMPLATE)['id']}"
    friday = f"{TEMPLATES}/{week.row('weekly_templates', FRIDAY_TEMPLATE)['id']}"
    for title, body, status in (
        ("Hours that begin 14 minutes after others", monday("17:14", "18:00"), CONFLICT),
        ("Hours that begin 15 minutes after others", monday("17:15", "18:00"), CREATED),
        ("Hours that end 14 minutes before others", monday("06:00", "07:46"), CONFLICT),
        ("Hours that end 15 minutes before others", monday("06:00", "07:45"), CREATED),
    ):
        yield title, OWNER, "POST", TEMPLATES, body, status
    for title, most, status in (
        ("Fewer sessions than a template has appointments", 1, CONFLICT),
        ("One session more in a full template", 3, OK),
    ):
        body = week.template(FULL_TEMPLATE, maxSessions=most)
        yield title, OWNER, "PUT", full, body, status
    for title, end, status in (
        ("Hours that end before an appointment does", "10:04:59", CONFLICT),
        ("Hours that end when the last appointment does", "10:05:00", OK),
    ):
        body = week.template(FRIDAY_TEMPLATE, endTime=end)
        yield title, OWNER, "PUT", friday, body, status
    yield "Delete hours that have appointments", OWNER, "DELETE", friday, None, CONFLICT
    forced = f"{friday}?force=true"
    yield "Delete them and keep the appointments", OWNER, "DELETE", forced, None, NO_CONTENT


def _exceptions(week: _Week) -> Iterator[Call]:
    """Wednesday has a whole-day absence, Thursday absences until 10:00 and hours from 12:00."""
    absent = week.exception
    forced = f"{EXCEPTIONS}?force=true"
    friday, owner = absent(FRIDAY, "09:00", "10:00"), str(week.content.users[OWNER].id)
    for title, body, status in (
        (
            "An absence on a day with a whole-day absence",
            absent(WEDNESDAY, "17:15", "18:00"),
            CONFLICT,
        ),
        (
            "A whole-day absence on a day with other exceptions",
            absent(THURSDAY, None, None),
            CONFLICT,
        ),
        ("A whole-day absence on a day without others", absent(MONDAY, None, None), CREATED),
        ("An absence 14 minutes after another one", absent(THURSDAY, "10:14", "11:00"), CONFLICT),
        ("An absence 15 minutes after another one", absent(THURSDAY, "10:15", "11:00"), CREATED),
        ("An absence 14 minutes before added hours", absent(THURSDAY, "11:00", "11:46"), CONFLICT),
        ("An absence 15 minutes before added hours", absent(THURSDAY, "11:00", "11:45"), CREATED),
        ("An absence during an appointment", friday, CONFLICT),
        (
            "An absence that begins when an appointment ends",
            absent(FRIDAY, "10:05", "13:00"),
            CREATED,
        ),
    ):
        yield title, OWNER, "POST", EXCEPTIONS, body, status
    yield "An absence that keeps the appointments", OWNER, "POST", forced, friday, CREATED
    body = absent(MONDAY, "09:00", "10:00")
    yield (
        "A member's request about the owner's hours",
        MEMBER,
        "POST",
        EXCEPTIONS,
        {**body, "userId": owner},
        FORBIDDEN,
    )
    yield (
        "An admin's request about them",
        ADMIN,
        "POST",
        EXCEPTIONS,
        {**body, "userId": owner},
        CREATED,
    )
    yield "A member's own absence", MEMBER, "POST", EXCEPTIONS, body, CREATED


def _hours(week: _Week) -> Iterator[Call]:
    """Friday has hours until 13:00. On Thursday, added hours extend a template until 14:00."""
    book = week.appointment
    plan = week.ongoing_plan()
    last = plan["end_date"]
    next_tuesday, next_wednesday = (
        coming(week.as_of, day) + timedelta(weeks=1) for day in (TUESDAY, WEDNESDAY)
    )
    for title, body, status in (
        ("An appointment that ends 5 minutes after the hours", book(FRIDAY, "12:35"), CONFLICT),
        ("An appointment that ends with the hours", book(FRIDAY, "12:30"), CREATED),
        ("An appointment on a day with a whole-day absence", book(WEDNESDAY, "10:00"), CONFLICT),
        ("An appointment on the same weekday a week later", book(next_wednesday, "10:00"), CREATED),
        ("An appointment longer than the time between absences", book(THURSDAY, "09:00"), CONFLICT),
        ("An appointment between two absences", book(THURSDAY, "09:00", "09:15"), CREATED),
        (
            "An appointment over the end of a template and into added hours",
            book(THURSDAY, "11:45"),
            CREATED,
        ),
        ("An appointment that ends 5 minutes after added hours", book(THURSDAY, "13:35"), CONFLICT),
        ("An appointment that ends with added hours", book(THURSDAY, "13:30"), CREATED),
        ("An appointment in a full template", book(TUESDAY, "10:00"), CONFLICT),
        ("An appointment in this template a week later", book(next_tuesday, "10:00"), CREATED),
        (
            "An appointment after the last day of its plan",
            book(last + DAY, "09:30", plan=plan),
            CONFLICT,
        ),
        ("An appointment on the last day of its plan", book(last, "09:30", plan=plan), CREATED),
    ):
        yield title, OWNER, "POST", APPOINTMENTS, body, status


def _bookings(week: _Week) -> Iterator[Call]:
    """On Friday, the owner has appointments until 10:05, and the admin one from 11:00 to 11:30."""
    book, same = week.appointment, PATIENT_OF_ADMIN
    for title, body, status in (
        ("An appointment 4 minutes after another one", book(FRIDAY, "10:09"), CONFLICT),
        ("An appointment 5 minutes after another one", book(FRIDAY, "10:10"), CREATED),
        (
            "An appointment that ends in a room that is taken",
            book(FRIDAY, "10:35", room=ROOM_1),
            CONFLICT,
        ),
        (
            "An appointment that ends when the room is taken",
            book(FRIDAY, "10:30", room=ROOM_1),
            CREATED,
        ),
        ("An appointment in a room that is taken", book(FRIDAY, "11:25", room=ROOM_1), CONFLICT),
        ("An appointment when the room is free again", book(FRIDAY, "11:30", room=ROOM_1), CREATED),
        (
            "An appointment of a patient who has another one",
            book(FRIDAY, "11:25", patient=same),
            CONFLICT,
        ),
        (
            "An appointment of this patient right after it",
            book(FRIDAY, "11:30", patient=same),
            CREATED,
        ),
    ):
        yield title, OWNER, "POST", APPOINTMENTS, body, status

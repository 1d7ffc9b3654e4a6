"""Requests about `conflict-week`: those that are refused, and those that are just accepted.

Each is for the clinic as it was created, with the test clock at `asOf`.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from app.clinic.appointments.rules import InTheWay
from app.clinic.availability.models import DayOfWeek
from app.seed.request import SeedRequest
from app.seed.scenarios.conflict_bodies import OWNER, Body, WeekOfConflicts
from app.seed.scenarios.scenario import ClinicContent, ScenarioRequest
from app.seed.scenarios.slots import coming

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, _ = DayOfWeek
PATIENT, PLAN, HOURS, PRACTITIONER, ROOM, SLOT = InTheWay
ADMIN, MEMBER = 1, 2
# The places in the rows of the scenario.
FULL_TEMPLATE, FRIDAY_TEMPLATE, ROOM_1, PATIENT_OF_ADMIN = 3, 6, 1, 5
CREATED, OK, NO_CONTENT, FORBIDDEN, CONFLICT = 201, 200, 204, 403, 409
TEMPLATES, EXCEPTIONS = "/api/availability/templates", "/api/availability/exceptions"
APPOINTMENTS = "/api/appointments"
FORCED = "?force=true"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


class TitledRequest(NamedTuple):
    title: str
    path: str
    body: Body | None
    status: int
    in_the_way: InTheWay | None = None
    user: int = OWNER
    method: Literal["POST", "PUT", "DELETE"] = "POST"


def requests_of_week(request: SeedRequest, content: ClinicContent) -> Sequence[ScenarioRequest]:
    week = WeekOfConflicts(request.as_of, content)
    return [
        ScenarioRequest(
            title=call.title,
            user_id=content.users[call.user].id,
            method=call.method,
            path=call.path,
            body=call.body,
            status=call.status,
            in_the_way=call.in_the_way,
        )
        for calls in (_new_hours, _changed_hours, _absences, _others, _hours, _plans, _bookings)
        for call in calls(week)
    ]


def _new_hours(_week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """Monday has hours from 08:00 to 17:00."""
    for title, start, end, status in (
        ("Hours that begin 14 minutes after others", "17:14", "18:00", CONFLICT),
        ("Hours that begin 15 minutes after others", "17:15", "18:00", CREATED),
        ("Hours that end 14 minutes before others", "06:00", "07:46", CONFLICT),
        ("Hours that end 15 minutes before others", "06:00", "07:45", CREATED),
    ):
        times = {"startTime": f"{start}:00", "endTime": f"{end}:00"}
        body = {"dayOfWeek": MONDAY, **times, "location": "clinic", "maxSessions": 4}
        yield TitledRequest(title, TEMPLATES, body, status)


def _changed_hours(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """Tuesday has two appointments of two, and the last one of Friday ends at 10:05."""
    tuesday, friday = (
        f"{TEMPLATES}/{week.row('weekly_templates', place)['id']}"
        for place in (FULL_TEMPLATE, FRIDAY_TEMPLATE)
    )
    for title, path, body, status in (
        ("Fewer sessions than a template has", tuesday, {"maxSessions": 1}, CONFLICT),
        ("One session more in a full template", tuesday, {"maxSessions": 3}, OK),
        ("Hours that end before an appointment", friday, {"endTime": "10:04:59"}, CONFLICT),
        ("Hours that end with the last appointment", friday, {"endTime": "10:05:00"}, OK),
    ):
        place = FULL_TEMPLATE if path is tuesday else FRIDAY_TEMPLATE
        refused_for = HOURS if status == CONFLICT else None
        yield TitledRequest(
            title, path, week.template(place, **body), status, refused_for, method="PUT"
        )
    title = "Delete hours that have appointments"
    yield TitledRequest(title, friday, None, CONFLICT, HOURS, method="DELETE")
    title = "Delete these hours and keep the appointments"
    yield TitledRequest(title, friday + FORCED, None, NO_CONTENT, method="DELETE")


def _absences(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """Wednesday has a whole-day absence, Thursday absences until 10:00 and hours from 12:00."""
    for title, day, start, end, status in (
        ("An absence on a day with a whole-day one", WEDNESDAY, "17:15", "18:00", CONFLICT),
        ("A whole-day absence on a day with others", THURSDAY, None, None, CONFLICT),
        ("A whole-day absence on a day without others", MONDAY, None, None, CREATED),
        ("An absence 14 minutes after another one", THURSDAY, "10:14", "11:00", CONFLICT),
        ("An absence 15 minutes after another one", THURSDAY, "10:15", "11:00", CREATED),
        ("An absence 14 minutes before added hours", THURSDAY, "11:00", "11:46", CONFLICT),
        ("An absence 15 minutes before added hours", THURSDAY, "11:00", "11:45", CREATED),
        ("An absence that begins when an appointment ends", FRIDAY, "10:05", "13:00", CREATED),
    ):
        yield TitledRequest(title, EXCEPTIONS, week.absence(day, start, end), status)
    during = week.absence(FRIDAY, "09:00", "10:00")
    yield TitledRequest("An absence during an appointment", EXCEPTIONS, during, CONFLICT, HOURS)
    yield TitledRequest(
        "This absence with the appointment kept", EXCEPTIONS + FORCED, during, CREATED
    )


def _others(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """Only owners and admins change the hours of others."""
    own = week.absence(MONDAY, "09:00", "10:00")
    of_owner = {**own, "userId": str(week.content.users[OWNER].id)}
    for title, body, user, status in (
        ("An absence of the owner, created by a member", of_owner, MEMBER, FORBIDDEN),
        ("An absence of the owner, created by an admin", of_owner, ADMIN, CREATED),
        ("An absence of a member, created by the same", own, MEMBER, CREATED),
    ):
        yield TitledRequest(title, EXCEPTIONS, body, status, user=user)


def _refused(title: str, body: Body, in_the_way: InTheWay) -> TitledRequest:
    return TitledRequest(title, APPOINTMENTS, body, CONFLICT, in_the_way)


def _accepted(title: str, body: Body) -> TitledRequest:
    return TitledRequest(title, APPOINTMENTS, body, CREATED)


def _hours(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """Friday has hours until 13:00. On Thursday, added hours extend a template until 14:00."""
    book = week.appointment
    a_week_later = coming(week.as_of, WEDNESDAY) + WEEK
    yield _refused("An appointment that ends 5 minutes after hours", book(FRIDAY, "12:35"), HOURS)
    yield _accepted("An appointment that ends with the hours", book(FRIDAY, "12:30"))
    yield _refused("An appointment on a day of absence", book(WEDNESDAY, "10:00"), HOURS)
    yield _accepted("This appointment a week later", book(a_week_later, "10:00"))
    yield _refused("An appointment too long to be between absences", book(THURSDAY, "09:00"), HOURS)
    yield _accepted("An appointment between absences", book(THURSDAY, "09:00", "09:15"))
    yield _accepted("An appointment in a template and added hours", book(THURSDAY, "11:45"))
    yield _refused("An appointment that ends after added hours", book(THURSDAY, "13:35"), HOURS)
    yield _accepted("An appointment that ends with added hours", book(THURSDAY, "13:30"))
    a_week_later = coming(week.as_of, TUESDAY) + WEEK
    yield _refused("An appointment in a full template", book(TUESDAY, "10:00"), SLOT)
    yield _accepted("An appointment in this template a week later", book(a_week_later, "10:00"))


def _plans(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    plan = week.ongoing_plan()
    last, book = plan["end_date"], week.appointment
    body = book(last + DAY, "09:30", plan=plan)
    yield _refused("An appointment on the day after the end of its plan", body, PLAN)
    body = book(last, "09:30", plan=plan)
    yield _accepted("An appointment on the last day of its plan", body)


def _bookings(week: WeekOfConflicts) -> Iterator[TitledRequest]:
    """On Friday, the owner has appointments until 10:05, and the admin one from 11:00 to 11:30."""

    def book(start: str, **others: Any) -> Body:
        return week.appointment(FRIDAY, start, **others)

    room, patient = {"room": ROOM_1}, {"patient": PATIENT_OF_ADMIN}
    yield _refused("An appointment 4 minutes after another one", book("10:09"), PRACTITIONER)
    yield _accepted("An appointment 5 minutes after another one", book("10:10"))
    yield _refused("An appointment that needs a room too long", book("10:35", **room), ROOM)
    yield _accepted("An appointment until the room is taken", book("10:30", **room))
    yield _refused("An appointment in a room that is taken", book("11:25", **room), ROOM)
    yield _accepted("An appointment once the room is free", book("11:30", **room))
    yield _refused("An appointment of a patient who has one", book("11:25", **patient), PATIENT)
    yield _accepted("An appointment of this patient after that", book("11:30", **patient))

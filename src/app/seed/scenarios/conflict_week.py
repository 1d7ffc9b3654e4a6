"""`conflict-week`: hours and bookings as close to each other as the rules of the API allow."""

import dataclasses
from datetime import date, time

from msgspec.structs import replace

from app.auth.models import Role
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import DayOfWeek, Location
from app.seed.data.absences import EXTRA_HOURS, PART_DAY_ABSENCES, WHOLE_DAY_ABSENCES
from app.seed.request import SeedRequest
from app.seed.scenarios.api_checks import checked
from app.seed.scenarios.bookings import BookedSession, appointment_rows, with_therapists
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.conflict_requests import requests_of_week
from app.seed.scenarios.conflict_rules import CONFLICT_RULES
from app.seed.scenarios.ordinary import ordinary_rules
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.slots import ChangedHours, OfferedHours, coming, exception_row, template_row

OWNER, ADMIN, MEMBER = range(3)
PATIENTS = 7
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, _ = DayOfWeek
CLINIC, HOME, TELEHEALTH = Location
ROOM_1 = 1
REPORTS, TRAINING = PART_DAY_ABSENCES[CLINIC][7], PART_DAY_ABSENCES[CLINIC][4]
AWAY, EXTRA = WHOLE_DAY_ABSENCES.options[4], EXTRA_HOURS[0]

# The owner's templates of Monday are 15 minutes apart, and the admin's begins when the first of
# them ends. The member's of Tuesday begins when the owner's ends. Both of Tuesday are full.
TEMPLATES = (
    OfferedHours(OWNER, MONDAY, time(8), time(11), CLINIC, 4),
    OfferedHours(OWNER, MONDAY, time(11, 15), time(14), TELEHEALTH, 4),
    OfferedHours(OWNER, MONDAY, time(14, 15), time(17), CLINIC, 4),
    OfferedHours(OWNER, TUESDAY, time(9), time(12), CLINIC, 2),
    OfferedHours(OWNER, WEDNESDAY, time(9), time(17), CLINIC, 4),
    OfferedHours(OWNER, THURSDAY, time(8), time(12), CLINIC, 4),
    OfferedHours(OWNER, FRIDAY, time(9), time(13), CLINIC, 4),
    OfferedHours(ADMIN, MONDAY, time(11), time(15), HOME, 2),
    OfferedHours(ADMIN, FRIDAY, time(9), time(13), CLINIC, 4),
    OfferedHours(MEMBER, TUESDAY, time(12), time(16), CLINIC, 1),
    OfferedHours(MEMBER, THURSDAY, time(13), time(17), TELEHEALTH, 2),
)


def conflict_week(request: SeedRequest) -> ClinicContent:
    request = replace(request, users=3, patients=PATIENTS, appointment_weeks=0)
    ordinary = ordinary_content(request)
    bookings, changes = _bookings(request.as_of), _changes(request.as_of)
    admin, member = ordinary.members
    content = dataclasses.replace(
        ordinary,
        members=[admin, dataclasses.replace(member, role=Role.MEMBER)],
        rows={
            **ordinary.rows,
            "weekly_templates": [template_row(request, *each) for each in enumerate(TEMPLATES)],
            "availability_exceptions": [
                exception_row(request, *each) for each in enumerate(changes)
            ],
            "treatment_plans": with_therapists(request, ordinary.rows["treatment_plans"], bookings),
            "appointments": appointment_rows(request, bookings),
        },
    )
    return checked(content, request.as_of)


def _changes(as_of: date) -> tuple[ChangedHours, ...]:
    """Return the exceptions of the coming week. Extra hours begin when a template ends."""
    wednesday, thursday = coming(as_of, WEDNESDAY), coming(as_of, THURSDAY)
    return (
        ChangedHours(OWNER, wednesday, None, None, AWAY),
        ChangedHours(OWNER, thursday, time(8), time(9), TRAINING),
        ChangedHours(OWNER, thursday, time(9, 15), time(10), REPORTS),
        ChangedHours(OWNER, thursday, time(12), time(14), EXTRA, is_available=True),
        ChangedHours(ADMIN, coming(as_of, None), None, None, EXTRA, is_available=True),
    )


def _bookings(as_of: date) -> tuple[BookedSession, ...]:
    """Return the appointments of the coming week.

    Those of Tuesday fill two templates and follow each other in a room with one place. The owner's
    of Friday are 5 minutes apart.
    """
    times = (
        (OWNER, TUESDAY, time(9)),
        (OWNER, TUESDAY, time(11, 30)),
        (MEMBER, TUESDAY, time(12)),
        (OWNER, FRIDAY, time(9)),
        (OWNER, FRIDAY, time(9, 35)),
        (ADMIN, FRIDAY, time(11)),
    )
    return tuple(
        BookedSession(
            user=user,
            patient=patient,
            date=coming(as_of, day),
            start=start,
            status=AppointmentStatus.CONFIRMED,
            room=ROOM_1,
        )
        for patient, (user, day, start) in enumerate(times)
    )


# Hours, absences and bookings are chosen by hand, also on public holidays.
NOT_KEPT = (
    "every user has three to five weekly templates",
    "templates of a user are on different days",
    "every user has two to four availability exceptions",
    "every user has an available exception",
    "every user has an unavailable exception",
    "exceptions on public holidays are for the whole day and for no other reason",
    "practitioners take two public holidays of their days, or fewer during a week away",
    "one practitioner in three has an exception within seven days of asOf",
    "one practitioner of a clinic is away for a whole week, if one has three templates",
    "therapists of an organization have as many plans, or one more",
    "the first appointment of a plan is its initial assessment",
    "one session of each clinic is in progress if it has any on asOf",
)

SCENARIO = Scenario(
    name="conflict-week",
    purpose="A week in which slots, absences and bookings leave no more room than the rules "
    "require, with requests that are refused and requests that are just accepted.",
    build=conflict_week,
    guarantees=(*CONFLICT_RULES, *ordinary_rules(*NOT_KEPT)),
    requests=requests_of_week,
)

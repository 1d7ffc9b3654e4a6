"""`long-history`: a patient who has been treated for ten years."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count

from msgspec.structs import replace
from sqlalchemy import func

from app.clinic.treatment_plans.models import PlanStatus
from app.database.bulk import Row
from app.seed.api_rules import check_plan
from app.seed.appointment_rules import check_appointments, hours_of
from app.seed.audit.bookings import BOOKING_RULES
from app.seed.audit.patients import of_patients
from app.seed.audit.rule import AS_OF, TEN_YEARS_BEFORE, Rule, count_if, table, with_counts
from app.seed.data.condition import Condition
from app.seed.people.patients import Profile, profile
from app.seed.randomness import RandomDraws, Weighted
from app.seed.request import SeedRequest
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.plans import plan_row
from app.seed.scenarios.rules import all_true, some
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.schedule.courses import PAIN_AT_FIRST, PAIN_AT_LAST, Course, CoursePlace
from app.seed.schedule.places import WeeklyPlace, places_of
from app.seed.schedule.sessions import CourseSession, absences_of, sessions_of_course
from app.seed.seeders.appointments import appointment_row
from app.seed.seeders.availability_exceptions import exceptions_of
from app.seed.seeders.patients import patient_row
from app.seed.seeders.treatment_plans import by_weight, conditions_at
from app.seed.seeders.weekly_templates import templates_of
from app.seed.workdays import FRIDAY, workday_from

PRACTITIONERS = 2
PLANS, SESSIONS = 20, 15
YEARS = 10
AGES = range(40, 80)
# The first plan starts more than ten years before `asOf`. The last one ends after it.
WEEKS_APART, WEEKS_OF_LAST = 27, 12
LONGEST = timedelta(weeks=26)

patients, plans, appointments = table("patients"), table("treatment_plans"), table("appointments")


def clinic_with_long_history(request: SeedRequest) -> ClinicContent:
    request = replace(request, users=PRACTITIONERS, patients=0)
    index = next(index for index in count() if profile(request.random_seed, index).age in AGES)
    patient = patient_row(request, index)
    courses = [_course(request, patient, index, number) for number in range(PLANS)]
    sessions = [_sessions(request, course) for course in courses]
    ended = map(_ended, courses, sessions)
    ordinary = ordinary_content(request)
    return ClinicContent(
        users=ordinary.users,
        organizations=ordinary.organizations,
        members=ordinary.members,
        rows={
            **ordinary.rows,
            "patients": [patient],
            "treatment_plans": [
                check_plan(plan, patient["date_of_birth"], request.as_of) for plan in ended
            ],
            "appointments": [
                row
                for user in range(PRACTITIONERS)
                for row in _appointments(request, user, sessions[user::PRACTITIONERS])
            ],
        },
    )


def _course(request: SeedRequest, patient: Row, index: int, number: int) -> Course:
    draws = RandomDraws(request.random_seed, "long history", number)
    condition = draws.weighted(_conditions(profile(request.random_seed, index)))
    user = number % PRACTITIONERS
    start = _start(request.as_of, number)
    end = workday_from(start + LONGEST)
    plan = plan_row(request, number, patient, index, user, condition, start, end)
    return Course(
        patient=index,
        number=number,
        plan={**plan, "number_of_sessions": SESSIONS, "session_frequency": 1},
        places=[CoursePlace(_place(request, user, number), start, end)],
        pain=(draws.between(*PAIN_AT_FIRST), draws.between(*PAIN_AT_LAST)),
    )


def _conditions(who: Profile) -> Weighted[Condition]:
    """Return those that may return, and that the patient can have had for ten years."""
    now = conditions_at(who.age, who.gender)
    return by_weight(
        who.sex,
        (
            each
            for each in conditions_at(who.age - YEARS, who.gender)
            if each in now and not each.surgery and not each.illness
        ),
    )


def _start(as_of: date, number: int) -> date:
    monday = as_of - timedelta(days=as_of.weekday())
    weeks = WEEKS_OF_LAST + WEEKS_APART * (PLANS - 1 - number)
    return workday_from(monday - timedelta(weeks=weeks))


def _place(request: SeedRequest, user: int, number: int) -> WeeklyPlace:
    places = [place for place in places_of(request, user) if place.weekday <= FRIDAY]
    return places[number // PRACTITIONERS % len(places)]


def _sessions(request: SeedRequest, course: Course) -> list[CourseSession]:
    absences = absences_of(exceptions_of(request, course.number % PRACTITIONERS))
    return list(sessions_of_course(course, absences, date.max))


def _ended(course: Course, sessions: Sequence[CourseSession]) -> Row:
    """Return the plan; it was completed at its last session."""
    is_over = course.plan["status"] is PlanStatus.COMPLETED
    return {**course.plan, "end_date": sessions[-1].date} if is_over else course.plan


def _appointments(
    request: SeedRequest, user: int, of_plans: Sequence[Sequence[CourseSession]]
) -> Iterator[Row]:
    rows = [appointment_row(request, user, each) for sessions in of_plans for each in sessions]
    hours = hours_of(templates_of(request, user), exceptions_of(request, user))
    return check_appointments(rows, hours, request.as_of)


of_plans = with_counts(
    patients,
    {plans.c.organization_id: patients.c.organization_id, plans.c.patient_id: patients.c.id},
    plans=func.count(),
    ongoing=count_if(plans.c.status == PlanStatus.ONGOING),
    completed=count_if(plans.c.status == PlanStatus.COMPLETED),
)
of_appointments = with_counts(
    patients,
    {
        appointments.c.organization_id: patients.c.organization_id,
        appointments.c.patient_id: patients.c.id,
    },
    appointments=func.count(),
)

SCENARIO = Scenario(
    name="long-history",
    purpose="One patient with twenty plans and 300 appointments over ten years, for long lists, "
    "paging and timelines.",
    build=clinic_with_long_history,
    guarantees=(
        Rule("the clinic has one patient", patients.name, of_patients, of_patients.c.patients != 1),
        Rule(
            f"the patient has {PLANS} treatment plans",
            plans.name,
            of_plans,
            of_plans.c.plans != PLANS,
        ),
        Rule(
            f"the patient has {PLANS * SESSIONS} appointments",
            appointments.name,
            of_appointments,
            of_appointments.c.appointments != PLANS * SESSIONS,
        ),
        Rule(
            "one plan of the patient is ongoing, and all others are completed",
            plans.name,
            of_plans,
            (of_plans.c.ongoing != 1) | (of_plans.c.completed + 1 != of_plans.c.plans),
        ),
        all_true(
            "the patient had appointments ten years before asOf, and has some after it",
            appointments,
            some(appointments, appointments.c.date <= TEN_YEARS_BEFORE),
            some(appointments, appointments.c.date > AS_OF),
        ),
        *BOOKING_RULES,
    ),
)

"""`every-status`: each status that something can have, and deleted patients and plans."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from app.auth.invitations import IssuedInvitation
from app.auth.models import InvitationStatus, Role
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.patients.models import PatientStatus
from app.clinic.treatment_plans.models import CoverageStatus, PlanStatus
from app.database.bulk import Row
from app.seed.constants import MAX_EXCEPTIONS_PER_USER, MAX_PLANS_PER_PATIENT
from app.seed.data.absences import EXTRA_HOURS
from app.seed.data.funding import HEALTH_FUNDS, THE_FUND, Payer
from app.seed.data.plan_notes import COVERAGE_NOTES, NOT_REQUIRED, NOTES_BY_PAYER
from app.seed.people.funding import insurance_number
from app.seed.randomness import RandomDraws, row_id
from app.seed.request import SeedRequest
from app.seed.scenarios.api_checks import checked
from app.seed.scenarios.bookings import BookedSession, appointment_rows, with_therapists
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.ordinary import ordinary_rules
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.slots import ChangedHours, exception_row
from app.seed.scenarios.status_rules import STATUS_RULES
from app.seed.seeders.users import new_user
from app.seed.workdays import is_workday, workday_from

PRACTITIONERS, PATIENTS = 4, 8
DAY = timedelta(days=1)
PLANNED, ONGOING, COMPLETED, PAUSED, CANCELLED = PlanStatus
# The other patients are active, and the last of them is deleted.
STATUSES = {4: PatientStatus.INACTIVE, 5: PatientStatus.DISCHARGED, 6: PatientStatus.ARCHIVED}
# Those who are not treated any more have only such plans.
PLANS_LEFT = {
    PatientStatus.INACTIVE: (COMPLETED, PAUSED, CANCELLED),
    PatientStatus.DISCHARGED: (COMPLETED, CANCELLED),
    PatientStatus.ARCHIVED: (COMPLETED, CANCELLED),
}
DELETED_PATIENT, PATIENT_OF_DELETED_PLANS = 7, 3
DELETED_PLANS = (PLANNED, CANCELLED)
# Of the plans of two patients, by their status.
COVERAGE = (
    {
        PLANNED: CoverageStatus.TO_VERIFY,
        ONGOING: CoverageStatus.COVERED,
        COMPLETED: CoverageStatus.REFUSED,
        PAUSED: CoverageStatus.EXPIRED,
        CANCELLED: CoverageStatus.CANCELLED,
    },
    {
        PLANNED: CoverageStatus.AWAITING_AGREEMENT,
        ONGOING: CoverageStatus.PARTIALLY_COVERED,
        COMPLETED: CoverageStatus.NOT_REQUIRED,
        PAUSED: CoverageStatus.COVERED,
        CANCELLED: CoverageStatus.NOT_PROVIDED,
    },
)
# After the hours of all weekly templates.
EVENING, LATER, STILL_LATER = time(19, 15), time(19, 50), time(20, 25)
END_OF_EVENING = time(21)
OWNER, ADMIN, MEMBER, OTHER_MEMBER = range(PRACTITIONERS)


def clinic_of_every_status(request: SeedRequest) -> ClinicContent:
    request = replace(
        request,
        users=PRACTITIONERS,
        patients=PATIENTS,
        plans_per_patient=MAX_PLANS_PER_PATIENT,
        appointment_weeks=0,
    )
    ordinary = ordinary_content(request)
    bookings = list(_bookings(request.as_of))
    plans = with_therapists(request, _plans(request, ordinary), bookings)
    admin, *members = ordinary.members
    content = dataclasses.replace(
        ordinary,
        members=[admin, *(dataclasses.replace(each, role=Role.MEMBER) for each in members)],
        invitations=list(_invitations(request)),
        rows={
            **ordinary.rows,
            "availability_exceptions": _exceptions(request, ordinary),
            "patients": list(_patients(request, ordinary.rows["patients"])),
            "treatment_plans": plans,
            "appointments": appointment_rows(request, bookings),
        },
    )
    return checked(content, request.as_of)


def _patients(request: SeedRequest, rows: Sequence[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number < len(COVERAGE):
            yield {**row, **_insurance(request, number)}
        elif number == DELETED_PATIENT:
            yield {**row, "deleted_at": _deleted_at(request.as_of)}
        else:
            yield {**row, "status": STATUSES.get(number, PatientStatus.ACTIVE)}


def _insurance(request: SeedRequest, number: int) -> Row:
    draws = RandomDraws(request.random_seed, "insurance of every status", number)
    return {
        "insurance_provider": draws.weighted(HEALTH_FUNDS),
        "insurance_number": insurance_number(draws, Payer.PRIVATE),
    }


def _plans(request: SeedRequest, ordinary: ClinicContent) -> Iterator[Row]:
    numbers = {row["id"]: number for number, row in enumerate(ordinary.rows["patients"])}
    for row in ordinary.rows["treatment_plans"]:
        number, status = numbers[row["patient_id"]], row["status"]
        if number < len(COVERAGE):
            yield {**row, **_coverage(COVERAGE[number][status])}
        elif number == PATIENT_OF_DELETED_PLANS and status in DELETED_PLANS:
            yield {**row, "deleted_at": _deleted_at(request.as_of)}
        elif number not in STATUSES or status in PLANS_LEFT[STATUSES[number]]:
            yield row


def _coverage(status: CoverageStatus) -> Row:
    note = NOTES_BY_PAYER[status, THE_FUND]
    if status == NOT_REQUIRED:
        note = COVERAGE_NOTES[NOT_REQUIRED]
    return {"coverage_status": status, "insurance_info": note}


def _deleted_at(as_of: date) -> datetime:
    return datetime.combine(as_of - DAY, time(3), UTC)


def _evenings(as_of: date) -> tuple[date, date, date]:
    """Return the workday before `asOf`, `asOf`, and the workday after it."""
    before = as_of - DAY
    while not is_workday(before):
        before -= DAY
    return before, as_of, workday_from(as_of + DAY)


def _bookings(as_of: date) -> Iterator[BookedSession]:
    scheduled, confirmed, in_progress, finished, cancelled, no_show = AppointmentStatus
    before, today, after = _evenings(as_of)
    for patient, day, start, status in (
        (0, before, EVENING, finished),
        (1, before, LATER, cancelled),
        (2, before, STILL_LATER, no_show),
        (3, today, EVENING, in_progress),
        (0, after, EVENING, confirmed),
        (1, after, LATER, scheduled),
    ):
        yield BookedSession(
            user=OWNER, patient=patient, date=day, start=start, status=status, room=1
        )


def _exceptions(request: SeedRequest, ordinary: ClinicContent) -> list[Row]:
    """Return the usual exceptions, and the evenings on which the owner has appointments."""
    evenings = _evenings(request.as_of)
    owner = row_id(request.random_seed, "user", OWNER)
    first = PRACTITIONERS * MAX_EXCEPTIONS_PER_USER
    changes = (
        ChangedHours(OWNER, day, EVENING, END_OF_EVENING, EXTRA_HOURS[number], is_available=True)
        for number, day in enumerate(evenings)
    )
    return [
        *(
            row
            for row in ordinary.rows["availability_exceptions"]
            if row["user_id"] != owner or row["date"] not in evenings
        ),
        *(exception_row(request, number, each) for number, each in enumerate(changes, first)),
    ]


def _invitations(request: SeedRequest) -> Iterator[IssuedInvitation]:
    """Yield one of each status, and an expired one. A member rejected one and accepted another."""
    random_seed = request.random_seed
    pending, accepted, rejected, canceled = InvitationStatus
    for number, (inviter, user, role, status, days) in enumerate(
        (
            (ADMIN, MEMBER, Role.ADMIN, rejected, -70),
            (OWNER, MEMBER, Role.MEMBER, accepted, -60),
            (OWNER, PRACTITIONERS, Role.OWNER, canceled, -20),
            (ADMIN, PRACTITIONERS + 1, Role.MEMBER, pending, -5),
            (OWNER, PRACTITIONERS + 2, Role.ADMIN, pending, 3),
        )
    ):
        yield IssuedInvitation(
            id=row_id(random_seed, "invitation", number),
            organization_id=row_id(random_seed, "organization", 0),
            inviter_id=row_id(random_seed, "user", inviter),
            email=new_user(random_seed, user).email,
            role=role,
            status=status,
            expires_at=datetime.combine(request.as_of + days * DAY, time(), UTC),
        )


# Patients have other statuses and fewer plans, and the owner has other exceptions.
NOT_KEPT = (
    "every user has two to four availability exceptions",
    "exceptions lie within the 90 days after asOf",
    "every user has an unavailable exception",
    "the set has a whole-day exception",
    "practitioners take two public holidays of their days, or fewer during a week away",
    "one practitioner of a clinic is away for a whole week, if one has three templates",
    "patients are active",
    "every patient has as many plans as requested",
    "every patient has exactly one ongoing plan",
    "therapists of an organization have as many plans, or one more",
    "the first appointment of a plan is its initial assessment",
    "at most two thirds of the offered sessions of a week are booked",
    "a plan has no more appointments a week than its frequency",
)

SCENARIO = Scenario(
    name="every-status",
    purpose="Each status that something in a clinic can have, for filters, badges and actions "
    "that depend on it.",
    build=clinic_of_every_status,
    guarantees=(*STATUS_RULES, *ordinary_rules(*NOT_KEPT)),
)

"""Rules of appointments: their plans, types, statuses and records."""

from sqlalchemy import and_, case, extract, func, or_, select

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import Location
from app.clinic.patients.models import PatientStatus
from app.seed.audit.rule import AFTER_WEEKS, AS_OF, FIRST_WEEK, Rule, count_if, minutes, table
from app.seed.data.rooms import APPOINTMENT_TYPES

SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus
STARTED = (IN_PROGRESS, FINISHED)
INITIAL, *_ = (kind.code for kind in APPOINTMENT_TYPES)
LOCATIONS = {
    "FOLLOW_UP": Location.CLINIC,
    "EXTENDED": Location.CLINIC,
    "TELEHEALTH": Location.TELEHEALTH,
    "HOME_VISIT": Location.HOME,
}
EARLY_OR_LATE = 15

appointments, plans = table("appointments"), table("treatment_plans")
patients, types = table("patients"), table("appointment_types")
organizations = table("organizations")

joined = (
    select(
        appointments,
        plans.c.patient_id.label("patient_of_plan"),
        plans.c.therapist_id.label("therapist_of_plan"),
        plans.c.start_date.label("plan_start"),
        plans.c.end_date.label("plan_end"),
        plans.c.number_of_sessions,
        patients.c.status.label("patient_status"),
        patients.c.deleted_at.label("patient_deleted_at"),
        types.c.code,
        types.c.duration_minutes,
        func.row_number()
        .over(
            partition_by=(appointments.c.organization_id, appointments.c.treatment_plan_id),
            order_by=(appointments.c.date, appointments.c.start_time),
        )
        .label("place_in_plan"),
    )
    .join(
        patients,
        and_(
            patients.c.organization_id == appointments.c.organization_id,
            patients.c.id == appointments.c.patient_id,
        ),
    )
    .join(
        types,
        and_(
            types.c.organization_id == appointments.c.organization_id,
            types.c.id == appointments.c.appointment_type_id,
        ),
    )
    .outerjoin(
        plans,
        and_(
            plans.c.organization_id == appointments.c.organization_id,
            plans.c.id == appointments.c.treatment_plan_id,
        ),
    )
    .subquery()
)
row = joined.c
starts, ends = minutes(row.start_time), minutes(row.end_time)
late = minutes(row.actual_start_time) - starts
early = ends - minutes(row.actual_end_time)
midnight = extract("epoch", row.date)
as_of_midnight = extract("epoch", AS_OF)

today = (
    select(
        appointments.c.organization_id.label("id"),
        count_if(appointments.c.status == IN_PROGRESS).label("in_progress"),
        func.min(case((appointments.c.status == IN_PROGRESS, appointments.c.start_time))).label(
            "now"
        ),
        func.max(case((appointments.c.status == FINISHED, appointments.c.end_time))).label(
            "last_end"
        ),
        func.min(case((appointments.c.status == CONFIRMED, appointments.c.start_time))).label(
            "next_start"
        ),
    )
    .where(appointments.c.date == AS_OF)
    .group_by(appointments.c.organization_id)
    .subquery()
)

APPOINTMENT_RULES = (
    Rule(
        "appointments lie in the weeks around asOf",
        appointments.name,
        joined,
        (row.date < FIRST_WEEK) | (row.date >= AFTER_WEEKS),
    ),
    Rule(
        "an appointment belongs to a plan of its patient and therapist",
        appointments.name,
        joined,
        or_(
            row.patient_of_plan.is_(None),
            row.patient_of_plan != row.patient_id,
            row.therapist_of_plan != row.therapist_id,
        ),
    ),
    Rule(
        "appointments lie within the dates of their plan",
        appointments.name,
        joined,
        (row.date < row.plan_start) | (row.date > row.plan_end),
    ),
    Rule(
        "patients with appointments can be booked",
        appointments.name,
        joined,
        row.patient_deleted_at.is_not(None)
        | row.patient_status.in_((PatientStatus.DISCHARGED, PatientStatus.ARCHIVED)),
    ),
    Rule(
        "the first appointment of a plan is its initial assessment",
        appointments.name,
        joined,
        case(
            (row.place_in_plan > 1, row.code == INITIAL),
            else_=(row.plan_start >= FIRST_WEEK) & (row.code != INITIAL),
        ),
    ),
    Rule(
        "an appointment lasts as long as its type says",
        appointments.name,
        joined,
        ends - starts != row.duration_minutes,
    ),
    Rule(
        "the type of an appointment fits its location",
        appointments.name,
        joined,
        (row.code != INITIAL) & (row.location != case(LOCATIONS, value=row.code)),
    ),
    Rule(
        "the status of an appointment fits its date",
        appointments.name,
        joined,
        case(
            (row.date < AS_OF, row.status.not_in((FINISHED, CANCELLED, NO_SHOW))),
            (row.date > AS_OF, row.status.not_in((SCHEDULED, CONFIRMED, CANCELLED))),
            else_=row.status.in_((SCHEDULED, CANCELLED)),
        ),
    ),
    Rule(
        "an appointment records what its status needs",
        appointments.name,
        joined,
        or_(
            (row.status == SCHEDULED) & row.confirmed_at.is_not(None),
            row.status.in_((CONFIRMED, NO_SHOW, *STARTED)) & row.confirmed_at.is_(None),
            (row.status == CANCELLED) != row.cancelled_at.is_not(None),
            (row.status == CANCELLED) != row.cancellation_reason.is_not(None),
            (row.status == NO_SHOW) != row.no_show_reason.is_not(None),
            row.status.in_(STARTED) != row.actual_start_time.is_not(None),
            row.status.in_(STARTED) != row.observations.is_not(None),
            (row.status == FINISHED) != row.actual_end_time.is_not(None),
            (row.status == FINISHED) != row.session_notes.is_not(None),
        ),
    ),
    Rule(
        "appointments are confirmed and cancelled before they begin, and before asOf",
        appointments.name,
        joined,
        or_(
            *(
                (extract("epoch", at) >= midnight) | (extract("epoch", at) >= as_of_midnight)
                for at in (row.confirmed_at, row.cancelled_at)
            )
        ),
    ),
    Rule(
        "sessions begin and end about when they are planned",
        appointments.name,
        joined,
        ~late.between(0, EARLY_OR_LATE)
        | ~early.between(0, EARLY_OR_LATE)
        | (row.actual_start_time >= row.actual_end_time),
    ),
    Rule(
        "pain is rated from 0 to 10, before a session and after it",
        appointments.name,
        joined,
        or_(
            ~row.pain_before.between(0, 10),
            ~row.pain_after.between(0, 10),
            row.status.not_in(STARTED) & row.pain_before.is_not(None),
            (row.status == FINISHED) & (row.pain_before.is_(None) != row.pain_after.is_(None)),
            (row.status != FINISHED) & row.pain_after.is_not(None),
        ),
    ),
    Rule(
        "one session of each clinic is in progress if it has any on asOf",
        organizations.name,
        today,
        today.c.in_progress != 1,
    ),
    Rule(
        "on asOf, sessions before the one in progress are over and later ones are confirmed",
        organizations.name,
        today,
        (today.c.last_end > today.c.now) | (today.c.next_start < today.c.now),
    ),
)

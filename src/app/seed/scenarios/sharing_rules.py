"""The guarantees of `shared-practitioner`."""

from sqlalchemy import and_, func, select

from app.clinic.availability.rules import GAP_MINUTES
from app.seed.audit.availability import (
    exceptions,
    is_unavailable,
    is_whole_day,
    template_that_day,
    templates,
    weekday_of_template,
)
from app.seed.audit.bookings import appointments
from app.seed.audit.bookings import counts as is_counted
from app.seed.audit.rule import AS_OF, minutes, table, weekday_of
from app.seed.scenarios.rules import all_true, some

members, organizations = table("members"), table("organizations")
CLINICS = 2

shared = (
    select(members.c.user_id.label("id"))
    .group_by(members.c.user_id)
    .having(func.count() == CLINICS)
    .subquery()
)
other = templates.alias()
has_other_hours = and_(
    other.c.organization_id != templates.c.organization_id,
    other.c.user_id == templates.c.user_id,
    other.c.day_of_week == templates.c.day_of_week,
    minutes(other.c.start_time) - minutes(templates.c.end_time) == GAP_MINUTES,
)
is_elsewhere = and_(
    templates.c.organization_id != exceptions.c.organization_id,
    templates.c.user_id == exceptions.c.user_id,
    weekday_of_template == weekday_of(exceptions.c.date),
)
is_booked_elsewhere = and_(
    appointments.c.organization_id != exceptions.c.organization_id,
    appointments.c.therapist_id == exceptions.c.user_id,
    appointments.c.date == exceptions.c.date,
    is_counted,
)

SHARING_RULES = (
    all_true(
        "there are two clinics",
        organizations,
        select(func.count()).select_from(organizations).scalar_subquery() == CLINICS,
    ),
    all_true(
        "exactly one practitioner is a member of both clinics",
        members,
        select(func.count()).select_from(shared).scalar_subquery() == 1,
    ),
    all_true(
        "a practitioner has hours in both clinics on one weekday, 15 minutes apart",
        templates,
        some(templates, some(other, has_other_hours)),
    ),
    all_true(
        "on a day after asOf, the practitioner is absent from one clinic and has hours and an "
        "appointment in the other",
        exceptions,
        some(
            exceptions,
            exceptions.c.date > AS_OF,
            is_unavailable,
            is_whole_day,
            some(templates, template_that_day),
            some(templates, is_elsewhere),
            some(appointments, is_booked_elsewhere),
        ),
    ),
)

"""Counts the rows of the database, with one query for each kind of figure."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Integer,
    RowMapping,
    Subquery,
    and_,
    cast,
    extract,
    func,
    select,
    tuple_,
)
from sqlmodel import col

from app import clock
from app.auth.models import Member, Organization, User
from app.clinic.appointments.models import Appointment
from app.clinic.patients.models import Patient
from app.clinic.treatment_plans.models import PlanStatus, TreatmentPlan
from app.database.engine import wait_for_reset
from app.database.pagination import unindexed_on_sqlite
from app.seed.appointment_statistics import count_appointments, list_booked_hours
from app.seed.counting import EACH, Condition, first_rows, of_clinic, plain
from app.seed.figures import (
    CLINICS,
    DIAGNOSES,
    PRACTITIONERS,
    AgeFigures,
    ClinicFigures,
    DataSetFigures,
    DiagnosisFigures,
    PractitionerFigures,
    StatusFigures,
    Totals,
)
from app.seed.last_seed import find_last_seed

DECADE = 10

# Lists do not show them either.
PLANS_OF_DELETED = tuple_(col(TreatmentPlan.organization_id), col(TreatmentPlan.patient_id)).in_(
    select(col(Patient.organization_id), col(Patient.id)).where(
        col(Patient.deleted_at).is_not(None)
    )
)


def describe_data_set(
    connection: Connection, organization_id: UUID | None = None
) -> DataSetFigures:
    """Count all clinics, or one, in a snapshot; without tables, the database raises an error."""
    wait_for_reset(connection)
    last = find_last_seed(connection)
    as_of = last.summary.as_of if last else clock.today()
    within = partial(of_clinic, organization_id)
    patients = and_(col(Patient.deleted_at).is_(None), within(Patient.organization_id))
    plans = and_(
        col(TreatmentPlan.deleted_at).is_(None),
        ~PLANS_OF_DELETED,
        within(TreatmentPlan.organization_id),
    )
    members = within(Member.organization_id)
    clinics = within(Organization.id)
    statuses = _count_statuses(connection, plans)
    ages = _count_ages(connection, as_of, patients)
    appointments = count_appointments(connection, within(Appointment.organization_id))
    found = _largest_clinics(connection, patients, members, clinics)
    busiest = _busiest_practitioners(connection, plans)
    return DataSetFigures(
        totals=Totals(
            clinics=_count(connection, Organization, clinics),
            practitioners=_count(connection, Member, members)
            if organization_id
            else _count(connection, User),
            patients=sum(each.patients for each in ages),
            plans=sum(each.plans for each in statuses),
            appointments=sum(each.appointments for each in appointments),
        ),
        clinics=[ClinicFigures(**row) for row in found],
        practitioners=[PractitionerFigures(**row) for row in busiest],
        plans_by_status=statuses,
        appointments_by_status=appointments,
        booked_hours=list_booked_hours(connection, as_of, organization_id),
        as_of=as_of,
        ages=ages,
        diagnoses=[DiagnosisFigures(**row) for row in _most_frequent_diagnoses(connection, plans)],
    )


def _count(connection: Connection, model: Any, where: Condition = EACH) -> int:
    return connection.execute(select(func.count()).select_from(model).where(where)).scalar_one()


def _largest_clinics(
    connection: Connection, shown_patients: Condition, members: Condition, clinics: Condition
) -> Sequence[RowMapping]:
    patients = _counted(col(Patient.organization_id), shown_patients)
    practitioners = _counted(col(Member.organization_id), members)
    number = func.coalesce(patients.c.number, 0)
    found = (
        select(
            col(Organization.id),
            col(Organization.name),
            number.label("patients"),
            func.coalesce(practitioners.c.number, 0).label("practitioners"),
        )
        .outerjoin(patients, patients.c.of == col(Organization.id))
        .outerjoin(practitioners, practitioners.c.of == col(Organization.id))
        .where(clinics)
    )
    name = plain(connection, col(Organization.name))
    return first_rows(connection, found, CLINICS, number.desc(), name, col(Organization.id))


def _busiest_practitioners(connection: Connection, plans: Condition) -> Sequence[RowMapping]:
    # Each patient once, along the index that begins with them: half of what a distinct count takes.
    pair = (TreatmentPlan.patient_id, TreatmentPlan.therapist_id, TreatmentPlan.organization_id)
    pairs = (
        select(*map(col, pair), func.count().label("plans"))
        .where(plans)
        .group_by(*map(col, pair))
        .subquery()
    )
    care = (
        select(
            pairs.c.therapist_id,
            pairs.c.organization_id,
            func.count().label("patients"),
            cast(func.sum(pairs.c.plans), Integer).label("plans"),
        )
        .group_by(pairs.c.therapist_id, pairs.c.organization_id)
        .subquery()
    )
    clinic = col(Organization.name)
    found = (
        select(
            col(User.id),
            col(User.name),
            col(Organization.id).label("organization_id"),
            clinic.label("clinic"),
            care.c.patients,
            care.c.plans,
        )
        .join(care, care.c.therapist_id == col(User.id))
        .join(Organization, col(Organization.id) == care.c.organization_id)
    )
    names = [plain(connection, each) for each in (col(User.name), clinic)]
    order = (care.c.patients.desc(), *names, col(User.id), col(Organization.id))
    return first_rows(connection, found, PRACTITIONERS, *order)


def _most_frequent_diagnoses(connection: Connection, plans: Condition) -> Sequence[RowMapping]:
    diagnosis, number = col(TreatmentPlan.diagnosis), func.count()
    found = (
        select(diagnosis, number.label("plans"))
        .where(plans, diagnosis.is_not(None))
        .group_by(diagnosis)
    )
    return first_rows(connection, found, DIAGNOSES, number.desc(), plain(connection, diagnosis))


def _count_statuses(connection: Connection, plans: Condition) -> list[StatusFigures]:
    status = col(TreatmentPlan.status)
    found = select(status, func.count()).where(plans).group_by(status)
    numbers: dict[PlanStatus, int] = dict(connection.execute(found).all())
    return [StatusFigures(status=status, plans=numbers.get(status, 0)) for status in PlanStatus]


def _count_ages(connection: Connection, as_of: date, shown_patients: Condition) -> list[AgeFigures]:
    born = col(Patient.date_of_birth)
    # Days as numbers of eight digits are ten thousand apart for each birthday between them.
    born_on = extract("year", born) * 10_000 + extract("month", born) * 100 + extract("day", born)
    days_apart = int(f"{as_of:%Y%m%d}") - cast(born_on, Integer)
    decade = (days_apart // (10_000 * DECADE)).label("decade")
    found = select(decade, func.count()).where(shown_patients).group_by("decade")
    patients: Counter[int] = Counter()
    for number, count in connection.execute(found):
        patients[max(number, 0)] += count
    decades = range(min(patients), max(patients) + 1) if patients else ()
    return [
        AgeFigures(from_=DECADE * each, to=DECADE * each + DECADE - 1, patients=patients[each])
        for each in decades
    ]


def _counted(by: Any, where: Condition) -> Subquery:
    # Along an index SQLite would look up each row of the table.
    of = unindexed_on_sqlite(by)
    found = select(of.label("of"), func.count().label("number")).where(where)
    return found.group_by(of).subquery()

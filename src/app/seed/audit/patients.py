"""Rules of patients."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select

from app.seed.audit.patient_files import PATIENT_FILE_RULES
from app.seed.audit.rule import AS_OF, PATIENTS, CatalogueRule, Rule, repeated, table, with_counts
from app.seed.data.places import SUBURBS
from app.seed.phones import MOBILES, PREFIXES, RANGE

users, patients, members = table("users"), table("patients"), table("members")
organizations = table("organizations")

full_name = patients.c.first_name + " " + patients.c.last_name

of_members = with_counts(
    organizations, {members.c.organization_id: organizations.c.id}, members=func.count()
)
of_patients = with_counts(
    organizations, {patients.c.organization_id: organizations.c.id}, patients=func.count()
)
shares = (
    select(
        of_members.c.id, (1.0 * of_patients.c.patients / of_members.c.members).label("per_member")
    )
    .join(of_patients, of_patients.c.id == of_members.c.id)
    .subquery()
)
largest_share = select(func.max(shares.c.per_member)).scalar_subquery()


def _has_no_number(column: ColumnElement[Any]) -> ColumnElement[bool]:
    text = cast(column, Text)
    return and_(*(~text.contains(f'"{prefix}') for prefix in PREFIXES))


is_landline = or_(*(patients.c.phone.like(f"{prefix}____") for prefix in PREFIXES))

PATIENT_RULES = (
    *PATIENT_FILE_RULES,
    Rule(
        "patients are distributed in proportion to an organization's members",
        patients.name,
        shares,
        shares.c.per_member < largest_share - 1,
    ),
    Rule(
        "patients were born before asOf",
        patients.name,
        patients,
        patients.c.date_of_birth >= AS_OF,
    ),
    Rule(
        "email addresses of patients are in a domain reserved for examples",
        patients.name,
        patients,
        patients.c.email.not_like("%@example.org"),
    ),
    Rule(
        "phone numbers of patients are reserved for fiction",
        patients.name,
        patients,
        ~is_landline & patients.c.phone.not_in(MOBILES),
    ),
    Rule(
        "mobile numbers of patients are distinct while the range lasts",
        patients.name,
        repeated(patients, patients.c.phone, where=len(MOBILES) >= PATIENTS),
    ),
    Rule(
        "landline numbers of patients are distinct while the range lasts",
        patients.name,
        repeated(patients, patients.c.phone, where=PATIENTS <= RANGE, among=is_landline),
    ),
    Rule(
        "phone numbers of emergency contacts are reserved for fiction",
        patients.name,
        patients,
        _has_no_number(patients.c.emergency_contacts),
    ),
    Rule(
        "an emergency contact is another person than the patient",
        patients.name,
        patients,
        cast(patients.c.emergency_contacts, Text).contains('"' + full_name + '"'),
    ),
    Rule(
        "phone numbers of users are reserved for fiction",
        users.name,
        users,
        _has_no_number(users.c.phone_numbers),
    ),
    CatalogueRule(
        "a postal code fits its city",
        patients,
        (patients.c.city, patients.c.postal_code, patients.c.country),
        {(suburb.name, suburb.postcode, "AU") for suburb in SUBURBS},
    ),
)

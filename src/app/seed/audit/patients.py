"""Rules of patients."""

from sqlalchemy import Text, cast, func, select

from app.seed.audit.rule import AS_OF, PATIENTS, Rule, repeated, table
from app.seed.phones import PREFIXES, RANGE

users, patients, members = table("users"), table("patients"), table("members")
organizations = table("organizations")

contacts = cast(patients.c.emergency_contacts, Text)
full_name = patients.c.first_name + " " + patients.c.last_name

shares = select(
    organizations.c.id,
    (
        1.0
        * select(func.count())
        .where(patients.c.organization_id == organizations.c.id)
        .scalar_subquery()
        / select(func.count())
        .where(members.c.organization_id == organizations.c.id)
        .scalar_subquery()
    ).label("per_member"),
).subquery()
largest_share = select(func.max(shares.c.per_member)).scalar_subquery()

RULES = (
    Rule(
        "patients are shared out in proportion to an organization's members",
        patients.name,
        select(shares.c.id).where(shares.c.per_member < largest_share - 1),
    ),
    Rule(
        "patients are distinct people",
        patients.name,
        repeated(patients, patients.c.first_name, patients.c.last_name),
    ),
    Rule(
        "patients were born before asOf",
        patients.name,
        select(patients.c.id).where(patients.c.date_of_birth >= AS_OF),
    ),
    Rule(
        "e-mail addresses of patients are in a domain reserved for examples",
        patients.name,
        select(patients.c.id).where(patients.c.email.not_like("%@example.org")),
    ),
    Rule(
        "phone numbers of patients are reserved for fiction",
        patients.name,
        select(patients.c.id).where(
            *(patients.c.phone.not_like(f"{prefix}____") for prefix in PREFIXES)
        ),
    ),
    Rule(
        "phone numbers of patients are distinct while the range lasts",
        patients.name,
        repeated(patients, patients.c.phone).where(PATIENTS <= RANGE),
    ),
    Rule(
        "phone numbers of emergency contacts are reserved for fiction",
        patients.name,
        select(patients.c.id).where(*(~contacts.contains(f'"{prefix}') for prefix in PREFIXES)),
    ),
    Rule(
        "an emergency contact is another person than the patient",
        patients.name,
        select(patients.c.id).where(contacts.contains('"' + full_name + '"')),
    ),
    Rule(
        "phone numbers of users are reserved for fiction",
        users.name,
        select(users.c.id).where(
            *(~cast(users.c.phone_numbers, Text).contains(f'"{prefix}') for prefix in PREFIXES)
        ),
    ),
)

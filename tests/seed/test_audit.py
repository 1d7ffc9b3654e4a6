"""The audit itself: each rule is broken on purpose, and named."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncConnection

from app.seed.audit.checks import ALL_RULES, QUANTITIES, audit
from app.seed.errors import AuditFailed
from app.seed.request import SeedRequest
from app.seed.seeders import treatment_plans
from conftest import seed
from seed.broken_appointments import OF_APPOINTMENTS
from snapshots import snapshot

pytestmark = pytest.mark.slow

ONE_USER = "(SELECT id FROM users ORDER BY email LIMIT 1)"
ONE_ORGANIZATION = "(SELECT id FROM organizations ORDER BY slug LIMIT 1)"
ONE_PATIENT = "(SELECT id FROM patients ORDER BY email LIMIT 1)"
ONE_TEMPLATE = "(SELECT id FROM weekly_availability_templates ORDER BY id LIMIT 1)"


def plan(status: str) -> str:
    return f"(SELECT id FROM treatment_plans WHERE status = '{status}' ORDER BY id LIMIT 1)"


def exception(condition: str) -> str:
    return f"(SELECT id FROM availability_exceptions WHERE {condition} ORDER BY id LIMIT 1)"


PART_DAY = exception("start_time IS NOT NULL")
WHOLE_DAY = exception("start_time IS NULL")
TWIN_OF_WHOLE_DAY = (
    "INSERT INTO availability_exceptions SELECT {new_id}, created_at, updated_at, organization_id,"
    " user_id, date, start_time, end_time, is_available, reason, notes"
    f" FROM availability_exceptions WHERE id = {WHOLE_DAY}"
)
NEXT_OF_PART_DAY = (
    "INSERT INTO availability_exceptions SELECT {new_id}, created_at, updated_at, organization_id,"
    " user_id, date, {19:14}, {20:00}, is_available, reason, notes"
    f" FROM availability_exceptions WHERE id = {PART_DAY}"
)

# What breaks each rule: one statement or several.
BREAKAGES: Mapping[str, tuple[str, ...]] = {
    QUANTITIES: (f"DELETE FROM treatment_plans WHERE patient_id = {ONE_PATIENT}",),
    "every user has one password, hashed with argon2id": (
        f"UPDATE accounts SET password = 'Password123' WHERE user_id = {ONE_USER}",
    ),
    "email addresses of users are distinct": (
        "ALTER TABLE users DROP CONSTRAINT uq_users_email",
        "UPDATE users SET email = (SELECT min(email) FROM users)",
    ),
    "email addresses of users are in a domain reserved for examples": (
        f"UPDATE users SET email = 'someone@clinic.com.au' WHERE id = {ONE_USER}",
    ),
    "names of organizations are distinct": (
        "UPDATE organizations SET name = (SELECT min(name) FROM organizations)",
    ),
    "slugs are distinct": (
        "ALTER TABLE organizations DROP CONSTRAINT uq_organizations_slug",
        "UPDATE organizations SET slug = (SELECT min(slug) FROM organizations)",
    ),
    "every user belongs to one organization": (f"DELETE FROM members WHERE user_id = {ONE_USER}",),
    "every organization has one owner": ("UPDATE members SET role = 'owner'",),
    "users are distributed evenly over organizations": (
        "DELETE FROM weekly_availability_templates",
        "DELETE FROM availability_exceptions",
        f"INSERT INTO practitioners SELECT {ONE_ORGANIZATION}, id FROM users WHERE id NOT IN"
        f" (SELECT user_id FROM practitioners WHERE organization_id = {ONE_ORGANIZATION})",
        "UPDATE members SET organization_id = (SELECT id FROM organizations ORDER BY slug LIMIT 1)"
        " WHERE role <> 'owner'",
    ),
    "every user has three to five weekly templates": (
        f"DELETE FROM weekly_availability_templates WHERE user_id = {ONE_USER}",
    ),
    "templates of a user are on different days": (
        f"UPDATE weekly_availability_templates SET day_of_week = 'fri' WHERE user_id = {ONE_USER}",
    ),
    "templates of a user have different times": (
        "UPDATE weekly_availability_templates SET start_time = '09:00:00',"
        f" end_time = '12:00:00' WHERE user_id = {ONE_USER}",
    ),
    "templates of a user are at different locations": (
        f"UPDATE weekly_availability_templates SET location = 'home' WHERE user_id = {ONE_USER}",
    ),
    "templates lie within 08:00 to 19:00": (
        f"UPDATE weekly_availability_templates SET end_time = '19:01:00' WHERE id = {ONE_TEMPLATE}",
    ),
    "templates of a user are 15 minutes apart": (
        f"UPDATE weekly_availability_templates SET day_of_week = 'fri' WHERE user_id = {ONE_USER}",
        "UPDATE weekly_availability_templates SET start_time = '08:00:00',"
        f" end_time = '09:00:00' WHERE user_id = {ONE_USER}",
    ),
    "every user has two to four availability exceptions": (
        f"DELETE FROM availability_exceptions WHERE user_id = {ONE_USER}",
    ),
    "exceptions lie within the 90 days after asOf": (
        f"UPDATE availability_exceptions SET date = '2026-04-02' WHERE id = {PART_DAY}",
    ),
    "every user has an available exception": (
        f"UPDATE availability_exceptions SET is_available = FALSE WHERE user_id = {ONE_USER}",
    ),
    "every user has an unavailable exception": (
        f"UPDATE availability_exceptions SET is_available = TRUE WHERE user_id = {ONE_USER}",
    ),
    "the set has a whole-day exception": (
        "UPDATE availability_exceptions SET start_time = '09:00:00', end_time = '10:00:00'",
    ),
    "the set has a part-day exception": (
        "UPDATE availability_exceptions SET start_time = NULL, end_time = NULL",
    ),
    "exceptions of a user are 15 minutes apart": (
        f"UPDATE availability_exceptions SET end_time = '19:00:00' WHERE id = {PART_DAY}",
        NEXT_OF_PART_DAY,
    ),
    "a whole-day exception is the only one of its date": (TWIN_OF_WHOLE_DAY,),
    "an available exception adds time": (
        "UPDATE availability_exceptions SET is_available = TRUE, start_time = ("
        "SELECT min(t.start_time) FROM weekly_availability_templates AS t"
        " WHERE t.user_id = availability_exceptions.user_id AND t.day_of_week = {weekday}),"
        " end_time = (SELECT max(t.end_time) FROM weekly_availability_templates AS t"
        " WHERE t.user_id = availability_exceptions.user_id AND t.day_of_week = {weekday})"
        " WHERE is_available = FALSE",
    ),
    "an unavailable exception takes time that a template offers": (
        "UPDATE availability_exceptions SET is_available = FALSE",
    ),
    "patients are distributed in proportion to an organization's members": (
        "DELETE FROM treatment_plans",
        "UPDATE patients SET organization_id = " + ONE_ORGANIZATION,
    ),
    "patients with the same name have different birthdays": (
        "UPDATE patients SET first_name = 'Ada', last_name = 'One', date_of_birth = '1980-01-01'",
    ),
    "no three patients have the same name": (
        "UPDATE patients SET first_name = 'Ada', last_name = 'One'",
    ),
    "about one patient in 200 has the name of another, and none of the first 20": (
        "UPDATE patients SET first_name = 'Ada', last_name = 'One' WHERE id IN"
        " (SELECT id FROM patients ORDER BY id LIMIT 2)",
    ),
    "patients are 5 to 95 years old": (
        f"UPDATE patients SET date_of_birth = '2021-01-02' WHERE id = {ONE_PATIENT}",
    ),
    "there is a child and a person over 80 among 20 patients": (
        "UPDATE patients SET date_of_birth = '1980-01-01' WHERE date_of_birth <= '1945-01-01'",
    ),
    "genders are female, male, other or not stated": (
        f"UPDATE patients SET gender = 'unknown' WHERE id = {ONE_PATIENT}",
    ),
    "the first contact of a child is a parent or guardian": (
        'UPDATE patients SET emergency_contacts = \'[{"name": "Ann", "relationship": "Friend",'
        ' "phone": "+61 3 5550 1234"}]\'',
    ),
    "addresses have the suburb, the state and the postal code": (
        f"UPDATE patients SET address = '1 Park Street' WHERE id = {ONE_PATIENT}",
    ),
    "patients are active": (f"UPDATE patients SET status = 'discharged' WHERE id = {ONE_PATIENT}",),
    "no clopidogrel is taken with omeprazole or esomeprazole": (
        'UPDATE patients SET medications = \'["Clopidogrel 75 mg", "Esomeprazole 20 mg"]\'',
    ),
    "no alendronate is taken with reflux disease": (
        "UPDATE patients SET medications = '[\"Alendronate 70 mg weekly\"]',"
        " medical_conditions = '[\"Reflux disease\"]'",
    ),
    "methotrexate is taken with folic acid": (
        "UPDATE patients SET medications = '[\"Methotrexate 15 mg weekly\"]'",
    ),
    "type 1 diabetes is treated with two insulins": (
        "UPDATE patients SET medications = '[\"Insulin glargine 20 units daily\"]',"
        " medical_conditions = '[\"Type 1 diabetes\"]'",
    ),
    "a pacemaker has a reason": (
        "UPDATE patients SET medical_conditions = '[]',"
        " surgeries = '[\"Pacemaker implantation (2020)\"]'",
    ),
    "patients without an insurer have no insurance number, others have one": (
        f"UPDATE patients SET insurance_provider = NULL, insurance_number = '1'"
        f" WHERE id = {ONE_PATIENT}",
    ),
    "WorkCover, NDIS and DVA pay for patients of their age": (
        "UPDATE patients SET insurance_provider = 'WorkCover (WorkSafe Victoria)'",
    ),
    "patients of Medicare and DVA were referred by a general practitioner": (
        "UPDATE patients SET insurance_provider = 'Medicare chronic disease plan',"
        " referral_source = 'Online search'",
    ),
    "patients were born before asOf": (
        f"UPDATE patients SET date_of_birth = '2026-01-01' WHERE id = {ONE_PATIENT}",
    ),
    "email addresses of patients are in a domain reserved for examples": (
        f"UPDATE patients SET email = 'someone@home.com.au' WHERE id = {ONE_PATIENT}",
    ),
    "phone numbers of patients are reserved for fiction": (
        f"UPDATE patients SET phone = '+61 3 9010 1234' WHERE id = {ONE_PATIENT}",
    ),
    "mobile numbers of patients are distinct while the range lasts": (
        "UPDATE patients SET phone = '+61 491 570 006'",
    ),
    "landline numbers of patients are distinct while the range lasts": (
        "UPDATE patients SET phone = '+61 3 7010 1234'",
    ),
    "phone numbers of emergency contacts are reserved for fiction": (
        "UPDATE patients SET emergency_contacts ="
        ' \'[{"name": "Ann", "relationship": "Friend", "phone": "+61 3 9010 1234"}]\'',
    ),
    "an emergency contact is another person than the patient": (
        "UPDATE patients SET first_name = 'Ada', last_name = 'One', emergency_contacts ="
        ' \'[{"name": "Ada One", "relationship": "Friend", "phone": "+61 3 5550 1234"}]\'',
    ),
    "phone numbers of users are reserved for fiction": (
        'UPDATE users SET phone_numbers = \'[{"number": "+61 3 9010 1234", "category": "work"}]\'',
    ),
    "every patient has as many plans as requested": (
        f"DELETE FROM treatment_plans WHERE id = {plan('planned')}",
    ),
    "plans of a patient have different statuses": (
        f"UPDATE treatment_plans SET status = 'completed' WHERE patient_id = {ONE_PATIENT}",
    ),
    "every patient has exactly one ongoing plan": (
        f"UPDATE treatment_plans SET status = 'paused' WHERE id = {plan('ongoing')}",
    ),
    "therapists of an organization have as many plans, or one more": (
        "UPDATE treatment_plans SET therapist_id = (SELECT user_id FROM members"
        " WHERE organization_id = treatment_plans.organization_id ORDER BY user_id LIMIT 1)",
    ),
    "completed plans ended in the past": (
        f"UPDATE treatment_plans SET end_date = '2026-01-01' WHERE id = {plan('completed')}",
    ),
    "planned plans start in the future": (
        f"UPDATE treatment_plans SET start_date = '2026-01-01' WHERE id = {plan('planned')}",
    ),
    "ongoing plans have started and are not over": (
        "UPDATE treatment_plans SET start_date = '2025-01-01', end_date = '2025-12-31'"
        f" WHERE id = {plan('ongoing')}",
    ),
    "paused plans have started": (
        f"UPDATE treatment_plans SET start_date = '2026-01-02' WHERE id = {plan('paused')}",
    ),
    "plans end no sooner than they start": (
        "{without:treatment_plans.starts_before_it_ends}",
        f"UPDATE treatment_plans SET end_date = '1999-01-01' WHERE id = {plan('cancelled')}",
    ),
    "prescriptions come before the start": (
        f"UPDATE treatment_plans SET prescription_date = '2026-01-02' WHERE id = {plan('planned')}",
    ),
    "patients were born before their prescriptions": (
        f"UPDATE treatment_plans SET prescription_date = '1899-12-31' WHERE id = {plan('ongoing')}",
    ),
    "plans start on workdays": (
        f"UPDATE treatment_plans SET start_date = '2025-12-25' WHERE id = {plan('ongoing')}",
    ),
    "prescriptions are written on workdays": (
        f"UPDATE treatment_plans SET prescription_date = '2025-11-04' WHERE id = {plan('planned')}",
    ),
    "children have the plans of children, and adults those of adults": (
        f"UPDATE treatment_plans SET title = 'Coordination programme' WHERE id = {plan('ongoing')}",
        "UPDATE patients SET date_of_birth = '1980-01-01'",
    ),
    "plans of patients without an insurer need no cover": (
        "UPDATE patients SET insurance_provider = NULL",
    ),
    "exceptions on public holidays are for the whole day and for no other reason": (
        f"UPDATE availability_exceptions SET reason = 'holiday' WHERE id = {PART_DAY}",
    ),
    "practitioners take two public holidays of their days, or fewer during a week away": (
        "UPDATE availability_exceptions SET reason = 'vacation'",
    ),
    "one practitioner in three has an exception within seven days of asOf": (
        "UPDATE availability_exceptions SET date = '2026-03-01' WHERE date <= '2026-01-08'",
    ),
    "one practitioner of a clinic is away for a whole week, if one has three templates": (
        "UPDATE availability_exceptions SET start_time = '09:00:00', end_time = '10:00:00'",
    ),
    "a postal code fits its city": (
        f"UPDATE patients SET postal_code = '3999' WHERE id = {ONE_PATIENT}",
    ),
    "every clinic has a treatment room for every two practitioners": (
        "UPDATE rooms SET capacity = 2 WHERE name = 'Room 1'",
    ),
    "every clinic has one gym for four patients": (
        "UPDATE rooms SET capacity = 3 WHERE capacity = 4",
    ),
    "names of the rooms of a clinic are distinct": (
        "DROP INDEX uq_rooms_organization_id_name",
        "UPDATE rooms SET name = 'Room 1'",
    ),
    "every clinic has all types of appointments": (
        "DELETE FROM appointment_types WHERE code = 'TELEHEALTH'",
    ),
    "code, title and duration of a type belong together": (
        "UPDATE appointment_types SET duration_minutes = 35 WHERE code = 'FOLLOW_UP'",
    ),
    **OF_APPOINTMENTS,
    "title, diagnosis, objective and number of sessions belong together": (
        f"UPDATE treatment_plans SET diagnosis = 'Cold feet' WHERE id = {plan('ongoing')}",
    ),
}
ONLY_ON_POSTGRESQL = {"email addresses of users are distinct", "slugs are distinct"}
NAMES = [QUANTITIES, *(rule.name for rule in ALL_RULES)]
AS_OF = date(2026, 1, 1)


@pytest.fixture
async def seeded(client: httpx.AsyncClient, app: Litestar) -> AsyncIterator[AsyncConnection]:
    await seed(client, asOf=str(AS_OF))
    async with app.state.engine.connect() as connection:
        yield connection


def statements(rule: str, dialect: str) -> Iterator[str]:
    """Write the breakage of a rule in the words of a database."""
    sqlite = dialect == "sqlite"
    days = " ".join(
        f"WHEN {number} THEN '{day}'"
        for number, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat"), start=1)
    )
    number = "CAST(strftime('%w', date) AS INTEGER)" if sqlite else "extract(dow FROM date)"
    words = {
        "{19:14}": "'19:14:00'" if sqlite else "TIME '19:14'",
        "{20:00}": "'20:00:00'" if sqlite else "TIME '20:00'",
        "{new_id}": "'ffffffffffffffffffffffffffffffff'" + ("" if sqlite else "::uuid"),
        "{weekday}": f"CASE {number} {days} END",
    }
    for statement in BREAKAGES[rule]:
        if check := re.fullmatch(r"{without:(\w+)\.(\w+)}", statement):
            table, name = check.groups()
            constraint = f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}"
            yield "PRAGMA ignore_check_constraints = ON" if sqlite else constraint
            continue
        for placeholder, word in words.items():
            statement = statement.replace(placeholder, word)  # noqa: PLW2901
        yield statement


def test_every_rule_has_a_breakage() -> None:
    """A new rule must be shown to be able to fail."""
    assert sorted(BREAKAGES) == sorted(NAMES)


async def test_each_rule_is_named_with_its_rows_when_it_is_broken(
    seeded: AsyncConnection,
) -> None:
    """If anything breaks a rule after the rows were written, the audit sees it in the database."""
    dialect = seeded.dialect.name
    rules = [r for r in NAMES if dialect == "postgresql" or r not in ONLY_ON_POSTGRESQL]
    request = SeedRequest(as_of=AS_OF)
    unnoticed = []
    for rule in rules:
        transaction = await seeded.begin()
        for statement in statements(rule, dialect):
            await seeded.exec_driver_sql(statement)
        try:
            await seeded.run_sync(audit, request)
        except AuditFailed as failed:
            named = {v["rule"]: v["rows"] for v in failed.members["violations"]}
            if not named.get(rule) or rule not in failed.detail:
                unnoticed.append(rule)
        else:
            unnoticed.append(rule)
        await transaction.rollback()
    assert unnoticed == []
    assert await seeded.run_sync(audit, request)


async def test_a_data_set_that_fails_the_audit_is_not_committed(
    client: httpx.AsyncClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeder that breaks a rule gets an error that names the rule and the rows."""
    await seed(client)
    old = snapshot(database_url)
    monkeypatch.setattr(treatment_plans, "_dates", lambda _draws, as_of, *_: (as_of, as_of))
    # Of another request nothing is cached yet.
    response = await client.post("/api/db/seed?reset=drop", json={"randomSeed": 7})
    assert response.status_code == 500
    problem = response.json()
    rules = [violation["rule"] for violation in problem["violations"]]
    assert rules == ["completed plans ended in the past", "planned plans start in the future"]
    assert all(1 <= len(violation["rows"]) <= 20 for violation in problem["violations"])
    assert all(rule in problem["detail"] for rule in rules)
    assert snapshot(database_url) == old

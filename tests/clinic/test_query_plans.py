"""What lists cost at 20,000 patients: the databases' own plans of the statements that are sent."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from app.clinic.patients.search import insert_words
from auth.clinics import PASSWORD, Backend
from clinic.client import StaffClient, open_staff_client
from conftest import make_app, open_client, seed

pytestmark = pytest.mark.slow

PATIENTS = 20_000
PLANS_EACH = 3
PRACTITIONERS = 1_000
SESSIONS, EXPIRED = 5_000, 500
SPELLING = {
    "sqlite": {
        "numbers": "RECURSIVE numbers(i) AS "
        "(SELECT 0 UNION ALL SELECT i + 1 FROM numbers LIMIT {rows})",
        "id": "printf('%032x', {of})",
        "uuid": "'{of.hex}'",
        "moment": "datetime('2026-01-01', i || ' seconds') || '.000000'",
        "day": "date('2024-01-01', (i * 7919 % 700) || ' days')",
        "midnight": "'{of} 00:00:00.000000'",
        "nine": "'09:00:00'",
        "ten": "'10:00:00'",
    },
    "postgresql": {
        "numbers": "numbers AS (SELECT i::bigint FROM generate_series(0, {rows} - 1) AS s(i))",
        "id": "lpad(to_hex({of}), 32, '0')::uuid",
        "uuid": "'{of}'::uuid",
        "moment": "timestamptz '2026-01-01' + i * interval '1 second'",
        "day": "date '2024-01-01' + (i * 7919 % 700)::int",
        "midnight": "timestamptz '{of}'",
        "nine": "time '09:00:00'",
        "ten": "time '10:00:00'",
    },
}
# Each begins as no other does: a search by one of them finds nothing by the others.
NAME, FIRST_NAME = "('name' || (i * 31))", "('first' || (i * 17))"
ADDRESS, NUMBER = "('mail' || i || '@example.org')", "('03' || (10000000 + i))"
# Everybody has the last one.
WORDS = (NAME, FIRST_NAME, f"replace(replace({ADDRESS}, '@', ''), '.', '')", NUMBER, "'smith'")


async def fill(backend: Backend, organization: UUID, therapist: UUID) -> None:
    """Write rows without the application, which would take a minute."""
    say = SPELLING[backend.engine.dialect.name]
    record = f"{say['moment']}, {say['moment']}, {say['uuid'].format(of=organization)}"
    patients = f"""
        INSERT INTO patients (id, created_at, updated_at, organization_id, first_name, last_name,
            name_key, search_words, email, phone, date_of_birth, status,
            emergency_contacts, medical_conditions, surgeries, allergies, medications)
        WITH {say["numbers"].format(rows=PATIENTS)}
        SELECT {say["id"].format(of="i")}, {record}, {FIRST_NAME}, {NAME},
            {NAME} || ' ' || {FIRST_NAME}, ' ' || {" || ' ' || ".join(WORDS)}, {ADDRESS},
            {NUMBER}, {say["day"]}, 'active', '[]', '[]', '[]', '[]', '[]'
        FROM numbers"""
    plans = f"""
        INSERT INTO treatment_plans (id, created_at, updated_at, organization_id, patient_id,
            therapist_id, title, start_date, number_of_sessions, session_frequency, status,
            coverage_status)
        WITH {say["numbers"].format(rows=PATIENTS * PLANS_EACH)}
        SELECT {say["id"].format(of="i")}, {record}, {say["id"].format(of=f"(i / {PLANS_EACH})")},
            CASE i % 2 WHEN 0 THEN {say["uuid"].format(of=therapist)}
                       ELSE {say["id"].format(of="1")} END,
            'Walking', {say["day"]}, 6, 2, 'paused', 'covered'
        FROM numbers"""
    people = f"""
        INSERT INTO users (id, created_at, updated_at, name, email, email_verified, specialization,
            phone_numbers)
        WITH {say["numbers"].format(rows=PRACTITIONERS)}
        SELECT {say["id"].format(of="i + 2")}, {say["moment"]}, {say["moment"]}, 'Ada',
            'p' || i || '@example.org', true, '[]', '[]' FROM numbers"""
    practitioners = f"""
        INSERT INTO practitioners (organization_id, user_id)
        WITH {say["numbers"].format(rows=PRACTITIONERS)}
        SELECT {say["uuid"].format(of=organization)}, {say["id"].format(of="i + 2")} FROM numbers"""
    visit = f"""
        INSERT INTO appointment_types (id, created_at, updated_at, organization_id, code, title,
            duration_minutes, is_active)
        WITH {say["numbers"].format(rows=1)}
        SELECT {say["id"].format(of="1")}, {record}, 'VISIT', 'Visit', 30, true FROM numbers"""
    room = f"""
        INSERT INTO rooms (id, created_at, updated_at, organization_id, name, capacity,
            wheelchair_accessible, equipment)
        WITH {say["numbers"].format(rows=500)}
        SELECT {say["id"].format(of="i")}, {record}, 'Room ' || i, 1, true, '[]' FROM numbers"""
    appointments = f"""
        INSERT INTO appointments (id, created_at, updated_at, organization_id, patient_id,
            treatment_plan_id, therapist_id, room_id, appointment_type_id, date, start_time,
            end_time, location, status)
        WITH {say["numbers"].format(rows=PATIENTS)}
        SELECT {say["id"].format(of="i")}, {record}, {say["id"].format(of="i")},
            {say["id"].format(of=f"(i * {PLANS_EACH})")},
            {say["id"].format(of=f"(i % {PRACTITIONERS} + 2)")},
            {say["id"].format(of="(i % 500)")}, {say["id"].format(of="1")}, {say["day"]},
            {say["nine"]}, {say["ten"]}, 'clinic',
            CASE i % 5 WHEN 0 THEN 'cancelled' ELSE 'scheduled' END
        FROM numbers"""
    past, future = (say["midnight"].format(of=day) for day in ("2020-01-01", "2100-01-01"))
    sessions = f"""
        INSERT INTO sessions (id, created_at, updated_at, user_id, token, expires_at)
        WITH {say["numbers"].format(rows=SESSIONS)}
        SELECT {say["id"].format(of="i")}, {say["moment"]}, {say["moment"]},
            {say["uuid"].format(of=therapist)}, 'token' || i,
            CASE WHEN i < {EXPIRED} THEN {past} ELSE {future} END
        FROM numbers"""
    other = f"""
        INSERT INTO users (id, created_at, updated_at, name, email, email_verified, specialization,
            phone_numbers)
        SELECT {say["id"].format(of="1")}, created_at, updated_at, name, 'other@example.org', true,
            '[]', '[]' FROM users LIMIT 1"""
    practitioner = f"""
        INSERT INTO practitioners (organization_id, user_id)
        SELECT {say["uuid"].format(of=organization)}, {say["id"].format(of="1")}"""
    async with backend.engine.begin() as connection:
        for statement in (
            *(other, practitioner, patients, plans, sessions),
            *(people, practitioners, visit, room, appointments),
        ):
            await connection.execute(text(statement))
        await connection.execute(insert_words(connection.dialect.name))
        # PostgreSQL does that by itself, in time; SQLite does not, and must do well without.
        if backend.is_postgresql:
            # A small random sample sometimes overestimates how many words begin with a search.
            await connection.execute(text("SET LOCAL default_statistics_target = 1000"))
            await connection.execute(text("ANALYZE"))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def staff(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[StaffClient]:
    """Fill one clinic with all the patients."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('many')}/patients.db"
    else:
        url = request.getfixturevalue("new_postgresql")()
    app = make_app(url)
    async with open_client(app) as client:
        await seed(client, users=1, organizations=1, patients=0)
        staff = await open_staff_client(Backend(app, client))
        await fill(staff.backend, staff.organization_id, staff.person.id)
        yield staff


@contextmanager
def reading(staff: StaffClient, table: str) -> Iterator[list[tuple[str, Any]]]:
    """Note the statements that read a table, with their parameters."""
    sent: list[tuple[str, Any]] = []
    engine = staff.backend.engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if f"FROM {table}" in statement:
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def plan_of(staff: StaffClient, statement: str, parameters: Any) -> Sequence[str]:
    explain = "EXPLAIN" if staff.backend.is_postgresql else "EXPLAIN QUERY PLAN"
    async with staff.backend.engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return [row[-1] for row in rows]


ME = "the caller"
FEW = {"patient_words"}  # and from there to the patients by their ids
# What is asked for, the indexes that it is found along, and whether what is found must be
# sorted; None if that is left to the database.
CALLS: dict[str, tuple[str, dict[str, Any], set[str], bool | None]] = {
    "patients by name": ("patients", {}, {"name_key_id"}, False),
    "back by name": ("patients", {"sort": "-name"}, {"name_key_id"}, False),
    "by creation": ("patients", {"sort": "createdAt"}, {"created_at_id"}, False),
    "the newest": ("patients", {"sort": "-createdAt"}, {"created_at_id"}, False),
    "a name": ("patients", {"search": "NAME123"}, FEW, True),
    "a name, the newest": ("patients", {"search": "name123", "sort": "-createdAt"}, FEW, True),
    "a first name": ("patients", {"search": "FIRST123"}, FEW, True),
    "an address": ("patients", {"search": "mail123"}, FEW, True),
    "nobody's name": ("patients", {"search": "zz"}, FEW, True),
    "a number": ("patients", {"search": "+61 3 1000 12"}, FEW, True),
    "a name that is everybody's": ("patients", {"search": "smith"}, {"name_key_id"}, False),
    "everybody's, the newest": (
        "patients",
        {"search": "smith", "sort": "-createdAt"},
        {"created_at_id"},
        False,
    ),
    "two common words": ("patients", {"search": "n f"}, {"name_key_id"}, False),
    "a rare word after a common one": ("patients", {"search": "smith name123"}, FEW, True),
    "a common word and nobody's": ("patients", {"search": "smith zz"}, FEW, True),
    "some patients by their ids": (
        "patients",
        {"ids": [str(UUID(int=number)) for number in range(12_345, 12_395)]},
        set(),  # along the primary key
        True,
    ),
    "plans": ("treatment-plans", {}, {"start_date_id"}, False),
    "plans, the first ones": ("treatment-plans", {"sort": "startDate"}, {"start_date_id"}, False),
    "a patient's plans": (
        "treatment-plans",
        {"patientId": str(UUID(int=12_345))},
        {"patient_id_start_date_id"},
        False,
    ),
    "a therapist's plans": (
        "treatment-plans",
        {"therapistId": ME},
        {"therapist_id_start_date_id"},
        False,
    ),
    "a stranger's plans": (
        "treatment-plans",
        {"therapistId": str(UUID(int=1))},
        {"therapist_id_start_date_id"},
        False,
    ),
    "plans that were deleted": (
        "treatment-plans",
        {"deleted": True},
        {"hidden"},
        False,
    ),
    "patients who were deleted": ("patients", {"deleted": True}, {"hidden"}, False),
    "plans by a name": (
        "treatment-plans",
        {"search": "name1234"},
        FEW | {"patient_id_start_date_id"},
        True,
    ),
    "plans by a number": (
        "treatment-plans",
        {"search": "03 1000 12"},
        FEW | {"patient_id_start_date_id"},
        True,
    ),
    "plans by a name that is everybody's": (
        "treatment-plans",
        {"search": "smith"},
        {"start_date_id"},
        False,
    ),
    "appointments": ("appointments", {}, {"date_start_time_id"}, False),
    "appointments, the last ones": (
        "appointments",
        {"sort": "-start"},
        {"date_start_time_id"},
        False,
    ),
    "appointments of a week": (
        "appointments",
        {"from": "2024-05-06", "to": "2024-05-12"},
        {"date_start_time_id"},
        None,
    ),
    "a practitioner's appointments": (
        "appointments",
        {"therapistId": str(UUID(int=77))},
        {"therapist_id_date"},
        None,
    ),
    "a practitioner's month": (
        "appointments",
        {"therapistId": str(UUID(int=77)), "from": "2024-05-01", "to": "2024-05-31"},
        {"therapist_id_date"},
        None,
    ),
    "a patient's appointments": (
        "appointments",
        {"patientId": str(UUID(int=12_345)), "sort": "-start"},
        {"patient_id_date"},
        None,
    ),
    "a plan's appointments": (
        "appointments",
        {"treatmentPlanId": str(UUID(int=12_345))},
        {"treatment_plan_id"},
        None,
    ),
    "a room's appointments": (
        "appointments",
        {"roomId": str(UUID(int=7))},
        {"room_id_date"},
        None,
    ),
}
FIND_NOTHING = {
    "nobody's name",
    "a common word and nobody's",
    "a stranger's plans",
    "plans that were deleted",
    "patients who were deleted",
}
INDEX = re.compile(
    # Citus adds the number of the part.
    r"\bix_(?:patients|treatment_plans|appointments)_(?:organization_id_)?(\w+?)(?:_\d{6,})?\b"
    # SQLite names no primary key, but what of it the range is of.
    r"|\bpk_(patient_words)|(patient_words) USING PRIMARY KEY \(organization_id=\? AND word>"
)
# The rows of a subquery, which SQLite names like this, were read along an index.
WHOLE_TABLE = re.compile(r"\bSCAN (?!anon_|\(subquery)|Seq Scan")
SORT = re.compile(r"^ *(?:->)? *Sort |USE TEMP B-TREE")
# The place of a cursor as an index finds it: on SQLite, on PostgreSQL.
PLACE = re.compile(r"\((?:\w+,)+id\)[<>]\(|Index Cond: .*ROW\(")


@pytest.mark.parametrize("name", CALLS)
async def test_a_page_is_one_query_along_indexes(staff: StaffClient, name: str) -> None:
    """The first page and a later one: no table is read from end to end, and no order is sorted."""
    path, asked, indexes, is_sorted = CALLS[name]
    query = {key: str(staff.person.id) if value == ME else value for key, value in asked.items()}
    cursor: dict[str, str] = {}
    for page_number in (1, 2):
        with reading(staff, path.replace("-", "_")) as sent:
            page = await staff.read(path, **query, **cursor, limit=2)
        assert len(sent) == 1
        plan = await plan_of(staff, *sent[0])
        shown = "\n".join((f"{name}, page {page_number}", sent[0][0], *plan))
        assert not any(map(WHOLE_TABLE.search, plan)), shown
        found = INDEX.findall(shown.partition("LIMIT")[2])
        assert {"".join(names) for names in found} == indexes, shown
        if is_sorted is not None:
            assert any(map(SORT.search, plan)) == is_sorted, shown
        if page_number > 1 and is_sorted is False:
            assert any(map(PLACE.search, plan)), shown
        if page["next"] is None:
            assert page["items"] or name in FIND_NOTHING
            break
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("name", ["patients by name", "plans"])
async def test_a_total_is_one_query_more_and_reads_no_row(staff: StaffClient, name: str) -> None:
    """Without filters, it counts along indexes alone; the page is read as without it."""
    path, _, _, _ = CALLS[name]
    with reading(staff, path.replace("-", "_")) as sent:
        page = await staff.read(path, limit=2)
        counted = await staff.read(path, limit=2, includeTotal=True)
    (plain, again, total) = sent
    assert plain == again
    assert counted == page | {"total": PATIENTS * (1 if path == "patients" else PLANS_EACH)}
    plan = await plan_of(staff, *total)
    shown = "\n".join((total[0], *plan))
    if staff.backend.is_postgresql:
        # Whether it reads the index alone depends on what VACUUM has seen.
        assert "hidden" in shown, shown
    else:
        assert not any(map(WHOLE_TABLE.search, plan[1:])), shown
        assert re.search(rf"USING COVERING INDEX ix_{path.replace('-', '_')}_org", shown), shown
        assert "hidden" in shown, shown


@pytest.mark.parametrize("name", CALLS)
async def test_a_total_is_exact(staff: StaffClient, name: str) -> None:
    """It is what the database counts by the same conditions as those of the page."""
    path, asked, _, _ = CALLS[name]
    query = {key: str(staff.person.id) if value == ME else value for key, value in asked.items()}
    with reading(staff, path.replace("-", "_")) as sent:
        page = await staff.read(path, **query, limit=2, includeTotal=True)
    statement, parameters = sent[0]
    listed = re.sub(r"LIMIT \S+( OFFSET \S+)?", "", statement)
    assert listed != statement
    async with staff.backend.engine.connect() as connection:
        values = parameters if isinstance(parameters, dict) else parameters[: listed.count("?")]
        counted = await connection.exec_driver_sql(f"SELECT count(*) FROM ({listed}) AS l", values)
        assert page["total"] == counted.scalar_one()


async def test_a_booking_reads_appointments_along_indexes(staff: StaffClient) -> None:
    """Of the practitioner in all clinics, the room, the patient and the plan."""
    body = {
        "patientId": str(UUID(int=12_345)),
        "treatmentPlanId": str(UUID(int=3 * 12_345)),
        "therapistId": str(staff.person.id),
        "roomId": str(UUID(int=7)),
        "appointmentTypeId": str(UUID(int=1)),
        "date": "2026-05-04",
        "startTime": "09:00:00",
    }
    with reading(staff, "appointments") as sent:
        response = await staff.call("POST", "appointments", json=body)
    assert response.json()["inTheWay"] == "hours", response.text
    indexes = []
    for statement, parameters in sent:
        plan = await plan_of(staff, statement, parameters)
        shown = "\n".join((statement, *plan))
        assert not any(map(WHOLE_TABLE.search, plan)), shown
        indexes.append("\n".join(plan))
    # What is read at the wanted time, and again for the next free time.
    assert len(sent) == 1 + 2 * 3
    for name in ("therapist_id_date", "room_id_date", "patient_id_date", "treatment_plan_id"):
        assert any(name in plan for plan in indexes), (name, indexes)


async def test_signing_in_reads_and_deletes_sessions_along_indexes(staff: StaffClient) -> None:
    """However many users have sessions, and however many sessions have expired."""
    person = await staff.backend.make_person(signed_in=0)
    with reading(staff, "sessions") as sent:
        response = await staff.backend.call(
            None, "sign-in/email", email=person.email, password=PASSWORD
        )
    assert response.status_code == 200
    plans = [(statement, *await plan_of(staff, statement, values)) for statement, values in sent]
    shown = ["\n".join(plan) for plan in plans]
    for plan in shown:
        assert not WHOLE_TABLE.search(plan), plan
    assert any("ix_sessions_user_id" in plan for plan in shown), shown
    expired = [plan for plan in plans if any("ix_sessions_expires_at" in line for line in plan)]
    assert expired, shown
    assert not any(SORT.search(line) for plan in expired for line in plan), expired
    assert any(plan.startswith("DELETE") for plan in shown), shown


@pytest.mark.parametrize("staff", ["sqlite"], indirect=True)
async def test_figures_of_a_clinic_are_counted_along_its_index(staff: StaffClient) -> None:
    """PostgreSQL decides by how many rows there are."""
    query = {"organizationId": str(staff.organization_id)}
    for table in ("patients", "treatment_plans", "appointments"):
        with reading(staff, table) as sent:
            response = await staff.backend.client.get("/api/db/statistics", params=query)
        assert response.is_success, response.text
        for statement, parameters in sent:
            shown = "\n".join((statement, *await plan_of(staff, statement, parameters)))
            # Few patients are deleted, and an index has only these.
            scan = rf"SCAN {table}(?! USING INDEX ix_patients_hidden)"
            assert not re.search(scan, shown), shown
            assert re.search(r"SEARCH \w+ USING .*\(organization_id=", shown), shown
        assert sent, table

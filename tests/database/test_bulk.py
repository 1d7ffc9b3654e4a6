"""Many rows at once are read from the database as they were written, with any texts."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import col, select

from app.auth.models import Role
from app.clinic.availability.models import AvailabilityException
from app.clinic.patients.models import KEYS, Patient
from app.clinic.treatment_plans.models import TreatmentPlan
from app.database.bulk import RowEncoder, insert_rows
from auth.clinics import Backend

TEXTS = [
    "",
    "\t",
    "\n",
    "\r\n",
    "\\",
    "\\N",
    "\\.",
    "a\tb\\n",
    "'; --",
    '"',
    "Zoë 李 \U0010ffff",
    "{}",
]


def patients(organization_id: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "organization_id": organization_id,
            "first_name": words,
            "last_name": f"{number} {words}",
            "date_of_birth": datetime.date(1, 1, 1),
            "email": words or None,
            "phone": None,
            "emergency_contacts": [{"name": words, "relationship": words, "phone": words}],
            "medical_conditions": [words, words],
            "notes": words,
        }
        for number, words in enumerate(TEXTS)
    ]


async def test_texts_of_any_kind_stay_what_they_are(backend: Backend) -> None:
    """And what is worked out of them is what the model would have."""
    clinic = await backend.make_clinic(Role.OWNER)
    rows = patients(clinic.id)
    async with backend.session() as session:
        await insert_rows(session, Patient, rows)
    async with backend.session() as session:
        found = (
            await session.exec(
                select(Patient)
                .where(Patient.organization_id == clinic.id)
                .order_by(col(Patient.created_at))
            )
        ).all()
    assert len(found) == len(rows)
    for patient, row in zip(found, rows, strict=True):
        stored = patient.model_dump()
        assert row.items() <= stored.items()
        assert {name: stored[name] for name in KEYS} == {n: key(row) for n, key in KEYS.items()}
        assert patient.created_at == patient.updated_at
        assert abs(patient.created_at - datetime.datetime.now(datetime.UTC)).seconds < 60
    assert [patient.created_at for patient in found] == sorted({p.created_at for p in found})


async def test_times_days_and_truth_stay_what_they_are(backend: Backend) -> None:
    """With and without a value."""
    clinic = await backend.make_clinic(Role.OWNER)
    common = {"organization_id": clinic.id, "user_id": clinic.people[0].id, "reason": "other"}
    rows = [
        {
            **common,
            "id": uuid4(),
            "date": datetime.date(9999, 12, day),
            "start_time": start,
            "end_time": start and datetime.time(23, 59, 59),
            "is_available": available,
            "notes": None,
        }
        for day, start, available in ((30, datetime.time(8, 0, 1), True), (31, None, False))
    ]
    async with backend.session() as session:
        await insert_rows(session, AvailabilityException, rows)
    async with backend.session() as session:
        order = col(AvailabilityException.date)
        mine = select(AvailabilityException).where(
            AvailabilityException.organization_id == clinic.id
        )
        found = (await session.exec(mine.order_by(order))).all()
    for exception, row in zip(found, rows, strict=True):
        assert row.items() <= exception.model_dump().items()


async def test_what_the_database_refuses_is_an_error_as_everywhere(backend: Backend) -> None:
    """A row whose organization is not there, or that is there already."""
    clinic = await backend.make_clinic(Role.OWNER)
    [row, *_] = patients(clinic.id)
    for rows in ([row, row], [row | {"organization_id": uuid4()}]):
        with pytest.raises(IntegrityError):
            async with backend.session() as session:
                await insert_rows(session, Patient, rows)
    async with backend.session() as session:
        assert (
            await session.exec(select(Patient).where(Patient.organization_id == clinic.id))
        ).all() == []


async def test_a_row_of_other_columns_is_refused(backend: Backend) -> None:
    """One more, one less, another one or another order: no row is written, let alone a part."""
    clinic = await backend.make_clinic(Role.OWNER)
    [row, other, *_] = patients(clinic.id)
    less = {name: value for name, value in other.items() if name != "phone"}
    turned = dict(reversed(other.items()))
    for wrong in (other | {"city": "Kew"}, less, less | {"city": "Kew"}, turned):
        async with backend.session() as session:
            with pytest.raises(ValueError, match="a row of"):
                await insert_rows(session, Patient, [row, wrong])
            mine = select(Patient).where(Patient.organization_id == clinic.id)
            assert (await session.exec(mine)).all() == []


def test_rows_may_be_of_a_single_column() -> None:
    """All other columns are computed or empty."""
    table = Table("words", MetaData(), Column("word", String))
    assert RowEncoder(table, ("word",), "sqlite").encode({"word": "knee"}) == ("knee",)


@pytest.mark.parametrize("sessions", [2**31, 2**32 + 5])
async def test_a_number_too_large_for_its_column_is_refused(
    backend: Backend, sessions: int
) -> None:
    """It is not cut off, but an error as everywhere; SQLite has no such limit."""
    clinic = await backend.make_clinic(Role.OWNER)
    [patient, *_] = patients(clinic.id)
    plan = {
        "id": uuid4(),
        "organization_id": clinic.id,
        "patient_id": patient["id"],
        "therapist_id": clinic.people[0].id,
        "title": "Knee",
        "start_date": datetime.date(1999, 12, 31),
        "number_of_sessions": sessions,
        "session_frequency": 1,
    }
    async with backend.session() as session:
        await insert_rows(session, Patient, [patient])
        if backend.engine.dialect.name == "postgresql":
            with pytest.raises(DataError):
                await insert_rows(session, TreatmentPlan, [plan])
            return
        await insert_rows(session, TreatmentPlan, [plan])
        stored = await session.get_one(TreatmentPlan, (plan["organization_id"], plan["id"]))
        assert (stored.number_of_sessions, stored.start_date) == (sessions, plan["start_date"])

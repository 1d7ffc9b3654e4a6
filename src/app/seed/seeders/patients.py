"""Patients, who are assigned to the practitioners in turn."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from app.clinic.patients.models import PatientStatus
from app.clinic.patients.search import insert_words
from app.database.bulk import Row
from app.seed import people
from app.seed.api_rules import check_birth
from app.seed.audit.patients import PATIENT_RULES
from app.seed.constants import MIN_PLANS_PER_PATIENT
from app.seed.data.history import (
    ALLERGIES,
    INSURERS,
    MEDICAL_CONDITIONS,
    PATIENT_NOTES,
    REFERRAL_SOURCES,
    SURGERIES,
    TREATED_ILLNESSES,
    MedicalCondition,
    Surgery,
)
from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.data.places import STREETS, SUBURBS
from app.seed.people import Person
from app.seed.phones import CONTACTS_PER_PATIENT, contact_phone, patient_phone
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.treatment_plans import conditions_of, content
from app.tables import METADATA

SENIOR = 60
LONGEST_AGO = 40  # years since a surgery, because methods and their names change
ILLNESSES = {illness.name: illness for illness in MEDICAL_CONDITIONS + TREATED_ILLNESSES}
RELATIVES = ("Spouse", "Sibling", "Cousin")


def patients_of(request: SeedRequest, index: int) -> Iterator[Row]:
    yield patient_row(request, index)


def patient_row(request: SeedRequest, index: int) -> Row:
    random_seed = request.random_seed
    person = people.patient(random_seed, index)
    draws = RandomDraws(random_seed, "patient", index)
    age = people.patient_age(random_seed, index)
    birth_year = request.as_of.year - age
    suburb = draws.choice(SUBURBS)
    organization = organization_index(request, index % request.users)
    row = {
        "id": row_id(random_seed, "patient", index),
        "organization_id": shared_row_id(random_seed, "organization", organization),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "date_of_birth": date(birth_year, draws.between(1, 12), draws.between(1, 28)),
        "gender": person.gender,
        "email": person.email("example.org"),
        "phone": patient_phone(random_seed, index),
        "address": f"{draws.between(1, 180)} {draws.choice(STREETS)}",
        "city": suburb.name,
        "postal_code": suburb.postcode,
        "country": "AU",
        "emergency_contacts": _emergency_contacts(draws, random_seed, person, index),
        **_history(draws, request, index, age),
        "insurance_provider": draws.choice(INSURERS),
        "insurance_number": f"{draws.between(10_000_000, 99_999_999)}",
        "referral_source": draws.choice(REFERRAL_SOURCES),
        "status": PatientStatus.ACTIVE,
        "notes": draws.choice(PATIENT_NOTES),
    }
    return check_birth(row, request.as_of)


def _history(draws: RandomDraws, request: SeedRequest, index: int, age: int) -> dict[str, Any]:
    """Return the medical history: conditions that match the age and the patient's plans."""
    illnesses, surgeries = _treated(request, index)
    how_many = (0, 1, 1, 2) if age < SENIOR else (1, 2, 3)
    for _ in range(draws.choice(how_many)):
        names = {illness.name for illness in illnesses}
        groups = {illness.group for illness in illnesses if illness.group}
        options = [
            illness
            for illness in _illnesses_at(age)
            if illness.name not in names and illness.group not in groups
        ]
        illnesses.append(draws.choice(options))
    birth_year = request.as_of.year - age
    for surgery in draws.sample(_surgeries_until(age), draws.below(3)):
        first = max(surgery.ages[0], age - LONGEST_AGO)
        year = birth_year + draws.between(first, min(surgery.ages[1], age - 1))
        surgeries.append(f"{surgery.name} ({year})")
    return {
        "medical_conditions": [illness.name for illness in illnesses],
        "medications": [illness.medication for illness in illnesses if illness.medication],
        "surgeries": surgeries,
        "allergies": draws.sample(ALLERGIES, draws.choice((0, 0, 1, 2))),
    }


def _treated(request: SeedRequest, index: int) -> tuple[list[MedicalCondition], list[str]]:
    illnesses, surgeries = [], []
    conditions = conditions_of(request.random_seed, index, MIN_PLANS_PER_PATIENT)
    for number, condition in enumerate(conditions):
        if condition.illness:
            illnesses.append(ILLNESSES[condition.illness])
        if condition.surgery:
            plan = content(request, index, number, condition)
            surgeries.append(f"{condition.surgery} ({plan['prescription_date'].year})")
    return illnesses, surgeries


@cache
def _illnesses_at(age: int) -> tuple[MedicalCondition, ...]:
    return tuple(c for c in MEDICAL_CONDITIONS if c.ages[0] < age <= c.ages[1])


@cache
def _surgeries_until(age: int) -> tuple[Surgery, ...]:
    return tuple(s for s in SURGERIES if s.ages[0] < age and s.ages[1] >= age - LONGEST_AGO)


def _emergency_contacts(
    draws: RandomDraws, random_seed: int, person: Person, index: int
) -> list[dict[str, str]]:
    """Return one or two contacts. Relatives share the last name."""
    first_names = [draws.choice(FEMALE_FIRST_NAMES), draws.choice(MALE_FIRST_NAMES)]
    relationships = [draws.choice(RELATIVES), "Friend"]
    last_names = [person.last_name, draws.choice(LAST_NAMES)]
    if draws.one_in(2):
        first_names.reverse()
    contacts = [
        {
            "name": f"{first_name} {last_name}",
            "relationship": relationship,
            "phone": contact_phone(random_seed, index, number),
        }
        for number, (first_name, last_name, relationship) in enumerate(
            zip(first_names, last_names, relationships, strict=True)
        )
        if f"{first_name} {last_name}" != person.name
    ]
    return contacts[: draws.between(1, CONTACTS_PER_PATIENT)]


KIND = LoadedKind(
    name="patients",
    table=METADATA.tables["patients"],
    expected=lambda request: request.patients,
    rules=PATIENT_RULES,
    groups=lambda request: request.patients,
    rows=patients_of,
    derived={METADATA.tables["patient_words"]: insert_words},
)

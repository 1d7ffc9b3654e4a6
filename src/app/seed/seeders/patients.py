"""Patients, who go round the practitioners, so that none has two more than another."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from app.patients.models import Patient, PatientStatus
from app.seed import people
from app.seed.data.history import (
    ALLERGIES,
    INSURERS,
    MEDICAL_CONDITIONS,
    PATIENT_NOTES,
    REFERRAL_SOURCES,
    SURGERIES,
    MedicalCondition,
)
from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.data.places import STREETS, SUBURBS
from app.seed.data_set import DataSet, Row
from app.seed.people import Person
from app.seed.phones import CONTACTS_PER_PATIENT, contact_phone, patient_phone
from app.seed.randomness import Draws, row_id
from app.seed.request import SeedRequest
from app.seed.seeders.memberships import organization_index

YOUNGEST, OLDEST = 19, 88
SENIOR = 60
RELATIVES = ("Spouse", "Sibling", "Cousin")


async def seed_patients(data_set: DataSet) -> None:
    await data_set.insert("patients", Patient, patients(data_set.request))


def patients(request: SeedRequest) -> Iterator[Row]:
    return (patient_row(request, index) for index in range(request.patients))


def patient_row(request: SeedRequest, index: int) -> Row:
    random_seed = request.random_seed
    person = people.patient(random_seed, index)
    draws = Draws(random_seed, "patient", index)
    age = age_of(random_seed, index)
    birth_year = request.as_of.year - age
    suburb = draws.choice(SUBURBS)
    organization = organization_index(request, index % request.users)
    return {
        "id": row_id(random_seed, "patient", index),
        "organization_id": row_id(random_seed, "organization", organization),
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
        **_history(draws, age, birth_year),
        "insurance_provider": draws.choice(INSURERS),
        "insurance_number": f"{draws.between(10_000_000, 99_999_999)}",
        "referral_source": draws.choice(REFERRAL_SOURCES),
        "status": PatientStatus.ACTIVE,
        "notes": draws.choice(PATIENT_NOTES),
    }


def age_of(random_seed: int, index: int) -> int:
    """The age that a patient reaches in the year of `asOf`: the same all year round."""
    return Draws(random_seed, "age", index).between(YOUNGEST, OLDEST)


def _history(draws: Draws, age: int, birth_year: int) -> dict[str, Any]:
    how_many = (0, 1, 1, 2) if age < SENIOR else (1, 2, 3)
    conditions = draws.sample(_conditions_at(age), draws.choice(how_many))
    surgeries = []
    for surgery in draws.sample([s for s in SURGERIES if s.ages[0] < age], draws.below(3)):
        year = birth_year + draws.between(surgery.ages[0], min(surgery.ages[1], age - 1))
        surgeries.append(f"{surgery.name} ({year})")
    return {
        "medical_conditions": [condition.name for condition in conditions],
        "medications": [c.medication for c in conditions if c.medication],
        "surgeries": surgeries,
        "allergies": draws.sample(ALLERGIES, draws.choice((0, 0, 1, 2))),
    }


@cache
def _conditions_at(age: int) -> tuple[MedicalCondition, ...]:
    return tuple(c for c in MEDICAL_CONDITIONS if c.ages[0] < age <= c.ages[1])


def _emergency_contacts(
    draws: Draws, random_seed: int, person: Person, index: int
) -> list[dict[str, str]]:
    """One or two; relatives share the last name, and nobody the first one."""
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

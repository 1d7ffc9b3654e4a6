"""Patients, who are assigned to the practitioners in turn."""

from collections.abc import Iterator
from datetime import date

from app.clinic.patients.models import PatientStatus
from app.clinic.patients.search import insert_words
from app.database.bulk import Row
from app.seed.api_rules import check_birth
from app.seed.audit.patients import PATIENT_RULES
from app.seed.constants import MIN_PLANS_PER_PATIENT
from app.seed.data.ages import CHILDHOOD_ENDS, OLD_AGE
from app.seed.data.funding import Payer
from app.seed.data.history import PATIENT_NOTES, PATIENT_NOTES_OF_CHILDREN
from app.seed.data.illness import MedicalCondition
from app.seed.data.places import STATE, STREETS
from app.seed.people import history
from app.seed.people.contacts import emergency_contacts
from app.seed.people.funding import insurance_number, referral
from app.seed.people.patients import Profile, patient, profile
from app.seed.people.person import Person
from app.seed.phones import patient_landline, patient_mobile
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.organizations import suburbs_near
from app.seed.seeders.treatment_plans import conditions_of, content
from app.tables import METADATA

# Gaps as in real files, of 100 patients or old patients.
WITHOUT_EMAIL = 8
WITHOUT_MOBILE = 5


def patients_of(request: SeedRequest, index: int) -> Iterator[Row]:
    yield patient_row(request, index)


def patient_row(request: SeedRequest, index: int) -> Row:
    random_seed = request.random_seed
    who, person = profile(random_seed, index), patient(random_seed, index)
    draws = RandomDraws(random_seed, "patient", index)
    organization = organization_index(request, index % request.users)
    row = {
        "id": row_id(random_seed, "patient", index),
        "organization_id": shared_row_id(random_seed, "organization", organization),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "date_of_birth": _date_of_birth(draws, request.as_of.year - who.age, who),
        "gender": who.gender,
        "email": _email(draws, person, who),
        "phone": _phone(draws, random_seed, index, who),
        **_address(draws, random_seed, organization),
        "emergency_contacts": emergency_contacts(draws, random_seed, index, person, who),
        **_history(draws, request, index, who),
        "insurance_provider": who.funding.provider,
        "insurance_number": insurance_number(draws, who.funding.payer),
        "referral_source": referral(draws, who.funding, who.age),
        "status": PatientStatus.ACTIVE,
        "notes": draws.choice(_notes(who.age)),
    }
    return check_birth(row, request.as_of)


def _notes(age: int) -> tuple[str, ...]:
    return PATIENT_NOTES_OF_CHILDREN if age < CHILDHOOD_ENDS else PATIENT_NOTES


def _date_of_birth(draws: RandomDraws, year: int, who: Profile) -> date:
    """Return a day in the year of birth. Only namesakes are born on the last days of a month.

    So they have another birthday than the patient whose name they have.
    """
    days = (27, 28) if who.is_namesake else (1, 26)
    return date(year, draws.between(1, 12), draws.between(*days))


def _email(draws: RandomDraws, person: Person, who: Profile) -> str | None:
    """Return an email address, of a parent if the patient is a child, or None for a few."""
    if draws.below(100) < WITHOUT_EMAIL:
        return None
    suffix = ".parent" if who.is_child else ""
    return person.email("example.org", f"{suffix}2" if who.is_namesake else suffix)


def _phone(draws: RandomDraws, random_seed: int, index: int, who: Profile) -> str:
    if who.age >= OLD_AGE and draws.below(100) < WITHOUT_MOBILE:
        return patient_landline(random_seed, index)
    return patient_mobile(random_seed, index)


def _address(draws: RandomDraws, random_seed: int, organization: int) -> dict[str, str]:
    """Return an address in a suburb near the clinic."""
    suburb = draws.choice(suburbs_near(random_seed, organization))
    street = f"{draws.between(1, 180)} {draws.choice(STREETS)}"
    return {
        "address": f"{street}, {suburb.name} {STATE} {suburb.postcode}",
        "city": suburb.name,
        "postal_code": suburb.postcode,
        "country": "AU",
    }


def _history(
    draws: RandomDraws, request: SeedRequest, index: int, who: Profile
) -> dict[str, list[str]]:
    """Return the medical history: conditions that match the age and the patient's plans."""
    birth_year = request.as_of.year - who.age
    illnesses, surgeries = _treated(request, index)
    if who.funding.payer is Payer.NDIS:
        history.add_disability(draws, illnesses, who.age)
    history.add_illnesses(draws, illnesses, who.age, who.sex)
    for illness in illnesses:
        if illness.surgery:
            surgeries.append(history.recent_surgery(draws, illness.surgery, who.age, birth_year))
    history.add_surgeries(draws, surgeries, who.age, who.sex, birth_year)
    return {
        "medical_conditions": [illness.name for illness in illnesses],
        "medications": history.medications(draws, illnesses, who.age),
        "surgeries": surgeries,
        "allergies": history.allergies(draws),
    }


def _treated(request: SeedRequest, index: int) -> tuple[list[MedicalCondition], list[str]]:
    """Return the illnesses and surgeries that the patient's plans follow."""
    illnesses, surgeries = [], []
    conditions = conditions_of(request.random_seed, index, MIN_PLANS_PER_PATIENT)
    for number, condition in enumerate(conditions):
        if condition.illness:
            illnesses.append(history.ILLNESSES[condition.illness])
        if condition.surgery:
            plan = content(request, index, number, condition)
            surgeries.append(f"{condition.surgery} ({plan['prescription_date'].year})")
    return illnesses, surgeries


KIND = LoadedKind(
    name="patients",
    table=METADATA.tables["patients"],
    expected=lambda request: request.patients,
    rules=PATIENT_RULES,
    groups=lambda request: request.patients,
    rows=patients_of,
    derived={METADATA.tables["patient_words"]: insert_words},
)

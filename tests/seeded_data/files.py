"""Rules for what a patient's file says: ages, contacts, medical history and insurance."""

import math
from collections import Counter
from collections.abc import Iterator

from seeded_data.rows import Row
from seeded_data.seeded_set import SeededSet, age_on, full_name, grouped, named

AGES = range(5, 95 + 1)
OF_AGE, PENSION_AGE, VERY_OLD = 18, 65, 80
DEFAULT_PATIENTS = 20
NAMESAKE_IN = 200
STATE = "VIC"
CLOPIDOGREL = "clopidogrel"


def patients_are_of_all_ages(data: SeededSet) -> Iterator[str]:
    """A patient is 5 to 95 years old; of 20 one is a child and one is over 80."""
    ages = [age_on(patient["date_of_birth"], data.as_of) for patient in data.rows["patients"]]
    for patient, age in zip(data.rows["patients"], ages, strict=True):
        if age not in AGES:
            yield f"{named('patients', patient)}: is {age} years old"
    if len(ages) >= DEFAULT_PATIENTS and not min(ages) < OF_AGE:
        yield "no patient is a child"
    if len(ages) >= DEFAULT_PATIENTS and not max(ages) > VERY_OLD:
        yield "no patient is over 80"


def namesakes_are_few_and_differ(data: SeededSet) -> Iterator[str]:
    """Two patients of 200 may share a name, never three, and not their birthday."""
    bearers = grouped(data.rows["patients"], full_name)
    shared = [patients for patients in bearers.values() if len(patients) > 1]
    for patients in shared:
        birthdays = {patient["date_of_birth"] for patient in patients}
        if len(patients) > 2 or len(birthdays) < len(patients):
            yield f"{named('patients', patients[0])}: {len(patients)} have the same name"
    number = len(data.rows["patients"])
    most = math.ceil(number / NAMESAKE_IN) if number > DEFAULT_PATIENTS else 0
    if len(shared) > most:
        yield f"{len(shared)} names are shared among {number} patients"


def genders_are_known(data: SeededSet) -> Iterator[str]:
    """A gender is female, male or other, if it is stated."""
    for patient in data.rows["patients"]:
        if patient["gender"] not in {"female", "male", "other", None}:
            yield f"{named('patients', patient)}: gender is {patient['gender']!r}"


def first_contacts_of_children_are_their_parents(data: SeededSet) -> Iterator[str]:
    """A child's first contact is a parent or guardian, and a child has no spouse."""
    for patient in data.rows["patients"]:
        relationships = [contact["relationship"] for contact in patient["emergency_contacts"]]
        if age_on(patient["date_of_birth"], data.as_of) < OF_AGE and (
            relationships[0] not in {"Parent", "Guardian"}
            or {"Spouse", "Partner", "Child"}.intersection(relationships)
        ):
            yield f"{named('patients', patient)}: a child with the contacts {relationships}"


def addresses_have_their_state(data: SeededSet) -> Iterator[str]:
    """An address ends with the suburb, the state and the postal code."""
    for patient in data.rows["patients"]:
        if not patient["address"].endswith(f", {patient['city']} {STATE} {patient['postal_code']}"):
            yield f"{named('patients', patient)}: lives at {patient['address']!r}"


def patients_are_active(data: SeededSet) -> Iterator[str]:
    """Each has an ongoing plan."""
    for patient in data.rows["patients"]:
        if patient["status"] != "active":
            yield f"{named('patients', patient)}: is {patient['status']}"


def medications_fit(data: SeededSet) -> Iterator[str]:
    """No drug is taken with one, or with a condition, that excludes it; some come in pairs."""
    for patient in data.rows["patients"]:
        for complaint in _unfit(patient):
            yield f"{named('patients', patient)}: {complaint}"


def _unfit(patient: Row) -> Iterator[str]:
    drugs = Counter(medication.split()[0].casefold() for medication in patient["medications"])
    names = set(patient["medical_conditions"])
    if CLOPIDOGREL in drugs and drugs.keys() & {"omeprazole", "esomeprazole"}:
        yield "takes clopidogrel with a drug that weakens it"
    if "alendronate" in drugs and "Reflux disease" in names:
        yield "takes alendronate with reflux disease"
    if "methotrexate" in drugs and "folic" not in drugs:
        yield "takes methotrexate without folic acid"
    if "Type 1 diabetes" in names and drugs["insulin"] != 2:
        yield f"takes {drugs['insulin']} insulins for type 1 diabetes"
    if any("Pacemaker" in surgery for surgery in patient["surgeries"]) and not names & {
        "Sick sinus syndrome",
        "Complete heart block",
    }:
        yield "has a pacemaker without a reason"
    if any(count > 1 for drug, count in drugs.items() if drug != "insulin"):
        yield f"takes a drug twice: {patient['medications']}"


def insurers_fit(data: SeededSet) -> Iterator[str]:
    """Only the insured have a number, and schemes for an age pay for patients of that age."""
    for patient in data.rows["patients"]:
        provider = patient["insurance_provider"]
        age = age_on(patient["date_of_birth"], data.as_of)
        if (provider is None) != (patient["insurance_number"] is None):
            yield f"{named('patients', patient)}: has the number of no insurer, or none"
        if provider and (
            ("WorkCover" in provider and not OF_AGE <= age < PENSION_AGE)
            or ("NDIS" in provider and age >= PENSION_AGE)
            or ("Veterans" in provider and age < PENSION_AGE - 1)
        ):
            yield f"{named('patients', patient)}: {provider} pays at {age}"
        needs_referral = provider and ("Medicare" in provider or "Veterans" in provider)
        if needs_referral and patient["referral_source"] != "GP referral":
            yield f"{named('patients', patient)}: {provider} pays without a referral"

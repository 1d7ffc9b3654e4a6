"""The medical history of a patient: conditions, surgeries, medications and allergies that fit.

The conditions of a patient are drawn as often as a Poisson distribution says, and repeated ones are
dropped. Each condition then occurs independently of the others, at about its rate.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from math import exp, factorial

from app.seed.data.ages import CHILDHOOD_ENDS
from app.seed.data.history import ALLERGIES, HOW_MANY_ALLERGIES
from app.seed.data.illness import MedicalCondition, Treatment
from app.seed.data.illnesses import (
    CONTRAINDICATIONS,
    DISABILITIES,
    DISABILITIES_OF_CHILDREN,
    MEDICAL_CONDITIONS,
    TREATED_ILLNESSES,
)
from app.seed.data.surgeries import HOW_MANY, SURGERIES, Surgery
from app.seed.people.names import SHARES_OF_SEXES
from app.seed.randomness import RandomDraws, Weighted

ILLNESSES = {illness.name: illness for illness in MEDICAL_CONDITIONS + TREATED_ILLNESSES}
ENDS_OF_AGES = (17, 39, 64, 79)
ENDS_OF_SURGICAL_AGES = tuple(age for age, _ in HOW_MANY)
MOST_ILLNESSES = 9
LONGEST_AGO = 40  # years since a surgery, because methods and their names change


def add_illnesses(
    draws: RandomDraws, illnesses: list[MedicalCondition], age: int, sex: str
) -> None:
    """Draw conditions of an age and sex, beside those that a patient has already."""
    names = {illness.name for illness in illnesses}
    groups = {illness.group for illness in illnesses if illness.group}
    how_many, options = _illnesses_at(age, sex)
    for _ in range(draws.weighted(how_many)):
        drawn = draws.weighted(options)
        if drawn.name not in names and drawn.group not in groups:
            illnesses.append(drawn)
            names.add(drawn.name)
            if drawn.group:
                groups.add(drawn.group)


def add_disability(draws: RandomDraws, illnesses: list[MedicalCondition], age: int) -> None:
    """Draw a disability for which the NDIS pays, unless the patient's plans treat one."""
    options = DISABILITIES_OF_CHILDREN if age < CHILDHOOD_ENDS else DISABILITIES
    if not any(illness in TREATED_ILLNESSES for illness in illnesses):
        illnesses.append(draws.weighted(options))


def medications(draws: RandomDraws, illnesses: Iterable[MedicalCondition], age: int) -> list[str]:
    """Return the medications for conditions, without repeated or contraindicated drugs."""
    present = {illness.name for illness in illnesses}
    taken: list[str] = []
    for illness in illnesses:
        for medication in _treatment(draws, illness, age, present):
            drug = _drug(medication)
            if drug not in present:
                present.add(drug)
                taken.append(medication)
    return taken


def _treatment(
    draws: RandomDraws, illness: MedicalCondition, age: int, present: set[str]
) -> Treatment:
    if age < CHILDHOOD_ENDS:
        return illness.treatment_of_children
    if illness.treatments is None:
        return ()
    drawn = draws.weighted(illness.treatments)
    if _excluded_by(drawn).isdisjoint(present):
        return drawn
    others = illness.treatments.options
    return next((each for each in others if _excluded_by(each).isdisjoint(present)), ())


# Medications are repeated.
@cache
def _excluded_by(treatment: Treatment) -> frozenset[str]:
    """Return the drugs and conditions with which a treatment must not be combined."""
    drugs = {_drug(medication) for medication in treatment}
    return frozenset(
        other for pair in CONTRAINDICATIONS for one, other in (pair, pair[::-1]) if one in drugs
    )


@cache
def _drug(medication: str) -> str:
    """Return the name of a drug without its dose."""
    first, second, *_ = [*medication.split(), ""]
    return f"{first} {second}" if first == "Insulin" else first


def add_surgeries(
    draws: RandomDraws, surgeries: list[str], age: int, sex: str, birth_year: int
) -> None:
    options = _surgeries_until(age, sex)
    drawn: list[Surgery] = []
    for _ in range(draws.weighted(HOW_MANY[bisect_left(ENDS_OF_SURGICAL_AGES, age)][1])):
        surgery = draws.weighted(options)
        if surgery not in drawn:
            drawn.append(surgery)
            surgeries.append(f"{surgery.name} ({birth_year + _age_at(draws, surgery.ages, age)})")


def recent_surgery(draws: RandomDraws, name: str, age: int, birth_year: int) -> str:
    """Return the surgery that a condition needed, within the last ten years."""
    return f"{name} ({birth_year + draws.between(age - 10, age - 1)})"


def _age_at(draws: RandomDraws, ages: tuple[int, int], age: int) -> int:
    return draws.between(max(ages[0], age - LONGEST_AGO), min(ages[1], age - 1))


def allergies(draws: RandomDraws) -> list[str]:
    found: list[str] = []
    for _ in range(draws.weighted(HOW_MANY_ALLERGIES)):
        allergy = draws.weighted(ALLERGIES)
        if allergy not in found:
            found.append(allergy)
    return found


@cache
def _illnesses_at(age: int, sex: str) -> tuple[Weighted[int], Weighted[MedicalCondition]]:
    """Return how many conditions to draw, and the conditions with their rates."""
    band = bisect_left(ENDS_OF_AGES, age)
    rates = [
        (illness, _rate(illness, band, sex))
        for illness in MEDICAL_CONDITIONS
        if age > illness.youngest
    ]
    mean = sum(rate for _, rate in rates)
    how_many = [(n, exp(-mean) * mean**n / factorial(n)) for n in range(MOST_ILLNESSES + 1)]
    return Weighted((n, 1_000 * chance) for n, chance in how_many), Weighted(
        (illness, 1_000 * rate) for illness, rate in rates
    )


def _rate(illness: MedicalCondition, band: int, sex: str) -> float:
    share = illness.women if sex == "female" else 1 - illness.women
    return illness.percent[band] / 100 * share / SHARES_OF_SEXES[sex]


@cache
def _surgeries_until(age: int, sex: str) -> Weighted[Surgery]:
    return Weighted(
        (surgery, surgery.weight)
        for surgery in SURGERIES
        if surgery.ages[0] < age
        and surgery.ages[1] >= age - LONGEST_AGO
        and surgery.sex in {None, sex}
    )

"""Rules of what a patient's file says: age, contacts, medical history and insurance."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, exists, func, or_, select

from app.seed.audit.rule import (
    CHILDREN_BORN_AFTER,
    MOST_NAMESAKES,
    OLDEST_BORN_ON,
    OVER_80_BORN_ON,
    PATIENTS,
    UNDER_64_BORN_AFTER,
    UNDER_65_BORN_AFTER,
    YOUNGEST_BORN_ON,
    Rule,
    repeated,
    table,
)
from app.seed.data.ages import FIRST_AGES
from app.seed.data.funding import SCHEMES, Payer
from app.seed.data.places import STATE
from app.seed.data.referrals import BY_GP

patients = table("patients")
file = patients.c
is_child = file.date_of_birth > CHILDREN_BORN_AFTER
PARENTS = ("Parent", "Guardian")
GENDERS = ("female", "male", "other")
PACEMAKER_REASONS = ("Sick sinus syndrome", "Complete heart block")

same_names = select(
    file.id,
    func.count().over(partition_by=(file.first_name, file.last_name)).label("bearers"),
).subquery()
namesakes = (
    select(func.count()).select_from(same_names).where(same_names.c.bearers > 1).scalar_subquery()
)


def _has(column: ColumnElement[Any], *texts: str) -> ColumnElement[bool]:
    return or_(*(cast(column, Text).like(f"%{text}%") for text in texts))


def _pays(*payers: Payer) -> ColumnElement[bool]:
    return file.insurance_provider.in_([SCHEMES[payer].provider for payer in payers])


def _none(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return ~exists(select(file.id).where(condition))


PATIENT_FILE_RULES = (
    Rule(
        "patients with the same name have different birthdays",
        patients.name,
        repeated(patients, file.first_name, file.last_name, file.date_of_birth),
    ),
    Rule(
        "no three patients have the same name",
        patients.name,
        same_names,
        same_names.c.bearers > 2,  # noqa: PLR2004 - as the name says
    ),
    Rule(
        "about one patient in 200 has the name of another, and none of the first 20",
        patients.name,
        same_names,
        (same_names.c.bearers > 1) & (namesakes > MOST_NAMESAKES),
    ),
    Rule(
        "patients are 5 to 95 years old",
        patients.name,
        patients,
        ~file.date_of_birth.between(OLDEST_BORN_ON, YOUNGEST_BORN_ON),
    ),
    Rule(
        "there is a child and a person over 80 among 20 patients",
        patients.name,
        select(file.id)
        .where(
            len(FIRST_AGES) <= PATIENTS,
            or_(_none(is_child), _none(file.date_of_birth <= OVER_80_BORN_ON)),
        )
        .subquery(),
    ),
    Rule(
        "genders are female, male, other or not stated",
        patients.name,
        patients,
        file.gender.not_in(GENDERS),
    ),
    Rule(
        "the first contact of a child is a parent or guardian",
        patients.name,
        patients,
        is_child
        & func.coalesce(
            file.emergency_contacts[0, "relationship"].as_string().not_in(PARENTS), True
        ),
    ),
    Rule(
        "addresses have the suburb, the state and the postal code",
        patients.name,
        patients,
        file.address.not_like("%, " + file.city + f" {STATE} " + file.postal_code),
    ),
    Rule("patients are active", patients.name, patients, file.status != "active"),
    Rule(
        "no clopidogrel is taken with omeprazole or esomeprazole",
        patients.name,
        patients,
        _has(file.medications, "Clopidogrel") & _has(file.medications, "meprazole"),
    ),
    Rule(
        "no alendronate is taken with reflux disease",
        patients.name,
        patients,
        _has(file.medications, "Alendronate") & _has(file.medical_conditions, "Reflux disease"),
    ),
    Rule(
        "methotrexate is taken with folic acid",
        patients.name,
        patients,
        _has(file.medications, "Methotrexate") & ~_has(file.medications, "Folic acid"),
    ),
    Rule(
        "type 1 diabetes is treated with two insulins",
        patients.name,
        patients,
        _has(file.medical_conditions, "Type 1 diabetes")
        & ~_has(file.medications, "Insulin%Insulin"),
    ),
    Rule(
        "a pacemaker has a reason",
        patients.name,
        patients,
        _has(file.surgeries, "Pacemaker") & ~_has(file.medical_conditions, *PACEMAKER_REASONS),
    ),
    Rule(
        "patients without an insurer have no insurance number, others have one",
        patients.name,
        patients,
        file.insurance_provider.is_(None) != file.insurance_number.is_(None),
    ),
    Rule(
        "WorkCover, NDIS and DVA pay for patients of their age",
        patients.name,
        patients,
        or_(
            _pays(Payer.WORKCOVER) & (is_child | (file.date_of_birth <= UNDER_65_BORN_AFTER)),
            _pays(Payer.NDIS) & (file.date_of_birth <= UNDER_65_BORN_AFTER),
            # Those who turn 65 later in the year of `asOf` are as old as the others of that year.
            _pays(Payer.DVA) & (file.date_of_birth > UNDER_64_BORN_AFTER),
        ),
    ),
    Rule(
        "patients of Medicare and DVA were referred by a general practitioner",
        patients.name,
        patients,
        _pays(Payer.MEDICARE, Payer.DVA) & (file.referral_source != BY_GP),
    ),
)

"""The guarantees of `empty`, `no-patients` and `long-history`."""

from collections import Counter
from datetime import date

from app.database.bulk import Row
from app.seed.scenarios.scenario import ClinicContent
from app.seed.seeders.patients import patient_row
from seed.scenarios.clinic_rows import ClinicRows, Sentence, Sentences
from seed.scenarios.content_changes import alone, both, change, drop, invite, ordinary, with_rows
from seed.scenarios.made import AS_OF, REQUEST

LOADED = (
    "weekly_availability_templates",
    "availability_exceptions",
    "patients",
    "treatment_plans",
    "rooms",
    "appointment_types",
    "appointments",
)
TEN_YEARS_BEFORE = AS_OF.replace(year=AS_OF.year - 10)


def without(table: str) -> Sentence:
    return Sentence(lambda clinic: clinic[table] == [], (ordinary,))


def roles(clinic: ClinicRows) -> list[str]:
    return [str(member["role"]) for member in clinic["members"]]


EMPTY: Sentences = {
    "the owner is the only member": Sentence(
        lambda clinic: roles(clinic) == ["owner"] and len(clinic["users"]) == 1, (ordinary,)
    ),
    "the clinic has no invitations": Sentence(
        lambda clinic: clinic["invitations"] == [], (invite,)
    ),
    **{f"the clinic has no {table.replace('_', ' ')}": without(table) for table in LOADED},
}
NO_PATIENTS: Sentences = {
    "the clinic has several practitioners": Sentence(
        lambda clinic: len(clinic["members"]) > 1, (alone,)
    ),
    "the clinic has no patients": without("patients"),
    "the clinic has no treatment plans": without("treatment_plans"),
    "the clinic has no appointments": without("appointments"),
}


def second_patient(content: ClinicContent) -> ClinicContent:
    return with_rows(content, "patients", [*content.rows["patients"], patient_row(REQUEST, 999)])


def plans_by_status(clinic: ClinicRows) -> Counter[str]:
    return Counter(str(plan["status"]) for plan in clinic["treatment_plans"])


def is_of_last_plan(row: Row) -> bool:
    """The plans begin in order, 27 weeks apart."""
    start: date = row.get("start_date", row.get("date"))
    return (AS_OF - start).days < 100


def patients_of(clinic: ClinicRows, table: str) -> set[object]:
    return {row["patient_id"] for row in clinic[table]}


LONG_HISTORY: Sentences = {
    "the clinic has one patient": Sentence(
        lambda clinic: len(clinic["patients"]) == 1, (second_patient,)
    ),
    "the patient has 20 treatment plans": Sentence(
        lambda clinic: (
            len(clinic["treatment_plans"]) == 20
            and patients_of(clinic, "treatment_plans") == {clinic["patients"][0]["id"]}
        ),
        (both(drop("appointments", is_of_last_plan), drop("treatment_plans", is_of_last_plan)),),
    ),
    "the patient has 300 appointments": Sentence(
        lambda clinic: (
            len(clinic["appointments"]) == 300
            and patients_of(clinic, "appointments") == {clinic["patients"][0]["id"]}
        ),
        (drop("appointments", lambda row: row["date"] > AS_OF),),
    ),
    "one plan of the patient is ongoing, and all others are completed": Sentence(
        lambda clinic: plans_by_status(clinic) == {"ongoing": 1, "completed": 19},
        (
            change("treatment_plans", is_of_last_plan, lambda _: {"status": "paused"}),
            change("treatment_plans", lambda _: True, lambda _: {"status": "ongoing"}),
        ),
    ),
    "the patient had appointments ten years before asOf, and has some after it": Sentence(
        lambda clinic: (
            min(row["date"] for row in clinic["appointments"]) <= TEN_YEARS_BEFORE
            and max(row["date"] for row in clinic["appointments"]) > clinic.as_of
        ),
        (
            drop("appointments", lambda row: row["date"] <= TEN_YEARS_BEFORE),
            drop("appointments", lambda row: row["date"] > AS_OF),
        ),
    ),
}

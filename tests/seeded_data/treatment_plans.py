"""Rules for treatment plans."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from seeded_data.holidays import is_workday
from seeded_data.seeded_set import SeededSet, age_on, named, repeated

OF_AGE = 18
PLANS_AT_MOST = 5
PLAN_LENGTH_SLACK_DAYS = 14


def patients_have_their_plans(data: SeededSet) -> Iterator[str]:
    """Every patient has as many plans as were asked for, and 5 at most."""
    wanted = data.volumes.plans_per_patient
    for patient_id, plans in data.plans.items():
        if len(plans) != wanted or len(plans) > PLANS_AT_MOST:
            yield f"patients {patient_id}: has {len(plans)} plans instead of {wanted}"


def plans_of_a_patient_differ_in_status(data: SeededSet) -> Iterator[str]:
    """The statuses of a patient's plans are all different."""
    for plans in data.plans.values():
        yield from repeated((named("treatment_plans", plan), plan["status"]) for plan in plans)


def patients_have_one_ongoing_plan(data: SeededSet) -> Iterator[str]:
    """Exactly one plan of a patient is ongoing."""
    for patient_id, plans in data.plans.items():
        ongoing = sum(plan["status"] == "ongoing" for plan in plans)
        if plans and ongoing != 1:
            yield f"patients {patient_id}: has {ongoing} ongoing plans"


def plans_of_a_patient_differ_in_title(data: SeededSet) -> Iterator[str]:
    """No patient has two plans of the same title."""
    for plans in data.plans.values():
        yield from repeated((named("treatment_plans", plan), plan["title"]) for plan in plans)


def plans_are_in_the_organization_of_the_patient(data: SeededSet) -> Iterator[str]:
    """A plan is in its patient's organization."""
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        if patient and patient["organization_id"] != plan["organization_id"]:
            yield f"{named('treatment_plans', plan)}: is not in its patient's organization"


def therapists_are_in_the_organization(data: SeededSet) -> Iterator[str]:
    """A plan's therapist is from the patient's organization."""
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        if patient and (patient["organization_id"], plan["therapist_id"]) not in data.memberships:
            yield f"{named('treatment_plans', plan)}: its therapist is not in the organization"


def therapists_share_the_load(data: SeededSet) -> Iterator[str]:
    """Within an organization, the numbers of plans of two therapists differ by one at most."""
    plans = Counter(
        (plan["organization_id"], plan["therapist_id"]) for plan in data.rows["treatment_plans"]
    )
    loads: defaultdict[UUID, list[int]] = defaultdict(list)
    for organization_id, user_id in data.memberships:
        loads[organization_id].append(plans[organization_id, user_id])
    for organization_id, numbers in loads.items():
        if max(numbers) - min(numbers) > 1:
            yield f"organizations {organization_id}: therapists have {sorted(numbers)} plans"


def plans_start_before_they_end(data: SeededSet) -> Iterator[str]:
    """A plan's start is not after its end."""
    for plan in data.rows["treatment_plans"]:
        if plan["end_date"] is not None and plan["start_date"] > plan["end_date"]:
            yield f"{named('treatment_plans', plan)}: ends before {plan['start_date']}"


def plan_dates_fit_the_status(data: SeededSet) -> Iterator[str]:
    """Completed plans ended in the past, planned ones are to come, the others have started."""
    as_of = data.as_of
    for plan in data.rows["treatment_plans"]:
        started = plan["start_date"] <= as_of
        ended = plan["end_date"] is not None and plan["end_date"] < as_of
        coherent = {
            "completed": ended,
            "planned": not started,
            "ongoing": started and not ended,
            "paused": started,
        }
        if not coherent.get(plan["status"], True):
            yield (
                f"{named('treatment_plans', plan)}: {plan['status']} from"
                f" {plan['start_date']} to {plan['end_date']}, as of {as_of}"
            )


def plans_begin_on_workdays(data: SeededSet) -> Iterator[str]:
    """A plan starts, and its prescription is written, from Monday to Friday and on no holiday."""
    for plan in data.rows["treatment_plans"]:
        for column in ("start_date", "prescription_date"):
            if plan[column] is not None and not is_workday(plan[column]):
                yield f"{named('treatment_plans', plan)}: {column} is {plan[column]}"


def children_have_plans_for_children(data: SeededSet) -> Iterator[str]:
    """A title is for patients under 18, or for those of age."""
    of_age: dict[str, bool] = {}
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        if patient:
            adult = age_on(patient["date_of_birth"], data.as_of) >= OF_AGE
            if of_age.setdefault(plan["title"], adult) != adult:
                yield f"{named('treatment_plans', plan)}: {plan['title']!r} is for other ages"


def patients_who_pay_need_no_cover(data: SeededSet) -> Iterator[str]:
    """Plans of patients without an insurer need none."""
    for plan in data.rows["treatment_plans"]:
        patient = data.patients.get(plan["patient_id"])
        pays = patient and patient["insurance_provider"] is None
        if pays and plan["coverage_status"] != "not_required":
            yield f"{named('treatment_plans', plan)}: is {plan['coverage_status']}"


def prescriptions_precede_their_plan(data: SeededSet) -> Iterator[str]:
    """A prescription is not later than the plan's start, nor in the future."""
    for plan in data.rows["treatment_plans"]:
        prescribed_on = plan["prescription_date"]
        if prescribed_on is not None and prescribed_on > min(plan["start_date"], data.as_of):
            yield f"{named('treatment_plans', plan)}: prescribed only on {prescribed_on}"


def patients_are_born_first(data: SeededSet) -> Iterator[str]:
    """A patient was born before every date of the plans."""
    for patient_id, plans in data.plans.items():
        born_on = data.patients[patient_id]["date_of_birth"]
        for plan in plans:
            for column in ("prescription_date", "start_date", "end_date"):
                if plan[column] is not None and plan[column] <= born_on:
                    yield f"{named('treatment_plans', plan)}: {column} is not after {born_on}"


def plans_have_sessions(data: SeededSet) -> Iterator[str]:
    """The number of sessions and their frequency are positive."""
    for plan in data.rows["treatment_plans"]:
        for column in ("number_of_sessions", "session_frequency"):
            if plan[column] < 1:
                yield f"{named('treatment_plans', plan)}: {column} is {plan[column]}"


def plan_length_fits_its_sessions(data: SeededSet) -> Iterator[str]:
    """A plan lasts the weeks that its sessions take, give or take two.

    Cancelled and paused plans may last as long as they like.
    """
    for plan in data.rows["treatment_plans"]:
        if plan["end_date"] is None or plan["status"] in ("cancelled", "paused"):
            continue
        if plan["session_frequency"] < 1:
            continue
        length = plan["end_date"] - plan["start_date"]
        weeks = math.ceil(Fraction(plan["number_of_sessions"], plan["session_frequency"]))
        if abs(length - timedelta(weeks=weeks)).days > PLAN_LENGTH_SLACK_DAYS:
            yield f"{named('treatment_plans', plan)}: lasts {length.days} days for {weeks} weeks"


def plan_texts_belong_together(data: SeededSet) -> Iterator[str]:
    """A title has one diagnosis and one objective throughout the set, and the other way round."""
    for one, other in (
        ("title", "diagnosis"),
        ("title", "objective"),
        ("diagnosis", "title"),
        ("objective", "title"),
    ):
        seen: dict[str, str] = {}
        for plan in data.rows["treatment_plans"]:
            expected = seen.setdefault(plan[one], plan[other])
            if plan[other] != expected:
                yield (
                    f"{named('treatment_plans', plan)}: {one} {plan[one]!r} has the {other}"
                    f" {plan[other]!r} here and {expected!r} elsewhere"
                )

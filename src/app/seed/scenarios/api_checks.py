"""Apply the rules of the API to the rows of a scenario, as the seeders do to theirs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from app.database.bulk import Row
from app.seed.api_rules import check_birth, check_conflicts, check_plan
from app.seed.appointment_rules import check_appointments, hours_of
from app.seed.scenarios.scenario import ClinicContent

Groups = Mapping[Any, Sequence[Row]]


def checked(content: ClinicContent, as_of: date) -> ClinicContent:
    """Return the content. Raise `AuditFailed` if it has a row that the API would have refused."""
    rows = content.rows
    births = {row["id"]: check_birth(row, as_of)["date_of_birth"] for row in rows["patients"]}
    for plan in rows["treatment_plans"]:
        check_plan(plan, births[plan["patient_id"]], as_of)
    for kind, day in (("weekly_templates", "day_of_week"), ("availability_exceptions", "date")):
        of_users = _grouped(rows[kind], "user_id").values()
        _run(chain.from_iterable(check_conflicts(slots, day) for slots in of_users))
    _check_appointments(rows, as_of)
    return content


def _check_appointments(rows: Mapping[str, Sequence[Row]], as_of: date) -> None:
    templates = _grouped(rows["weekly_templates"], "organization_id", "user_id")
    exceptions = _grouped(rows["availability_exceptions"], "organization_id", "user_id")
    appointments = _grouped(rows["appointments"], "organization_id", "therapist_id")
    for practitioner, booked in appointments.items():
        hours = hours_of(templates.get(practitioner, ()), exceptions.get(practitioner, ()))
        _run(check_appointments(booked, hours, as_of))


def _grouped(rows: Iterable[Row], *columns: str) -> Groups:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        found.setdefault(key, []).append(row)
    return found


def _run(rows: Iterable[Row]) -> None:
    for _ in rows:
        pass

"""The appointments that a refused change would affect, in its problem document."""

from typing import Any

from app.console.api import Api
from app.console.appointments import NO_PATIENT, read_patients

AFFECTED = "appointments"
MOST_SHOWN = 10


async def name_patients(api: Api, problem: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the names of the patients whose appointments a page lists."""
    if AFFECTED not in problem:
        return problem
    shown = problem[AFFECTED][:MOST_SHOWN]
    names = await read_patients(api, {row["patientId"] for row in shown})
    named = [row | {"patient": names.get(row["patientId"], NO_PATIENT)} for row in shown]
    return problem | {AFFECTED: named}

"""The data set in figures, as it is answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from app.clinic.treatment_plans.models import PlanStatus
from app.web.schemas import ResponseBody

CLINICS = 20
PRACTITIONERS = 30
DIAGNOSES = 20


class Totals(ResponseBody):
    clinics: int
    practitioners: int
    patients: int
    plans: int


class ClinicFigures(ResponseBody):
    id: UUID
    name: str
    patients: int
    practitioners: int


class PractitionerFigures(ResponseBody):
    id: UUID
    name: str
    organization_id: UUID
    clinic: str
    patients: int
    plans: int


class StatusFigures(ResponseBody):
    status: PlanStatus
    plans: int


class AgeFigures(ResponseBody):
    from_: int = field(name="from")
    to: int
    patients: int


class DiagnosisFigures(ResponseBody):
    diagnosis: str
    plans: int


class DataSetFigures(ResponseBody):
    """Nothing that was deleted counts, nor do the plans of a patient who was."""

    totals: Totals
    clinics: Annotated[
        list[ClinicFigures],
        Meta(description=f"The {CLINICS} with the most patients, by name if they have as many."),
    ]
    practitioners: Annotated[
        list[PractitionerFigures],
        Meta(
            description=f"The {PRACTITIONERS} with the most patients among those who have any, by "
            "name if they have as many; who treats at two clinics counts at each."
        ),
    ]
    plans_by_status: Annotated[
        list[StatusFigures], Meta(description="Every status, also one that no plan has.")
    ]
    as_of: Annotated[
        date, Meta(description="The day of `ages`: that of the last seed, or else today in UTC.")
    ]
    ages: Annotated[
        list[AgeFigures],
        Meta(
            description="From the youngest to the oldest; `from` and `to` are whole years. "
            "Who is born after `asOf` counts among the youngest."
        ),
    ]
    diagnoses: Annotated[
        list[DiagnosisFigures],
        Meta(description=f"The {DIAGNOSES} that the most plans have, in order."),
    ]

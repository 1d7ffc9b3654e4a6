"""The statistics of the data set, as the response has them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.treatment_plans.models import PlanStatus
from app.web.schemas import ResponseBody

CLINICS = 20
PRACTITIONERS = 30
DIAGNOSES = 20
BOOKED_DAYS = 28


class Totals(ResponseBody):
    clinics: int
    practitioners: int
    patients: int
    plans: int
    appointments: int


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


class AppointmentStatusFigures(ResponseBody):
    status: AppointmentStatus
    appointments: int


class BookedHoursFigures(ResponseBody):
    id: UUID
    name: str
    organization_id: UUID
    clinic: str
    booked_minutes: Annotated[
        int, Meta(description="Of appointments that are neither cancelled nor missed.")
    ]
    offered_minutes: Annotated[
        int, Meta(description="Of the weekly templates, as changed by availability exceptions.")
    ]


class AgeFigures(ResponseBody):
    from_: int = field(name="from")
    to: int
    patients: int


class DiagnosisFigures(ResponseBody):
    diagnosis: str
    plans: int


class DataSetFigures(ResponseBody):
    """Deleted patients and plans do not count, nor do the plans of deleted patients."""

    totals: Totals
    clinics: Annotated[
        list[ClinicFigures],
        Meta(description=f"The {CLINICS} with the most patients; ties are sorted by name."),
    ]
    practitioners: Annotated[
        list[PractitionerFigures],
        Meta(
            description=f"The {PRACTITIONERS} with the most patients; ties are sorted by name. "
            "Those without patients are left out. A practitioner of two clinics is listed for each."
        ),
    ]
    plans_by_status: Annotated[
        list[StatusFigures], Meta(description="All statuses, including those without plans.")
    ]
    appointments_by_status: Annotated[
        list[AppointmentStatusFigures],
        Meta(description="All statuses, including those without appointments."),
    ]
    booked_hours: Annotated[
        list[BookedHoursFigures],
        Meta(
            description=f"The {PRACTITIONERS} practitioners with the most booked time in the "
            f"{BOOKED_DAYS} days from `asOf` on; ties are sorted by name. Those without "
            "appointments are included. A practitioner of two clinics is listed for each."
        ),
    ]
    as_of: Annotated[
        date,
        Meta(
            description="The date of `ages` and `bookedHours`: that of the last seed, or else "
            "today in UTC."
        ),
    ]
    ages: Annotated[
        list[AgeFigures],
        Meta(
            description="From the youngest to the oldest; `from` and `to` are whole years. "
            "Patients born after `asOf` count among the youngest."
        ),
    ]
    diagnoses: Annotated[
        list[DiagnosisFigures],
        Meta(description=f"The {DIAGNOSES} most frequent ones, in order."),
    ]

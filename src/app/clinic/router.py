"""The clinic API under `/api`, for members of the active organization."""

from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import ClientException
from litestar.openapi.spec import Tag

from app.auth.authentication import provide_signed_in
from app.auth.caller import provide_caller
from app.clinic.appointment_types.controller import AppointmentTypeController
from app.clinic.appointments.controller import AppointmentController
from app.clinic.availability.controllers.effective import EffectiveController
from app.clinic.availability.controllers.exceptions import ExceptionController
from app.clinic.availability.controllers.team import TeamController
from app.clinic.availability.controllers.templates import TemplateController
from app.clinic.changes import provide_change
from app.clinic.patients.controller import PatientController
from app.clinic.rooms.controller import RoomController
from app.clinic.routes import HINTS
from app.clinic.treatment_plans.controller import TreatmentPlanController
from app.web.problem_details import invalid_request, problem_response
from app.web.query_parameters import refuse_unknown_parameters

CLINIC_TAGS = [
    Tag(
        "Availability",
        "When practitioners can be booked: weekly templates and exceptions.",
    ),
    Tag("Patients", "The patients of the clinic, with contact data and medical history."),
    Tag("Treatment plans", "Planned, ongoing and past treatments of the patients."),
    Tag("Appointments", "Booked, past and cancelled sessions of patients with practitioners."),
    Tag("Rooms", "Where patients are treated. Owners and admins can change them."),
    Tag(
        "Appointment types",
        "What can be booked, and for how long. Owners and admins can change them.",
    ),
]


def _refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return problem_response(request, invalid_request(error, HINTS))


clinic = Router(
    path="/api",
    route_handlers=[
        TemplateController,
        ExceptionController,
        EffectiveController,
        TeamController,
        PatientController,
        TreatmentPlanController,
        RoomController,
        AppointmentTypeController,
        AppointmentController,
    ],
    guards=[refuse_unknown_parameters],
    dependencies={
        "caller": Provide(provide_caller),
        "change": Provide(provide_change),
        "signed_in": Provide(provide_signed_in),
    },
    exception_handlers={ClientException: _refuse_invalid},
)

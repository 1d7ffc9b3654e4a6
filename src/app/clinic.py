"""The API of a clinic: what stands under `/api` for the members of the active organization."""

from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import ValidationException
from litestar.openapi.spec import Tag

from app.auth.authentication import provide_signed_in
from app.auth.caller import provide_caller
from app.availability.controllers.effective import EffectiveController
from app.availability.controllers.exceptions import ExceptionController
from app.availability.controllers.templates import TemplateController
from app.errors import UnusableRequest
from app.patients.controller import PatientController
from app.problems import answer_problem, describe_invalid
from app.treatment_plans.controller import TreatmentPlanController

CLINIC_TAGS = [
    Tag("Availability", "When practitioners can be booked: hours every week, and other dates."),
    Tag("Patients", "Whom the clinic treats: how to reach them, and their medical history."),
    Tag("Treatment plans", "What is done for a patient, by whom, when, and who pays."),
]

TIME = "must be a time of day from 00:00:00 to 23:59:59, with its seconds"
DAY = "must be a day that exists, written YYYY-MM-DD"
HINTS = {
    **dict.fromkeys(("startTime", "endTime"), TIME),
    **dict.fromkeys(("from", "to", "date", "dateOfBirth"), DAY),
    **dict.fromkeys(("startDate", "endDate", "prescriptionDate"), DAY),
    "ifMatch": "the header If-Match takes `*`, or an ETag as it was answered, with its quotes",
}


def _refuse_invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    return answer_problem(request, UnusableRequest(describe_invalid(error, HINTS)))


clinic = Router(
    path="/api",
    route_handlers=[
        TemplateController,
        ExceptionController,
        EffectiveController,
        PatientController,
        TreatmentPlanController,
    ],
    dependencies={"caller": Provide(provide_caller), "signed_in": Provide(provide_signed_in)},
    exception_handlers={ValidationException: _refuse_invalid},
)

"""The API of a clinic: what stands under `/api` for the members of the active organization."""

from litestar import Router
from litestar.di import Provide
from litestar.openapi.spec import Tag

from app.auth.authentication import provide_signed_in
from app.auth.caller import provide_caller
from app.availability.controller import (
    EffectiveController,
    ExceptionController,
    TemplateController,
)
from app.patients.controller import PatientController
from app.treatment_plans.controller import TreatmentPlanController

CLINIC_TAGS = [
    Tag("Availability", "When practitioners can be booked: hours every week, and other dates."),
    Tag("Patients", "Whom the clinic treats: how to reach them, and their medical history."),
    Tag("Treatment plans", "What is done for a patient, by whom, when, and who pays."),
]

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
)

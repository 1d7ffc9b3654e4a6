"""The console: web pages in development, at `/`."""

from pathlib import Path

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import ClientException, MethodNotAllowedException, NotFoundException
from litestar.types import ExceptionHandlersMap

from app.console.api import ApiProblem
from app.console.controllers.appointment_list import AppointmentListController
from app.console.controllers.appointment_types import TypeFormsController
from app.console.controllers.appointments import AppointmentPagesController
from app.console.controllers.availability import AvailabilityController
from app.console.controllers.booking import BookingController
from app.console.controllers.calendar import CalendarController
from app.console.controllers.data_set import DataSetController
from app.console.controllers.overview import OverviewController
from app.console.controllers.patient_forms import PatientFormsController
from app.console.controllers.patients import PatientsController
from app.console.controllers.people import PeopleController
from app.console.controllers.plan_forms import PlanFormsController
from app.console.controllers.rooms import RoomsController
from app.console.controllers.slots import SlotController
from app.console.controllers.snapshots import SnapshotsController
from app.console.controllers.team import TeamPageController
from app.console.controllers.treatment_plans import TreatmentPlansController
from app.console.view import (
    provide_view,
    set_page_headers,
    show_client_error,
    show_not_found,
    show_problem,
    show_refused,
)
from app.errors import Refused

console = Router(
    path="/",
    route_handlers=[
        DataSetController,
        SnapshotsController,
        PeopleController,
        AvailabilityController,
        TeamPageController,
        SlotController,
        CalendarController,
        AppointmentListController,
        AppointmentPagesController,
        BookingController,
        PatientsController,
        PatientFormsController,
        TreatmentPlansController,
        PlanFormsController,
        RoomsController,
        TypeFormsController,
        OverviewController,
    ],
    before_request=set_page_headers,
    dependencies={"view": Provide(provide_view)},
    exception_handlers={
        ApiProblem: show_problem,
        ClientException: show_client_error,
        Refused: show_refused,
    },
    include_in_schema=False,
)
# For the whole application, because no router handles a path that it does not have.
NOT_FOUND_PAGES: ExceptionHandlersMap = {
    NotFoundException: show_not_found,
    MethodNotAllowedException: show_not_found,
}
FILES = Path(__file__).parent / "static"

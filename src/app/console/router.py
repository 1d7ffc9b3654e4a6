"""The console: pages for people who would rather look, in development, at `/`."""

from pathlib import Path

from litestar import Router
from litestar.di import Provide
from litestar.static_files import create_static_files_router

from app.console.api import ApiProblem
from app.console.controllers.availability import AvailabilityController
from app.console.controllers.glance import GlanceController
from app.console.controllers.patients import PatientsController
from app.console.controllers.people import PeopleController
from app.console.controllers.seed import SeedPageController
from app.console.view import add_page_headers, provide_view, show_problem

console = Router(
    path="/",
    route_handlers=[
        SeedPageController,
        PeopleController,
        AvailabilityController,
        PatientsController,
        GlanceController,
    ],
    before_request=add_page_headers,
    dependencies={"view": Provide(provide_view)},
    exception_handlers={ApiProblem: show_problem},
    include_in_schema=False,
)
console_files = create_static_files_router(
    path="/console", directories=[Path(__file__).parent / "static"], include_in_schema=False
)

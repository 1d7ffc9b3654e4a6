"""Create the application."""

from importlib.metadata import version
from pathlib import Path

import litestar_offline_docs
from litestar import Litestar, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components
from litestar.response import Redirect

from app.assembly import TEST_STATE, assemble
from app.auth.openapi import SECURITY_SCHEMES, TAGS
from app.auth.router import identity
from app.clinic.appointments.errors import AppointmentDetails
from app.clinic.availability.errors import SlotConflictDetails
from app.clinic.errors import StatusChangeDetails
from app.clinic.router import CLINIC_TAGS, clinic
from app.console.on_demand import ConsoleOnDemand
from app.logs import configure_logging, get_logger
from app.seed.errors import SeedErrorDetails
from app.seed.openapi import TAG as SEED_TAG
from app.seed.openapi import is_seed_example
from app.settings import DEFAULT_DATABASE_FILE, Environment, Settings
from app.snapshots.openapi import TAG as SNAPSHOT_TAG
from app.test_clinics.openapi import TAG as TEST_CLINIC_TAG
from app.test_clock.openapi import TAG as TEST_CLOCK_TAG
from app.test_sessions.openapi import TAG as TEST_SESSION_TAG
from app.variables import InvalidSettings
from app.web.files import serve_files
from app.web.headers import (
    ASSETS,
    OpenAPIFile,
    SwaggerPage,
)
from app.web.health import TAG as HEALTH_TAG
from app.web.health import HealthController
from app.web.openapi import DocumentRoutes
from app.web.prefix import link
from app.web.problem_details import (
    define_problem_details,
)

log = get_logger(__name__)

HASHES_FILE = DEFAULT_DATABASE_FILE.with_name("seed-hashes")
ABOUT = """\
Backend for physiotherapy clinics.

An unknown query parameter is refused with 400, except under `/api/auth`, which ignores it as \
Better Auth does. Each path that takes GET also takes HEAD.
"""
ABOUT_SEEDING = """

1. Fill the development database with **POST /api/db/seed**: *Try it out*, *Execute*. \
The response lists under `signIn` who you can sign in as.
2. Sign in with **POST /api/auth/sign-in/email**, as the user of the example or as another one. \
The browser keeps the cookie. Or press *Authorize* and enter the `token` of the response.
3. Try the rest. The examples use the clinic of that user in the default data set; \
restore the snapshot `seeded` to undo your changes.
"""


TEST_STATE_TAGS = [SEED_TAG, SNAPSHOT_TAG, TEST_SESSION_TAG, TEST_CLINIC_TAG, TEST_CLOCK_TAG]

ProblemDetails = define_problem_details(
    SlotConflictDetails, AppointmentDetails, StatusChangeDetails, SeedErrorDetails
)


def create_app(settings: Settings) -> Litestar:
    """Create the application with all routes; `ConsoleOnDemand` adds those of the console."""
    assets = serve_files(ASSETS, Path(litestar_offline_docs.__file__).parent / "static")
    may_seed = settings.environment is not Environment.PRODUCTION
    test_state = Router(path="/", route_handlers=TEST_STATE, include_in_schema=may_seed)
    front = [] if may_seed else [open_documentation]
    app = assemble(
        settings,
        [*front, test_state, identity, clinic, HealthController, assets],
        plugins=[
            DocumentRoutes(ProblemDetails)
            if may_seed
            else DocumentRoutes(ProblemDetails, is_seed_example)
        ],
        openapi_config=OpenAPIConfig(
            title="Seedbed",
            version=version("seedbed"),
            description=ABOUT + ABOUT_SEEDING * may_seed,
            tags=[*TEST_STATE_TAGS * may_seed, *TAGS, *CLINIC_TAGS, HEALTH_TAG],
            components=Components(security_schemes={**SECURITY_SCHEMES}),
            render_plugins=[
                SwaggerPage(
                    has_console=may_seed,
                    js_url=f"{ASSETS}/swagger-ui-bundle.js",
                    css_url=f"{ASSETS}/swagger-ui.css",
                    standalone_preset_js_url=f"{ASSETS}/swagger-ui-standalone-preset.js",
                    favicon='<link rel="icon" href="data:,">',
                ),
                OpenAPIFile(),
            ],
        ),
    )
    if may_seed:
        app.asgi_handler = ConsoleOnDemand(app.asgi_handler, app)
    return app


def application() -> Litestar:
    """Create the application for a server, with the settings of the environment."""
    configure_logging()
    try:
        settings = Settings.from_environment()
    except InvalidSettings as error:
        raise SystemExit(f"Refused. The server was not started. {error}") from None
    if settings.environment is Environment.PRODUCTION and not settings.allowed_hosts:
        log.warning("ALLOWED_HOSTS is empty, so users cannot sign in by a host name")
    return create_app(settings)


@get("/", include_in_schema=False)
async def open_documentation() -> Redirect:
    return Redirect(link("/schema/swagger"))

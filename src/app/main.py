"""Create the application."""

from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

import litestar_offline_docs
from litestar import Litestar, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import InternalServerException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.attempts import Attempts
from app.auth.error_codes import error_response
from app.auth.openapi import SECURITY_SCHEMES, TAGS
from app.auth.passwords import Passwords
from app.auth.router import identity
from app.clinic.appointments.errors import AppointmentDetails
from app.clinic.availability.errors import SlotConflictDetails
from app.clinic.errors import StatusChangeDetails
from app.clinic.router import CLINIC_TAGS, clinic
from app.console.router import FILES as CONSOLE_FILES
from app.console.router import NOT_FOUND_PAGES, console
from app.console.templating import template_config
from app.database.engine import EndTransactions, create_engine, provide_session
from app.database.identity import find_identity
from app.lifespan import counting_attempts, using_engine
from app.logs import RequestLog, configure_logging, get_logger
from app.seed.controller import SeedController
from app.seed.errors import SeedErrorDetails
from app.seed.last_seed import find_history
from app.seed.openapi import TAG as SEED_TAG
from app.seed.openapi import is_seed_example
from app.seed.prepared_hashes import PreparedHashes
from app.settings import DEFAULT_DATABASE_FILE, Environment, Settings
from app.snapshots.controller import SnapshotController
from app.snapshots.openapi import TAG as SNAPSHOT_TAG
from app.telemetry.plugins import telemetry_plugins
from app.test_clinics.controller import TestClinicController
from app.test_clinics.openapi import TAG as TEST_CLINIC_TAG
from app.test_clock.controller import TestClockController
from app.test_clock.openapi import TAG as TEST_CLOCK_TAG
from app.test_clock.requests import TimeOfTestClock
from app.test_sessions.controller import TestSessionController
from app.test_sessions.openapi import TAG as TEST_SESSION_TAG
from app.variables import InvalidSettings
from app.web.bodies import MAX_BODY_BYTES, reject_large_bodies
from app.web.body_checks import check_body
from app.web.headers import (
    ASSETS,
    OpenAPIFile,
    SwaggerPage,
    cors_config,
    security_headers,
)
from app.web.health import TAG as HEALTH_TAG
from app.web.health import HealthController
from app.web.methods import HeadAsGet, complete_allow_header
from app.web.openapi import DocumentRoutes
from app.web.prefix import StripPrefix, link
from app.web.problem_details import (
    CONVERSIONS,
    define_problem_details,
    not_found_response,
)
from app.web.request_guard import refuse_untrusted
from app.web.schemas import Instant

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
    assets = serve_files(ASSETS, Path(litestar_offline_docs.__file__).parent / "static")
    may_seed = settings.environment is not Environment.PRODUCTION
    seeding = Router(
        path="/",
        route_handlers=[
            SeedController,
            SnapshotController,
            TestSessionController,
            TestClinicController,
            TestClockController,
        ],
        include_in_schema=may_seed,
    )
    front = [console, serve_files("/console", CONSOLE_FILES)] if may_seed else [open_documentation]
    app = Litestar(
        route_handlers=[*front, seeding, identity, clinic, HealthController, assets],
        guards=[refuse_untrusted],
        cors_config=cors_config(settings),
        dependencies={
            "attempts": provide_attempts,
            "engine": Provide(provide_engine, sync_to_thread=False),
            "passwords": Provide(provide_passwords, sync_to_thread=False),
            "seed_hashes": Provide(provide_seed_hashes, sync_to_thread=False),
            "session": provide_session,
            "settings": Provide(provide_settings, sync_to_thread=False),
        },
        lifespan=[using_engine, counting_attempts],
        plugins=[
            DocumentRoutes(ProblemDetails)
            if may_seed
            else DocumentRoutes(ProblemDetails, is_seed_example),
            *telemetry_plugins(settings),
        ],
        logging_config=None,
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
        before_request=check_body,
        before_send=[security_headers(settings), complete_allow_header, reject_large_bodies],
        # A status takes precedence over a type, so controllers that handle exceptions keep the 413.
        exception_handlers={
            **dict.fromkeys([*CONVERSIONS, HTTPStatus.REQUEST_ENTITY_TOO_LARGE], error_response),
            **(NOT_FOUND_PAGES if may_seed else {}),
        },
        request_max_body_size=MAX_BODY_BYTES,
        template_config=template_config(),
        type_encoders={Instant: Instant.to_text},
        state=create_state(settings),
    )
    # Litestar does not call its middleware for unknown paths.
    handler: ASGIApp = EndTransactions(HeadAsGet(app.asgi_handler))
    if may_seed:
        handler = TimeOfTestClock(handler, app)
    routes = [route.path for route in app.routes]
    app.asgi_handler = StripPrefix(RequestLog(handler), routes)
    return app


def create_state(settings: Settings) -> State:
    """Return what the requests of one application share."""
    passwords = Passwords(settings.environment)
    is_development = settings.environment is Environment.DEVELOPMENT
    may_seed = settings.environment is not Environment.PRODUCTION
    return State(
        {
            "attempts": Attempts(settings.rate_limit_storage, has_snapshots=may_seed),
            "engine": create_engine(settings.database_url),
            "passwords": passwords,
            "seed_hashes": PreparedHashes(passwords, HASHES_FILE if is_development else None),
            "settings": settings,
        }
    )


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


def serve_files(path: str, folder: Path) -> Router:
    return create_static_files_router(
        path=path,
        directories=[folder],
        include_in_schema=False,
        # An invalid file name is a 404 as well.
        exception_handlers=dict.fromkeys(
            [OSError, ValueError, InternalServerException], not_found_response
        ),
    )


@get("/", include_in_schema=False)
async def open_documentation() -> Redirect:
    return Redirect(link("/schema/swagger"))


async def provide_attempts(state: State) -> Attempts:
    """Return the counts of attempts on this database, as a seed or a restore left them."""
    attempts: Attempts = state.attempts
    if state.settings.environment is not Environment.PRODUCTION:
        await attempts.follow(partial(find_history, state.engine))
    await attempts.identify(partial(find_identity, state.engine))
    return attempts


def provide_engine(state: State) -> AsyncEngine:
    engine: AsyncEngine = state.engine
    return engine


def provide_passwords(state: State) -> Passwords:
    passwords: Passwords = state.passwords
    return passwords


def provide_seed_hashes(state: State) -> PreparedHashes:
    seed_hashes: PreparedHashes = state.seed_hashes
    return seed_hashes


def provide_settings(state: State) -> Settings:
    settings: Settings = state.settings
    return settings

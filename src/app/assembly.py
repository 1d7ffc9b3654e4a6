"""Create an application with some of the routes, and with what all requests need."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.plugins import PluginProtocol
from litestar.types import ASGIApp, ControllerRouterHandler

from app.auth.attempts import Attempts
from app.auth.error_codes import error_response
from app.auth.passwords import Passwords
from app.database.engine import EndTransactions, create_engine, provide_session
from app.database.identity import find_identity
from app.lifespan import counting_attempts, using_engine
from app.logs import RequestLog
from app.seed.controller import SeedController
from app.seed.last_seed import find_history
from app.seed.prepared_hashes import PreparedHashes
from app.settings import DEFAULT_DATABASE_FILE, Environment, Settings
from app.snapshots.controller import SnapshotController
from app.telemetry.plugins import telemetry_plugins
from app.test_clinics.controller import TestClinicController
from app.test_clock.controller import TestClockController
from app.test_clock.requests import TimeOfTestClock
from app.test_sessions.controller import TestSessionController
from app.web.bodies import MAX_BODY_BYTES, reject_large_bodies
from app.web.body_checks import check_body
from app.web.headers import cors_config, security_headers
from app.web.methods import HeadAsGet, complete_allow_header
from app.web.prefix import StripPrefix
from app.web.problem_details import CONVERSIONS
from app.web.request_guard import refuse_untrusted
from app.web.schemas import Instant

HASHES_FILE = DEFAULT_DATABASE_FILE.with_name("seed-hashes")
TEST_STATE = (
    SeedController,
    SnapshotController,
    TestSessionController,
    TestClinicController,
    TestClockController,
)


def create_test_state_app(settings: Settings) -> Litestar:
    """Create an application with the routes under `/api/db` alone, for a command."""
    return assemble(settings, TEST_STATE)


def assemble(
    settings: Settings,
    route_handlers: Sequence[ControllerRouterHandler],
    *,
    plugins: Sequence[PluginProtocol] = (),
    openapi_config: OpenAPIConfig | None = None,
) -> Litestar:
    app = Litestar(
        route_handlers=route_handlers,
        guards=[refuse_untrusted],
        cors_config=cors_config(settings),
        # Litestar parses a function again for each handler, and `Provide` once.
        dependencies={
            **{name: _shared(name) for name in ("engine", "passwords", "seed_hashes", "settings")},
            "attempts": Provide(provide_attempts),
            "session": Provide(provide_session),
        },
        lifespan=[using_engine, counting_attempts],
        plugins=[*plugins, *telemetry_plugins(settings)],
        logging_config=None,
        openapi_config=openapi_config,
        before_request=check_body,
        before_send=[security_headers(settings), complete_allow_header, reject_large_bodies],
        # A status takes precedence over a type, so controllers that handle exceptions keep the 413.
        exception_handlers=dict.fromkeys(
            [*CONVERSIONS, HTTPStatus.REQUEST_ENTITY_TOO_LARGE], error_response
        ),
        request_max_body_size=MAX_BODY_BYTES,
        type_encoders={Instant: Instant.to_text},
        state=create_state(settings),
    )
    # Litestar does not call its middleware for unknown paths.
    handler: ASGIApp = HeadAsGet(EndTransactions(app.asgi_handler))
    if settings.environment is not Environment.PRODUCTION:
        handler = TimeOfTestClock(handler, app)
    app.asgi_handler = StripPrefix(
        RequestLog(handler), lambda: [route.path for route in app.routes]
    )
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


async def provide_attempts(state: State) -> Attempts:
    """Return the counts of attempts on this database, as a seed or a restore left them."""
    attempts: Attempts = state.attempts
    if state.settings.environment is not Environment.PRODUCTION:
        await attempts.follow(partial(find_history, state.engine))
    await attempts.identify(partial(find_identity, state.engine))
    return attempts


def _shared(name: str) -> Provide:
    """Provide a value of the state."""

    def find(state: State) -> Any:
        return state[name]

    return Provide(find, sync_to_thread=False)

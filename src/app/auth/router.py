"""The identity API under `/api/auth`, with its form of the errors of any route."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import ClientException

from app.auth.authentication import provide_credential, provide_signed_in
from app.auth.controllers.account import AccountController
from app.auth.controllers.credentials import CredentialController
from app.auth.controllers.invitations import InvitationController
from app.auth.controllers.members import MemberController
from app.auth.controllers.organizations import OrganizationController
from app.auth.controllers.sessions import SessionController
from app.auth.controllers.unconfigured import UnconfiguredController
from app.auth.error_codes import IDENTITY_PATH, identity_problem_response
from app.auth.errors import (
    IdentityRequestTooLarge,
    IdentityUnsupportedMediaType,
    InvalidIdentityRequest,
    refused_origin,
)
from app.auth.return_addresses import check_return_addresses
from app.errors import Refused
from app.web.bodies import TOO_LARGE
from app.web.body_checks import check_body
from app.web.errors import UnsupportedMediaType
from app.web.origins import origin_headers
from app.web.problem_details import describe_invalid

HINTS = dict.fromkeys(("email", "newEmail"), "must be an email address")


def _refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return identity_problem_response(
        request, InvalidIdentityRequest(describe_invalid(error, HINTS))
    )


def _refuse_untrusted(request: Request[Any, Any, Any], error: Refused) -> Response[Any]:
    origin = origin_headers(request.headers)["Origin"]
    return identity_problem_response(request, refused_origin(error.reasons, origin))


def _refuse_too_large(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return identity_problem_response(request, IdentityRequestTooLarge(TOO_LARGE.detail))


def _refuse_media_type(
    request: Request[Any, Any, Any], error: UnsupportedMediaType
) -> Response[Any]:
    return identity_problem_response(request, IdentityUnsupportedMediaType(error.detail))


async def _check_request(request: Request[Any, Any, Any]) -> None:
    await check_body(request)
    await check_return_addresses(request)


identity = Router(
    path=IDENTITY_PATH,
    before_request=_check_request,
    route_handlers=[
        AccountController,
        CredentialController,
        SessionController,
        OrganizationController,
        MemberController,
        InvitationController,
        UnconfiguredController,
    ],
    dependencies={
        "credential": Provide(provide_credential),
        "signed_in": Provide(provide_signed_in),
    },
    exception_handlers={
        ClientException: _refuse_invalid,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _refuse_too_large,
        Refused: _refuse_untrusted,
        UnsupportedMediaType: _refuse_media_type,
    },
)

"""Where the identity endpoints stand, and how they refuse what they cannot read."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import ClientException

from app.auth.authentication import provide_credential, provide_signed_in
from app.auth.controllers.account import AccountController
from app.auth.controllers.invitations import InvitationController
from app.auth.controllers.members import MemberController
from app.auth.controllers.organizations import OrganizationController
from app.auth.controllers.sessions import SessionController
from app.auth.errors import (
    IdentityRequestTooLarge,
    IdentityUnsupportedMediaType,
    InvalidIdentityRequest,
)
from app.bodies import TOO_LARGE
from app.errors import UnsupportedMediaType
from app.problems import answer_problem, describe_invalid

HINTS = {"email": "must be an e-mail address"}


def _refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return answer_problem(request, InvalidIdentityRequest(describe_invalid(error, HINTS)))


def _refuse_too_large(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return answer_problem(request, IdentityRequestTooLarge(TOO_LARGE))


def _refuse_media_type(
    request: Request[Any, Any, Any], error: UnsupportedMediaType
) -> Response[Any]:
    return answer_problem(request, IdentityUnsupportedMediaType(error.detail))


identity = Router(
    path="/api/auth",
    route_handlers=[
        AccountController,
        SessionController,
        OrganizationController,
        MemberController,
        InvitationController,
    ],
    dependencies={
        "credential": Provide(provide_credential),
        "signed_in": Provide(provide_signed_in),
    },
    exception_handlers={
        ClientException: _refuse_invalid,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _refuse_too_large,
        UnsupportedMediaType: _refuse_media_type,
    },
)

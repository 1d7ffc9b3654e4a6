"""Tags, security and common errors of the identity API in the OpenAPI document."""

from functools import partial

from litestar import get, post
from litestar.openapi.spec import Link, SecurityRequirement, SecurityScheme, Tag

from app.auth.authentication import SESSION_COOKIE
from app.auth.errors import (
    IdentityRequestTooLarge,
    IdentityUnavailable,
    IdentityUnsupportedMediaType,
    InvalidIdentityRequest,
    TooManyRequests,
    Unauthorized,
    refused_origin,
)
from app.database.errors import DatabaseUnusable
from app.database.known_causes import NO_TABLES
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import route
from app.web.origins import CROSS_SITE

SECURITY_SCHEMES = {
    "token": SecurityScheme(
        type="http", scheme="bearer", description="The `token` in the response to a sign-in."
    ),
    "cookie": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name=SESSION_COOKIE,
        description="Set when signing in or up. Browsers store it.",
    ),
}
SIGNED_IN: list[SecurityRequirement] = [{"token": []}, {"cookie": []}]
PUBLIC: list[SecurityRequirement] = [*SIGNED_IN, {}]

INVALID = InvalidIdentityRequest(
    "Nothing was changed. Please correct `slug`: expected `str`, got `int`."
)
TOO_MANY = TooManyRequests(240)
EVERY_CALL = (
    IdentityRequestTooLarge(TOO_LARGE.detail),
    IdentityUnavailable(DatabaseUnusable(NO_TABLES).detail),
)
EVERY_CHANGE = (
    refused_origin([CROSS_SITE], "https://other.example"),
    refused_origin([CROSS_SITE], "null"),
    IdentityUnsupportedMediaType(UnsupportedMediaType("text/plain").detail),
    *EVERY_CALL,
)

TAGS = [
    Tag(
        "Identity",
        "Sign up, sign in and out, and list sessions.\n\n"
        "Better Auth calls that send mail, need an identity provider or delete a user are not "
        "available: `sign-in/social`, `link-social`, `unlink-account`, `refresh-token`, "
        "`get-access-token`, `account-info`, `request-password-reset`, `reset-password`, "
        "`send-verification-email`, `verify-email`, `change-email`, `update-session` and "
        "`delete-user`. They return the `code` and the `message` of a Better Auth server on which "
        "they are not configured, such as `400 RESET_PASSWORD_DISABLED`.",
    ),
    Tag("Organizations", "Clinics. Requests without an organization use the active one."),
    Tag("Members", "The members of an organization: each is an `owner`, an `admin` or a `member`."),
    Tag(
        "Invitations",
        "Invite a person by email address; the user with that address accepts.",
    ),
]

_TOKEN = {"header.Authorization": "Bearer {$response.body#/token}"}
_CREDENTIALS = {"email": "$response.body#/user/email", "password": "$request.body#/password"}
AFTER_SIGN_IN = {
    "getSession": Link(operation_id="getSession", parameters=_TOKEN),
    "signOut": Link(operation_id="signOut", parameters=_TOKEN),
}
AFTER_SIGN_UP = {
    **AFTER_SIGN_IN,
    "signIn": Link(operation_id="signIn", request_body=_CREDENTIALS),
}

public_read = partial(route, get, EVERY_CALL)
public_change = partial(route, post, EVERY_CHANGE, status_code=200)
# For users who are signed in.
read = partial(route, get, (Unauthorized(), *EVERY_CALL), security=SIGNED_IN)
change = partial(route, post, (Unauthorized(), *EVERY_CHANGE), security=SIGNED_IN, status_code=200)

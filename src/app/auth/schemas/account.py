"""The requests and responses of users and their credentials."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.auth.passwords import MAX_LENGTH, MIN_LENGTH
from app.auth.schemas.common import EMAIL_PATTERN, MAX_EMAIL, Email, IdentityRequestBody, Token
from app.web.schemas import WITHOUT_NUL, Line, ResponseBody, Text
from app.web.texts import TEXT

Password = Annotated[
    str,
    Meta(
        examples=["a long passphrase"],
        extra_json_schema={"extra": {"pattern": WITHOUT_NUL, "max_length": MAX_LENGTH}},
    ),
]
# Documented only: the service checks the length, because the protocol has codes for it.
NewPassword = Annotated[
    str,
    Meta(
        examples=["a long passphrase"],
        description=f"{MIN_LENGTH} to {MAX_LENGTH} characters, counted in the "
        "Unicode form NFKC. Texts with the same NFKC form are the same password.",
        extra_json_schema={
            "extra": {
                "pattern": WITHOUT_NUL,
                "min_length": MIN_LENGTH,
                "max_length": MAX_LENGTH,
            }
        },
    ),
]
UserName = Annotated[Line, Meta(min_length=1)]
Specialization = Annotated[list[str], Meta(extra_json_schema={"extra": {"items": TEXT}})]


class PhoneNumberRequest(IdentityRequestBody):
    number: Text
    category: Text


class PhoneNumber(ResponseBody):
    number: str
    category: str


class SignUpRequest(IdentityRequestBody):
    name: Annotated[UserName, Meta(examples=["Ada Example"])]
    # As in Better Auth, the code is VALIDATION_ERROR here, and INVALID_EMAIL at sign-in.
    email: Annotated[Email, Meta(pattern=EMAIL_PATTERN, max_length=MAX_EMAIL)]
    password: NewPassword
    image: Text | None = None
    first_name: Line | None = None
    last_name: Line | None = None
    license_number: Text | None = None
    specialization: Specialization | None = None
    phone_numbers: list[PhoneNumberRequest] | None = None
    callback_url: Text | None = msgspec.field(name="callbackURL", default=None)
    remember_me: bool = True


class SignInRequest(IdentityRequestBody):
    email: Email
    password: Password
    remember_me: Annotated[
        bool,
        Meta(
            description="If false, the session ends after a day, and the browser deletes the "
            "cookie when it closes."
        ),
    ] = True
    callback_url: Text | None = msgspec.field(name="callbackURL", default=None)


class UpdateUserRequest(IdentityRequestBody):
    """Fields that are left out do not change."""

    name: Annotated[UserName, Meta(examples=["Ada Example"])] | UnsetType = UNSET
    image: Text | UnsetType | None = UNSET
    first_name: Line | UnsetType | None = UNSET
    last_name: Line | UnsetType | None = UNSET
    license_number: Text | UnsetType | None = UNSET
    specialization: Specialization | UnsetType | None = UNSET
    phone_numbers: list[PhoneNumberRequest] | UnsetType | None = UNSET
    email: Annotated[Text, Meta(description="Rejected: it cannot be changed.")] | UnsetType = UNSET


class ChangePasswordRequest(IdentityRequestBody):
    current_password: Password
    new_password: NewPassword
    revoke_other_sessions: Annotated[
        bool, Meta(description="Whether to sign the user out everywhere else.")
    ] = False


class VerifyPasswordRequest(IdentityRequestBody):
    password: Password


class UserResponse(ResponseBody):
    id: UUID
    name: str
    email: str
    email_verified: bool
    image: str | None
    created_at: datetime
    updated_at: datetime
    first_name: str | None
    last_name: str | None
    license_number: str | None
    specialization: list[str]
    phone_numbers: list[PhoneNumber]


class AccountResponse(ResponseBody):
    """A way to sign in; `scopes` are those that an identity provider granted."""

    id: UUID
    account_id: str
    provider_id: str
    user_id: UUID
    created_at: datetime
    updated_at: datetime
    scopes: list[str] = []


class SignUpResponse(ResponseBody):
    token: Token
    user: UserResponse


class ChangePasswordResponse(ResponseBody):
    token: Annotated[
        str | None, Meta(description="Of the new session; null unless the others were revoked.")
    ]
    user: UserResponse


class SignInResponse(SignUpResponse):
    """`url` is the `callbackURL` of the request, which Better Auth's client opens by itself."""

    redirect: bool = False
    url: str | UnsetType = UNSET


class Success(ResponseBody):
    success: bool = True


class Done(ResponseBody):
    status: bool = True


class Healthy(ResponseBody):
    ok: bool = True

"""What the identity endpoints read and answer, in the shapes of the Better Auth protocol."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.api_schema import TEXT, WITHOUT_NUL, Answer, Question, Text
from app.auth.users import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH

# Engines differ on which control characters and marks are \s, so all are named.
_IN_EMAIL = r"[^@\s\u0000-\u001f\u007f-\u009f\ufeff]+"
# Python's $ would let a newline follow.
EMAIL_PATTERN = rf"^{_IN_EMAIL}@{_IN_EMAIL}\.{_IN_EMAIL}$(?!\s)"
Email = Annotated[
    str,
    Meta(
        pattern=EMAIL_PATTERN,
        max_length=254,
        examples=["ada@example.com"],
        description="Upper and lower case are the same.",
    ),
]
Password = Annotated[Text, Meta(examples=["a long passphrase"])]
# Only told: what is too short or too long has a code of its own in the protocol.
NewPassword = Annotated[
    str,
    Meta(
        examples=["a long passphrase"],
        description=f"{PASSWORD_MIN_LENGTH} to {PASSWORD_MAX_LENGTH} characters.",
        extra_json_schema={
            "extra": {
                "pattern": WITHOUT_NUL,
                "min_length": PASSWORD_MIN_LENGTH,
                "max_length": PASSWORD_MAX_LENGTH,
            }
        },
    ),
]
Name = Annotated[Text, Meta(min_length=1, max_length=200)]


class GivenPhoneNumber(Question):
    number: Text
    category: Text


class PhoneNumber(Answer):
    number: str
    category: str


class SignUpRequest(Question):
    name: Annotated[Name, Meta(examples=["Ada Example"])]
    email: Email
    password: NewPassword
    image: Text | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    license_number: Text | None = None
    specialization: Annotated[list[str], Meta(extra_json_schema={"extra": {"items": TEXT}})] = []
    phone_numbers: list[GivenPhoneNumber] = []
    callback_url: Text | None = msgspec.field(name="callbackURL", default=None)
    remember_me: bool = True


class SignInRequest(Question):
    email: Email
    password: Password
    remember_me: Annotated[
        bool, Meta(description="If false, the cookie goes when the browser closes.")
    ] = True
    callback_url: Text | None = msgspec.field(name="callbackURL", default=None)


class UserAnswer(Answer):
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


class SessionAnswer(Answer):
    id: UUID
    user_id: UUID
    token: str
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    ip_address: str | None
    user_agent: str | None
    active_organization_id: UUID | None


class SignUpAnswer(Answer):
    token: str
    user: UserAnswer


class SignInAnswer(SignUpAnswer):
    redirect: bool = False


class CurrentSession(Answer):
    session: SessionAnswer
    user: UserAnswer


class Success(Answer):
    success: bool = True

"""What the identity endpoints read and answer, in the shapes of the Better Auth protocol."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from app.api_schema import Answer, Question

Email = Annotated[
    str,
    Meta(
        pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$(?!\s)",  # Python's $ would let a newline follow
        max_length=254,
        examples=["ada@example.com"],
        description="Upper and lower case are the same.",
    ),
]
Password = Annotated[str, Meta(examples=["Password123"])]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class PhoneNumber(msgspec.Struct):
    number: str
    category: str


class SignUpRequest(Question):
    name: Annotated[Name, Meta(examples=["Ada Example"])]
    email: Email
    password: Annotated[Password, Meta(description="8 to 128 characters.")]
    image: str | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    license_number: str | None = None
    specialization: list[str] = []
    phone_numbers: list[PhoneNumber] = []
    callback_url: str | None = msgspec.field(name="callbackURL", default=None)
    remember_me: bool = True


class SignInRequest(Question):
    email: Email
    password: Password
    remember_me: Annotated[
        bool, Meta(description="If false, the cookie goes when the browser closes.")
    ] = True
    callback_url: str | None = msgspec.field(name="callbackURL", default=None)


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

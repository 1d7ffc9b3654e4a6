"""Tables of users, their accounts and sessions, of organizations and their members."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.database.columns import (
    JSON_DOCUMENT,
    ClinicRecord,
    Record,
    UtcDateTime,
    enumeration,
)


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class InvitationStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELED = "canceled"


class User(Record, table=True):
    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    name: str
    first_name: str | None = None
    last_name: str | None = None
    email: str = Field(unique=True)
    email_verified: bool = False
    image: str | None = None
    license_number: str | None = None
    specialization: list[str] = Field(default_factory=list, sa_type=JSON_DOCUMENT, nullable=False)
    phone_numbers: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSON_DOCUMENT, nullable=False
    )


class Account(Record, table=True):
    """One way to sign in. `password` is the hash."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("provider_id", "account_id"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    provider_id: str
    account_id: str
    password: str | None = None


class Session(Record, table=True):
    """A signed-in client. `token` is the SHA-256 of the client's token, in hexadecimal."""

    __tablename__ = "sessions"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    token: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ip_address: str | None = None
    user_agent: str | None = None
    active_organization_id: UUID | None = Field(
        default=None, foreign_key="organizations.id", ondelete="SET NULL", index=True
    )


class Verification(Record, table=True):
    __tablename__ = "verifications"

    identifier: str = Field(index=True)
    value: str
    expires_at: datetime = Field(sa_type=UtcDateTime)


class Organization(Record, table=True):
    __tablename__ = "organizations"

    name: str
    slug: str = Field(unique=True)
    logo: str | None = None
    details: dict[str, Any] | None = Field(
        default=None, sa_column=Column("metadata", JSON_DOCUMENT, nullable=True)
    )


class Practitioner(SQLModel, table=True):
    """A user who is or was a member of an organization.

    Treatment plans refer to it, because the therapist of a plan may leave the organization. A user
    who is a practitioner cannot be deleted.
    """

    __tablename__ = "practitioners"

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    user_id: UUID = Field(primary_key=True, foreign_key="users.id", index=True)


class Member(ClinicRecord, table=True):
    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id"),
        ForeignKeyConstraint(
            ("organization_id", "user_id"),
            ("practitioners.organization_id", "practitioners.user_id"),
            ondelete="CASCADE",
        ),
        Index(None, "id"),
    )

    user_id: UUID = Field(index=True)
    role: Role = Field(sa_type=enumeration(Role))


class Invitation(ClinicRecord, table=True):
    __tablename__ = "invitations"
    __table_args__ = (Index(None, "id"),)

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    email: str = Field(index=True)
    role: Role = Field(sa_type=enumeration(Role))
    status: InvitationStatus = Field(
        default=InvitationStatus.PENDING, sa_type=enumeration(InvitationStatus)
    )
    inviter_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)

"""Signing users up: the only code that creates users and their credentials."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.errors import (
    EmailCannotBeUpdated,
    InvalidEmailOrPassword,
    InvalidPassword,
    NothingToUpdate,
    PasswordTooLong,
    PasswordTooShort,
    UserAlreadyExists,
)
from app.auth.models import Account, User
from app.auth.passwords import MAX_LENGTH, MIN_LENGTH, Hashing, Passwords, nfkc
from app.auth.schemas.account import UpdateUserRequest
from app.database.bulk import insert_rows
from app.database.causes import raise_on_duplicate
from app.ids import new_id

CREDENTIAL = "credential"
LISTS = {"specialization", "phone_numbers"}  # null empties them
TOO_SHORT = f"Password too short: use at least {MIN_LENGTH} characters"
TOO_LONG = f"Password too long: use at most {MAX_LENGTH} characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    name: str
    email: str
    password: str = field(repr=False)
    id: UUID = field(default_factory=new_id)
    account_row_id: UUID = field(default_factory=new_id)
    first_name: str | None = None
    last_name: str | None = None
    email_verified: bool = False
    image: str | None = None
    license_number: str | None = None
    specialization: Sequence[str] = ()
    phone_numbers: Sequence[dict[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """The stored password of a user; the hash is None if the user has no password."""

    user_id: UUID
    password_hash: str | None = field(repr=False)


async def sign_up(session: AsyncSession, passwords: Hashing, new_user: NewUser) -> User:
    """Create a user who signs in with a password.

    Raises `PasswordTooShort`, `PasswordTooLong` or `UserAlreadyExists`.
    """
    check_length(new_user.password)
    # Before the first statement: until then the session holds no connection and no lock.
    [password_hash] = await passwords.hash_all([new_user.password])
    if await find_credential(session, new_user.email):
        raise UserAlreadyExists
    user = User(**_user(new_user))
    session.add(user)
    with raise_on_duplicate(UserAlreadyExists):
        await session.flush()
    session.add(Account(**_credential(new_user, password_hash)))
    await session.flush()
    return user


async def sign_up_all(
    session: AsyncSession, passwords: Hashing, new_users: Sequence[NewUser]
) -> None:
    """Create many users with one statement per table, without ORM objects.

    Raises `PasswordTooShort`, `PasswordTooLong` or `UserAlreadyExists`.
    """
    for new_user in new_users:
        check_length(new_user.password)
    hashes = await passwords.hash_all([new_user.password for new_user in new_users])
    with raise_on_duplicate(UserAlreadyExists):
        await insert_rows(session, User, [_user(new_user) for new_user in new_users])
    await insert_rows(session, Account, list(map(_credential, new_users, hashes)))


async def update_user(session: AsyncSession, user: User, changes: UpdateUserRequest) -> None:
    """Raise `NothingToUpdate` or `EmailCannotBeUpdated`."""
    columns = changes.columns()
    if "email" in columns:
        raise EmailCannotBeUpdated
    if not columns:
        raise NothingToUpdate
    for name, value in columns.items():
        setattr(user, name, [] if name in LISTS and value is None else value)
    await session.flush()


async def verify_password(passwords: Passwords, credential: Credential, password: str) -> None:
    """Raise `PasswordTooLong` or `InvalidPassword`.

    It takes no session, so that no connection is held while it works.
    """
    check_not_too_long(password)
    if not await passwords.verify(password, credential.password_hash):
        raise InvalidPassword


async def hash_new_password(
    passwords: Passwords, credential: Credential, current: str, new: str
) -> str:
    """Verify the current password and return the hash of the new one.

    It takes no session, so that no connection is held while it works.
    Raises `PasswordTooShort`, `PasswordTooLong` or `InvalidPassword`.
    """
    check_length(new)
    await verify_password(passwords, credential, current)
    [new_hash] = await passwords.hash_all([new])
    return new_hash


async def change_password(session: AsyncSession, verified: Credential, new_hash: str) -> None:
    """Raise `InvalidPassword` if the password has changed since it was verified."""
    found = await session.exec(
        select(Account)
        .where(Account.user_id == verified.user_id, Account.provider_id == CREDENTIAL)
        .with_for_update()
    )
    account = found.one_or_none()
    if account is None or account.password != verified.password_hash:
        raise InvalidPassword
    account.password = new_hash
    await session.flush()


async def find_credential(
    session: AsyncSession, email: str, *, lock: bool = False
) -> Credential | None:
    """With `lock`, nobody can change the password until the transaction ends."""
    found = (
        select(Account.user_id, Account.password)
        .join(User, col(User.id) == Account.user_id)
        .where(User.email == email.lower(), Account.provider_id == CREDENTIAL)
    )
    if lock:
        found = found.with_for_update(read=True, of=Account)
    row = (await session.exec(found)).one_or_none()
    return Credential(*row) if row else None


async def lock_accounts(session: AsyncSession, users: ColumnElement[bool]) -> None:
    """Let nobody delete some users, or change their passwords, until the transaction ends."""
    found = select(Account.id).join(User, col(User.id) == Account.user_id).where(users)
    # In one order, so that two such calls never wait for each other.
    await session.exec(found.order_by(col(Account.id)).with_for_update(read=True, of=Account))


async def list_accounts(session: AsyncSession, user_id: UUID) -> Sequence[Account]:
    found = await session.exec(
        select(Account).where(Account.user_id == user_id).order_by(col(Account.created_at))
    )
    return found.all()


async def get_credential(session: AsyncSession, user_id: UUID) -> Credential:
    found = await session.exec(
        select(Account.password).where(
            Account.user_id == user_id, Account.provider_id == CREDENTIAL
        )
    )
    return Credential(user_id, found.one_or_none())


async def verify_credential(
    passwords: Passwords, credential: Credential | None, password: str
) -> Credential:
    """Return the credential if the password is right, or raise `InvalidEmailOrPassword`.

    It takes no session, so that no connection is held while it works. Without a credential it
    takes the same time.
    """
    matches = await passwords.verify(password, credential.password_hash if credential else None)
    if credential is None or not matches:
        raise InvalidEmailOrPassword
    return credential


def check_not_too_long(password: str) -> None:
    """Raise `PasswordTooLong` for a password that no user can have, before hashing it."""
    if len(nfkc(password)) > MAX_LENGTH:
        raise PasswordTooLong(TOO_LONG)


def check_length(password: str) -> None:
    """Raise `PasswordTooShort` or `PasswordTooLong` for a new password."""
    if len(nfkc(password)) < MIN_LENGTH:
        raise PasswordTooShort(TOO_SHORT)
    check_not_too_long(password)


def _user(new_user: NewUser) -> dict[str, Any]:
    return {
        "id": new_user.id,
        "name": new_user.name,
        "first_name": new_user.first_name,
        "last_name": new_user.last_name,
        "email": new_user.email.lower(),
        "email_verified": new_user.email_verified,
        "image": new_user.image,
        "license_number": new_user.license_number,
        "specialization": list(new_user.specialization),
        "phone_numbers": list(new_user.phone_numbers),
    }


def _credential(new_user: NewUser, password_hash: str) -> dict[str, Any]:
    return {
        "id": new_user.account_row_id,
        "user_id": new_user.id,
        "provider_id": CREDENTIAL,
        "account_id": str(new_user.id),
        "password": password_hash,
    }

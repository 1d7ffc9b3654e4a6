"""Members of organizations and their roles: the only code that changes them.

Each change locks the organization until the transaction ends, so that simultaneous changes run one
after the other. SQLite has one writer at a time anyway.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import roles
from app.auth.locks import lock_organization, lock_sessions
from app.auth.models import Member, Practitioner, Role, Session, User
from app.auth.organization_errors import (
    CallerNotAMember,
    LastOwnerCannotChangeRole,
    LastOwnerCannotLeave,
    MemberNotFound,
    NotAllowedToDeleteMember,
    NotAllowedToUpdateMember,
    NotAMemberUnauthorized,
)
from app.auth.roles import Action, Resource
from app.database.bulk import insert_rows
from app.ids import new_id

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000
MAX_OFFSET = 2**31 - 1
PRACTITIONERS_PER_STATEMENT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    organization_id: UUID
    user_id: UUID
    role: Role
    id: UUID = field(default_factory=new_id)


class MemberField(StrEnum):
    ID = "id"
    ORGANIZATION_ID = "organizationId"
    USER_ID = "userId"
    ROLE = "role"
    CREATED_AT = "createdAt"


COLUMNS: Mapping[MemberField, Mapped[Any]] = {
    MemberField.ID: col(Member.id),
    MemberField.ORGANIZATION_ID: col(Member.organization_id),
    MemberField.USER_ID: col(Member.user_id),
    MemberField.ROLE: col(Member.role),
    MemberField.CREATED_AT: col(Member.created_at),
}


# Built once, like `sessions.CURRENT`.
MEMBERSHIP = select(Member).where(
    Member.organization_id == bindparam("organization"), Member.user_id == bindparam("user")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberQuery:
    """Which members to list, and in which order; `limit` and `offset` count members."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    sort_by: MemberField = MemberField.CREATED_AT
    descending: bool = False
    filter: ColumnElement[bool] | None = None


async def add_member(session: AsyncSession, new_member: NewMember) -> Member:
    await _add_practitioners(session, [new_member])
    member = Member(**_row(new_member))
    session.add(member)
    return member


async def add_members(session: AsyncSession, new_members: Sequence[NewMember]) -> None:
    """Add many members with one statement per table, without ORM objects."""
    await _add_practitioners(session, new_members)
    await insert_rows(session, Member, list(map(_row, new_members)))


async def find_member(session: AsyncSession, organization_id: UUID, user_id: UUID) -> Member | None:
    ids = {"organization": organization_id, "user": user_id}
    return (await session.exec(MEMBERSHIP, params=ids)).one_or_none()


async def find_named_member(
    session: AsyncSession, organization_id: UUID, named: UUID | str
) -> tuple[Member, User] | None:
    """Find a member by the id of the membership, or by the user's email address."""
    name = User.email == named.lower() if isinstance(named, str) else Member.id == named
    found = await session.exec(
        select(Member, User)
        .join(User, col(User.id) == Member.user_id)
        .where(Member.organization_id == organization_id, name)
    )
    return found.one_or_none()


async def lock_member(session: AsyncSession, organization_id: UUID, user_id: UUID) -> bool:
    """Lock a membership until the transaction ends. Return False if there is none."""
    row = select(Member.id).where(
        Member.organization_id == organization_id, Member.user_id == user_id
    )
    locked = await session.exec(row.with_for_update(read=True, key_share=True))
    return locked.first() is not None


async def get_member(session: AsyncSession, organization_id: UUID, user_id: UUID) -> Member:
    """Raise `MemberNotFound` if the user does not belong to the organization."""
    member = await find_member(session, organization_id, user_id)
    if member is None:
        raise MemberNotFound
    return member


async def list_members(
    session: AsyncSession, caller_id: UUID, organization_id: UUID, page: MemberQuery
) -> tuple[Sequence[tuple[Member, User]], int]:
    """Return a page of members with their users, and the number of all members.

    Raises `CallerNotAMember`.
    """
    if not await find_member(session, organization_id, caller_id):
        raise CallerNotAMember
    order = COLUMNS[page.sort_by]
    belongs = [col(Member.organization_id) == organization_id]
    if page.filter is not None:
        belongs.append(page.filter)
    members = await session.exec(
        select(Member, User)
        .join(User, col(User.id) == Member.user_id)
        .where(*belongs)
        .order_by(
            order.desc() if page.descending else order, col(Member.created_at), col(Member.id)
        )
        .limit(page.limit)
        .offset(page.offset)
    )
    total = await session.exec(select(func.count()).select_from(Member).where(*belongs))
    return members.all(), total.one()


async def get_role(
    session: AsyncSession, caller_id: UUID, organization_id: UUID, user_id: UUID
) -> Role:
    """Raise `CallerNotAMember` if the caller or the other user is not a member."""
    caller = await find_member(session, organization_id, caller_id)
    member = caller and await find_member(session, organization_id, user_id)
    if member is None:
        raise CallerNotAMember
    return member.role


async def has_permission(
    session: AsyncSession,
    caller_id: UUID,
    organization_id: UUID,
    permissions: Mapping[str, Collection[str]],
) -> bool:
    """Raise `NotAMemberUnauthorized`."""
    caller = await find_member(session, organization_id, caller_id)
    if caller is None:
        raise NotAMemberUnauthorized
    return roles.may_all(caller.role, permissions)


async def update_role(
    session: AsyncSession, caller_id: UUID, organization_id: UUID, member_id: UUID, role: Role
) -> Member:
    """Raise `MemberNotFound`, `NotAllowedToUpdateMember` or `LastOwnerCannotChangeRole`."""
    await lock_organization(session, organization_id)
    caller = await get_member(session, organization_id, caller_id)
    member = await session.get(Member, (organization_id, member_id))
    if member is None:
        if await _is_member_elsewhere(session, member_id):
            raise NotAllowedToUpdateMember
        raise MemberNotFound
    allowed = (
        roles.may(caller.role, Resource.MEMBER, Action.UPDATE)
        and roles.may_manage_role(caller.role, member.role)
        and roles.may_manage_role(caller.role, role)
    )
    if not allowed:
        raise NotAllowedToUpdateMember
    if role is not Role.OWNER and await _is_only_owner(session, member):
        raise LastOwnerCannotChangeRole
    member.role = role
    await session.flush()
    return member


async def remove_member(
    session: AsyncSession, caller_id: UUID, organization_id: UUID, named: UUID | str
) -> tuple[Member, User]:
    """Remove the member that `find_named_member` finds.

    Raises `MemberNotFound`, `NotAllowedToDeleteMember` or `LastOwnerCannotLeave`.
    """
    await lock_organization(session, organization_id)
    caller = await get_member(session, organization_id, caller_id)
    found = await find_named_member(session, organization_id, named)
    if found is None:
        raise MemberNotFound
    member, user = found
    if not (
        roles.may(caller.role, Resource.MEMBER, Action.DELETE)
        and roles.may_manage_role(caller.role, member.role)
    ):
        raise NotAllowedToDeleteMember
    await _end(session, member)
    return member, user


async def leave(session: AsyncSession, user_id: UUID, organization_id: UUID) -> Member:
    """Raise `MemberNotFound` or `LastOwnerCannotLeave`."""
    await lock_organization(session, organization_id)
    member = await get_member(session, organization_id, user_id)
    await _end(session, member)
    return member


async def _add_practitioners(session: AsyncSession, new_members: Sequence[NewMember]) -> None:
    """Add those who were never members of the organization."""
    await session.flush()
    connection = await session.connection()
    insert: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[
        connection.dialect.name
    ]
    for start in range(0, len(new_members), PRACTITIONERS_PER_STATEMENT):
        batch = new_members[start : start + PRACTITIONERS_PER_STATEMENT]
        keys = [{"organization_id": new.organization_id, "user_id": new.user_id} for new in batch]
        await connection.execute(insert(Practitioner).values(keys).on_conflict_do_nothing())


async def _is_member_elsewhere(session: AsyncSession, member_id: UUID) -> bool:
    found = await session.exec(select(Member.id).where(Member.id == member_id))
    return found.first() is not None


def _row(new_member: NewMember) -> dict[str, Any]:
    return {
        "id": new_member.id,
        "organization_id": new_member.organization_id,
        "user_id": new_member.user_id,
        "role": new_member.role,
    }


async def _end(session: AsyncSession, member: Member) -> None:
    if await _is_only_owner(session, member):
        raise LastOwnerCannotLeave
    await session.delete(member)
    await session.flush()
    in_the_organization = (
        col(Session.user_id) == member.user_id,
        col(Session.active_organization_id) == member.organization_id,
    )
    await lock_sessions(session, *in_the_organization)
    await session.exec(
        update(Session).where(*in_the_organization).values(active_organization_id=None)
    )


async def _is_only_owner(session: AsyncSession, member: Member) -> bool:
    if member.role is not Role.OWNER:
        return False
    others = select(Member.id).where(
        Member.organization_id == member.organization_id,
        Member.role == Role.OWNER,
        Member.id != member.id,
    )
    return (await session.exec(others)).first() is None

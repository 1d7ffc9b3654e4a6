"""Organizations: the only code that creates, changes and deletes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import roles
from app.auth.locks import lock_organization, lock_sessions, lock_user
from app.auth.members import NewMember, add_member, add_members, find_member
from app.auth.models import Member, Organization, Role, Session
from app.auth.organization_errors import (
    NotAllowedToDeleteOrganization,
    NotAllowedToUpdateOrganization,
    NotAMember,
    NotAMemberBadRequest,
    OrganizationAlreadyExists,
    OrganizationLimitReached,
    OrganizationNotFound,
    SlugTaken,
)
from app.auth.roles import Action, Resource
from app.auth.schemas.organizations import OrganizationChanges
from app.database.bulk import insert_rows
from app.database.causes import raise_on_duplicate
from app.ids import new_id

MAX_OWNED = 100  # organizations of one user; bulk creation is not limited
MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    name: str
    slug: str
    logo: str | None = None
    details: dict[str, Any] | None = None
    id: UUID = field(default_factory=new_id)


async def create_organization(
    session: AsyncSession, new_organization: NewOrganization, owner: NewMember
) -> tuple[Organization, Member]:
    """Create an organization together with its owner.

    Raises `OrganizationLimitReached` if the user owns too many, or `OrganizationAlreadyExists` if
    the slug is taken.
    """
    await lock_user(session, owner.user_id)
    owned = await _count_owned(session, owner.user_id)
    if owned >= MAX_OWNED:
        raise OrganizationLimitReached(owned)
    if await is_taken(session, new_organization.slug):
        raise OrganizationAlreadyExists
    organization = Organization(
        id=new_organization.id,
        name=new_organization.name,
        slug=new_organization.slug,
        logo=new_organization.logo,
        details=new_organization.details,
    )
    session.add(organization)
    with raise_on_duplicate(OrganizationAlreadyExists):
        await session.flush()
    return organization, await add_member(session, owner)


async def create_organizations(
    session: AsyncSession, owned: Sequence[tuple[NewOrganization, NewMember]]
) -> None:
    """Create many organizations with their owners, with one statement per table.

    Raises `OrganizationAlreadyExists` if a slug is taken, or given twice.
    """
    with raise_on_duplicate(OrganizationAlreadyExists):
        await insert_rows(session, Organization, [_row(organization) for organization, _ in owned])
    await add_members(session, [owner for _, owner in owned])


async def is_taken(session: AsyncSession, slug: str) -> bool:
    found = await session.exec(select(Organization.id).where(Organization.slug == slug))
    return found.first() is not None


async def list_organizations(session: AsyncSession, user_id: UUID) -> Sequence[Organization]:
    """Return the first `MAX_LISTED` that the user joined, the first one first."""
    found = await session.exec(
        select(Organization)
        .join(Member, col(Member.organization_id) == Organization.id)
        .where(Member.user_id == user_id)
        .order_by(col(Member.created_at), col(Member.id))
        .limit(MAX_LISTED)
    )
    return found.all()


async def get_organization(
    session: AsyncSession, user_id: UUID, organization_id: UUID
) -> tuple[Organization, Member]:
    """Return an organization, and the membership of the user.

    Raises `OrganizationNotFound` or `NotAMember`.
    """
    organization = await session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationNotFound
    member = await find_member(session, organization_id, user_id)
    if member is None:
        raise NotAMember
    return organization, member


async def lock_membership(
    session: AsyncSession, user_id: UUID, organization_id: UUID
) -> Organization:
    """Return an organization, locked so that it and the membership last until the commit.

    Raises `OrganizationNotFound` or `NotAMember`.
    """
    await lock_organization(session, organization_id)
    organization, _ = await get_organization(session, user_id, organization_id)
    return organization


async def get_id_by_slug(session: AsyncSession, slug: str) -> UUID:
    """Raise `OrganizationNotFound` if no organization has the slug."""
    found = await session.exec(select(Organization.id).where(Organization.slug == slug))
    organization_id = found.first()
    if organization_id is None:
        raise OrganizationNotFound
    return organization_id


async def update_organization(
    session: AsyncSession, caller_id: UUID, organization_id: UUID, changes: OrganizationChanges
) -> Organization:
    """Raise `NotAMemberBadRequest`, `NotAllowedToUpdateOrganization` or `SlugTaken`."""
    await lock_organization(session, organization_id)
    caller = await find_member(session, organization_id, caller_id)
    if caller is None:
        raise NotAMemberBadRequest
    if not roles.may(caller.role, Resource.ORGANIZATION, Action.UPDATE):
        raise NotAllowedToUpdateOrganization
    organization = await session.get_one(Organization, organization_id)
    columns = changes.columns()
    slug = columns.get("slug", organization.slug)
    # Checked first, or two organizations that swap slugs would wait for each other.
    if slug != organization.slug and await is_taken(session, slug):
        raise SlugTaken
    for name, value in columns.items():
        setattr(organization, name, value)
    with raise_on_duplicate(SlugTaken):
        await session.flush()
    return organization


async def delete_organization(
    session: AsyncSession, caller_id: UUID, organization_id: UUID
) -> Organization:
    """Delete an organization with all its data, such as patients and treatment plans.

    Raises `NotAMember` or `NotAllowedToDeleteOrganization`.
    """
    await lock_organization(session, organization_id)
    caller = await find_member(session, organization_id, caller_id)
    if caller is None:
        raise NotAMember
    if not roles.may(caller.role, Resource.ORGANIZATION, Action.DELETE):
        raise NotAllowedToDeleteOrganization
    organization = await session.get_one(Organization, organization_id)
    # Deleting it clears it as their active one.
    await lock_sessions(session, col(Session.active_organization_id) == organization_id)
    await session.delete(organization)
    await session.flush()
    return organization


async def _count_owned(session: AsyncSession, user_id: UUID) -> int:
    owned = select(Member.id).where(Member.user_id == user_id, Member.role == Role.OWNER)
    return (await session.exec(select(func.count()).select_from(owned.subquery()))).one()


def _row(new_organization: NewOrganization) -> dict[str, Any]:
    return {
        "id": new_organization.id,
        "name": new_organization.name,
        "slug": new_organization.slug,
        "logo": new_organization.logo,
        "metadata": new_organization.details,
    }

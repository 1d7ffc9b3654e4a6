"""Creating organizations and putting users in them: the only code that does."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import Member, Organization, Role
from app.errors import OrganizationAlreadyExists
from app.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    name: str
    slug: str
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    organization_id: UUID
    user_id: UUID
    role: Role
    id: UUID = field(default_factory=new_id)


async def create_organization(
    session: AsyncSession, new_organization: NewOrganization, owner: NewMember
) -> Organization:
    """Create an organization together with its owner.

    Raises `OrganizationAlreadyExists` if the slug is taken.
    """
    taken = select(Organization.id).where(col(Organization.slug) == new_organization.slug)
    if (await session.exec(taken)).first():
        raise OrganizationAlreadyExists
    organization = Organization(
        id=new_organization.id, name=new_organization.name, slug=new_organization.slug
    )
    session.add(organization)
    await session.flush()
    await add_member(session, owner)
    return organization


async def add_member(session: AsyncSession, new_member: NewMember) -> Member:
    member = Member(
        id=new_member.id,
        organization_id=new_member.organization_id,
        user_id=new_member.user_id,
        role=new_member.role,
    )
    session.add(member)
    return member

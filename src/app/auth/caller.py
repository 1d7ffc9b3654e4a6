"""The caller of a route of the clinic API, with their active organization and role."""

from dataclasses import dataclass
from uuid import UUID

from litestar.di import NamedDependency
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.members import find_member
from app.auth.models import Member, Role
from app.auth.organization_errors import NoActiveOrganization
from app.auth.sessions import SignedIn


@dataclass(frozen=True, slots=True)
class Caller:
    user_id: UUID
    organization_id: UUID
    role: Role


async def provide_caller(
    session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
) -> Caller:
    """Raise `NoActiveOrganization` if there is none, or the user is no longer a member."""
    organization_id = signed_in.session.active_organization_id
    if organization_id is None:
        raise NoActiveOrganization
    known = session.info  # like `provide_signed_in`
    membership = (organization_id, signed_in.user.id)
    if membership not in known:
        known[membership] = await find_member(session, *membership)
    member: Member | None = known[membership]
    if member is None:
        raise NoActiveOrganization
    return Caller(signed_in.user.id, organization_id, member.role)

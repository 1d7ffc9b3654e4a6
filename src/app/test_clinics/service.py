"""Add the clinics of a scenario with a session of each user, and remove a clinic."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import User
from app.auth.passwords import Hashing
from app.auth.removal import delete_with_people
from app.auth.sessions import Client, SignedIn
from app.seed.scenarios.creation import CreatedScenario, create_scenario
from app.seed.scenarios.translation import random_key
from app.test_clinics.errors import ClinicNotFound
from app.test_clinics.schemas import AddClinic
from app.test_sessions.service import ActiveClinic, open_sessions


class Added(NamedTuple):
    """`sessions` has the session of each user, with its active clinic, by the user's id."""

    created: CreatedScenario
    sessions: Mapping[UUID, tuple[SignedIn, ActiveClinic | None]]


async def add_clinic(
    session: AsyncSession, passwords: Hashing, data: AddClinic, client: Client
) -> Added:
    """Raise `AuditFailed` if the clinic breaks a guarantee of its scenario."""
    created = await create_scenario(
        session, passwords, data.chosen(), data.seed_request(), random_key(), name=data.name
    )
    user_ids = [user.id for user in created.content.users]
    users = (await session.exec(select(User).where(col(User.id).in_(user_ids)))).all()
    opened = await open_sessions(session, users, client)
    return Added(created, {each.user.id: (each, active) for each, active in opened})


async def remove_clinic(session: AsyncSession, organization_id: UUID) -> None:
    """Remove a clinic and its people. Raise `ClinicNotFound`."""
    if not await delete_with_people(session, organization_id):
        raise ClinicNotFound(organization_id)

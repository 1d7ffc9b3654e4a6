"""Add the clinics of a scenario with a session of each user, and remove a clinic."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import User
from app.auth.passwords import Hashing
from app.auth.removal import delete_with_people
from app.auth.sessions import Client, SignedIn
from app.database.causes import code_of
from app.database.own_tables import own_names
from app.seed.other_objects import list_references
from app.seed.reset import FOREIGN_KEY_VIOLATIONS
from app.seed.scenarios.creation import CreatedScenario, create_scenario
from app.seed.scenarios.translation import random_key
from app.test_clinics.errors import ClinicInUse, ClinicNotFound
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
    """Remove a clinic and its people. Raise `ClinicNotFound` or `ClinicInUse`."""
    try:
        is_removed = await delete_with_people(session, organization_id)
    except IntegrityError as error:
        if tables := await _referring_tables(session, error):
            raise ClinicInUse(organization_id, tables) from error
        raise
    if not is_removed:
        raise ClinicNotFound(organization_id)


async def _referring_tables(session: AsyncSession, error: IntegrityError) -> Sequence[str]:
    """Return the tables of other programs whose rows caused the error."""
    if code_of(error) not in FOREIGN_KEY_VIOLATIONS:
        return []
    if diagnosis := getattr(error.orig, "diag", None):  # PostgreSQL runs no query after an error
        return [] if diagnosis.table_name in own_names() else [diagnosis.table_name]
    connection = await session.connection()
    return await connection.run_sync(partial(list_references, cascading=False))

"""Each sentence of a scenario is true of the stored rows, and its rule notices when it is not."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.seed.audit.checks import ALL_RULES
from app.seed.errors import AuditFailed
from app.seed.scenarios.audit import audit_clinics
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.creation import CreatedScenario
from conftest import Shared, seed
from seed.scenarios.made import AS_OF, REQUEST, create, transaction
from seed.scenarios.sentences import (
    busy_day,
    conflict_week,
    every_status,
    look_alikes,
    shared_practitioner,
)
from seed.scenarios.sentences.guarantee import AS_OF as AS_OF_TEXT
from seed.scenarios.sentences.guarantee import Guarantee
from seed.scenarios.stored import listed_ids, read

SENTENCES: Mapping[str, Mapping[str, Guarantee]] = {
    "conflict-week": conflict_week.SENTENCES,
    "shared-practitioner": shared_practitioner.SENTENCES,
    "every-status": every_status.SENTENCES,
    "busy-day": busy_day.SENTENCES,
    "look-alikes": look_alikes.SENTENCES,
}
EACH = [(name, sentence) for name, of_scenario in SENTENCES.items() for sentence in of_scenario]
FINGERPRINTS = {
    "conflict-week": "6986043cefdaa7fef1d5cc705ccce6539a0fe21954bc8ed7dd56e037df303200",
    "shared-practitioner": "5ee59dca39b89c583ea4186e447d13e0da9fa8453b38139550b12019e269e5b4",
    "every-status": "37a69694f293702cfb63d6a531c00593a8ca24533f370f19dde1abeea403b59c",
    "busy-day": "00ecb683dc154a917c9bd4abf1c3566debc442ef0614f43ad9f9e1d77f8199ae",
    "look-alikes": "ff24a06c34123aff629cfb82572d583e28cdb4c547bc7b3897941d820d970976",
}


class Kept(NamedTuple):
    connection: AsyncConnection
    made: Mapping[str, CreatedScenario]


@pytest.fixture(scope="module")
async def kept(shared: Shared) -> AsyncIterator[Kept]:
    """Create all scenarios once, in one database."""
    await seed(shared.client, users=1, organizations=1, patients=0)
    async with transaction(shared) as session:
        made = {name: await create(session, name) for name in SENTENCES}
        await session.commit()
    async with shared.app.state.engine.connect() as connection:
        yield Kept(connection, made)


@asynccontextmanager
async def rolled_back(connection: AsyncConnection) -> AsyncIterator[None]:
    changes = await connection.begin()
    try:
        yield
    finally:
        await changes.rollback()


def clinics_of(made: CreatedScenario) -> Sequence[UUID]:
    return [organization.id for organization, _ in made.content.organizations]


@pytest.mark.parametrize("name", FINGERPRINTS)
def test_the_content_stays_the_same(name: str) -> None:
    assert SCENARIOS[name].build(REQUEST).fingerprint() == FINGERPRINTS[name]


@pytest.mark.parametrize("name", SENTENCES)
def test_every_guarantee_is_checked_here_or_is_one_of_seeded_data(name: str) -> None:
    ordinary = {rule.name for rule in ALL_RULES}
    own = [rule.name for rule in SCENARIOS[name].guarantees if rule.name not in ordinary]
    assert own == [*SENTENCES[name]]
    assert all(sentence.breakages for sentence in SENTENCES[name].values())


@pytest.mark.parametrize("name", SENTENCES)
async def test_every_sentence_is_true(kept: Kept, name: str) -> None:
    assert str(AS_OF) == AS_OF_TEXT
    async with rolled_back(kept.connection):
        stored = await read(kept.connection, clinics_of(kept.made[name]))
    assert [text for text, each in SENTENCES[name].items() if not each.holds(stored)] == []


@pytest.mark.parametrize(("name", "text"), EACH)
async def test_a_wrong_sentence_is_noticed(kept: Kept, name: str, text: str) -> None:
    """By the rule, which names rows, and by the query of this test."""
    connection, made = kept.connection, kept.made[name]
    clinics = clinics_of(made)
    for breakage in SENTENCES[name][text].breakages:
        async with rolled_back(connection):
            await connection.exec_driver_sql(breakage.replace("{clinics}", listed_ids(clinics)))
            with pytest.raises(AuditFailed) as failed:
                await connection.run_sync(audit_clinics, made.scenario, REQUEST, made.content)
            stored = await read(connection, clinics)
        assert failed.value.violations.get(text), breakage
        assert not SENTENCES[name][text].holds(stored), breakage

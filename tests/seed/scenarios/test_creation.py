"""Any number of clinics of a scenario fit beside other rows, each checked by itself."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.seed.errors import AuditFailed
from app.seed.scenarios import creation
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.scenario import ClinicContent
from app.seed.scenarios.translation import key_of, translated
from conftest import Shared, seed
from seed.scenarios.made import AS_OF, REQUEST, create, transaction

DEFAULT = SCENARIOS["default"]
FINGERPRINT = "1bfb504a2f7f111cc1f19f34e86a075e4f0a5a406f8b3f23887b5aa2d32fd8b6"


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Any:
    return await seed(shared.client, asOf=str(AS_OF))


def test_the_content_of_the_default_scenario_stays_the_same() -> None:
    assert DEFAULT.build(REQUEST).fingerprint() == FINGERPRINT


async def test_clinics_of_one_random_seed_beside_each_other(shared: Shared, seeded: Any) -> None:
    """They have the same content, other ids, email addresses and slugs, and 101 rules each."""
    async with transaction(shared) as session:
        made = [await create(session) for _ in range(3)]
    contents = [each.content for each in made]
    for sets in (
        [{user.email for user in content.users} for content in contents],
        [{each.slug for each, _ in content.organizations} for content in contents],
        [{row["id"] for rows in content.rows.values() for row in rows} for content in contents],
    ):
        assert len(set[Any]().union(*sets)) == 3 * len(sets[0])
    names = [[user.name for user in content.users] for content in contents]
    assert names[0] == names[1] == names[2]
    ids = [[row["id"] for row in content.rows["patients"]] for content in contents]
    assert ids[0] == sorted(ids[0])
    assert all(id_.version == 8 for id_ in ids[0])
    assert [check.rows for check in made[0].checks] == [check.rows for check in made[2].checks]
    assert {check.rule for check in made[0].checks} >= {rule.name for rule in DEFAULT.guarantees}


def test_every_reference_is_translated() -> None:
    """No id of the content stays, and no row refers to a row that has another id now."""
    content = ordinary_content(REQUEST)
    old, new = repr(content), translated(content, b"key")
    for user in new.users:
        assert str(user.id) not in old
    known = {row["id"] for rows in new.rows.values() for row in rows}
    known |= {user.id for user in new.users} | {each.id for each, _ in new.organizations}
    for rows in new.rows.values():
        for row in rows:
            referred = {value for name, value in row.items() if name.endswith("_id")}
            assert referred - {None} <= known
    assert {member.user_id for member in new.all_members} == {user.id for user in new.users}
    assert key_of(7, "default") != key_of(8, "default") != key_of(8, "empty")


async def test_a_broken_guarantee_names_the_rows_of_the_clinic(
    shared: Shared, seeded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of other clinics that break the rule are not named, and do not matter."""

    def with_discharged(content: ClinicContent, key: bytes) -> ClinicContent:
        found = translated(content, key)
        first, *others = found.rows["patients"]
        rows = {**found.rows, "patients": [{**first, "status": "discharged"}, *others]}
        return replace(found, rows=rows)

    async with transaction(shared) as session:
        await session.exec(text("UPDATE patients SET status = 'discharged'"))  # type: ignore[call-overload]
        assert (await create(session)).checks
        monkeypatch.setattr(creation, "translated", with_discharged)
        with pytest.raises(AuditFailed) as failed:
            await create(session)
    [rows] = [
        rows for rule, rows in failed.value.violations.items() if rule == "patients are active"
    ]
    assert len(rows) == 1


async def test_a_row_too_many_or_too_few_is_noticed(
    shared: Shared, seeded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = creation.write_content

    async def lose_a_room(session: Any, passwords: Any, content: ClinicContent) -> None:
        await write(session, passwords, content)
        room = {"id": content.rows["rooms"][0]["id"].hex}
        found = text("DELETE FROM appointments WHERE replace(CAST(room_id AS text), '-', '') = :id")
        await session.exec(found, params=room)
        gone = text("DELETE FROM rooms WHERE replace(CAST(id AS text), '-', '') = :id")
        await session.exec(gone, params=room)

    monkeypatch.setattr(creation, "write_content", lose_a_room)
    async with transaction(shared) as session:
        with pytest.raises(AuditFailed, match="as many rows as the scenario has"):
            await create(session)


async def test_a_name_replaces_that_of_the_clinic(shared: Shared, seeded: Any) -> None:
    async with transaction(shared) as session:
        made = await creation.create_scenario(
            session, _Hashes(), DEFAULT, REQUEST, b"key", name="Worker 3"
        )
    assert [each.name for each, _ in made.content.organizations] == ["Worker 3"]


class _Hashes:
    async def hash_all(self, passwords: Any) -> list[str]:
        return ["$argon2id$x" for _ in passwords]

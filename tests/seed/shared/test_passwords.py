"""How many hashes of the public password a seed makes, and that everyone signs in with it."""

import httpx
import pytest
from passlib.context import CryptContext

from conftest import NewDatabase, open_app, seed
from journeys.commands import shared_on_sqlite
from seeded_data.rows import read_rows

pytestmark = pytest.mark.slow

PASSWORD = "Password123"


async def may_sign_in(client: httpx.AsyncClient, email: str, password: str) -> bool:
    credentials = {"email": email, "password": password}
    return (await client.post("/api/auth/sign-in/email", json=credentials)).status_code == 200


def hashes(database_url: str) -> list[str]:
    return [account["password"] for account in read_rows(database_url)["accounts"]]


@pytest.mark.parametrize(("users", "distinct"), [(1, 1), (100, 100), (1_001, 1)])
async def test_up_to_a_hundred_users_have_a_hash_each(
    client: httpx.AsyncClient, database_url: str, users: int, distinct: int
) -> None:
    """Of more users all have the same one, in whichever batch they were made."""
    summary = await seed(client, users=users, organizations=1, patients=0)
    stored = hashes(database_url)
    assert (len(stored), len(set(stored))) == (users, distinct)
    assert summary["signIn"]["hashIsShared"] is (users > 100)


@shared_on_sqlite
@pytest.mark.parametrize("users", [100, 101])
async def test_everyone_signs_in_with_either(client: httpx.AsyncClient, users: int) -> None:
    """Each with another hash or all with the same, by the public password and no other."""
    sign_in = (await seed(client, users=users, organizations=1, patients=0))["signIn"]
    emails = [user["email"] for user in sign_in["users"]]
    assert len(emails) == users
    for email in (*emails[:10], emails[-1]):
        assert await may_sign_in(client, email, sign_in["password"])
    assert not await may_sign_in(client, emails[-1], PASSWORD.swapcase())


async def test_later_seeds_hash_only_for_more_users(
    new_sqlite: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server computes as many hashes as its largest data set has, and uses them again."""
    database_url, computed = new_sqlite(), []
    compute = CryptContext.hash

    def count(context: CryptContext, secret: str) -> str:
        computed.append(secret)
        return str(compute(context, secret))

    async with open_app(database_url) as client:
        monkeypatch.setattr(CryptContext, "hash", count)
        for users, total in [(3, 3), (3, 3), (101, 3), (5, 5), (2, 5)]:
            await seed(client, users=users, organizations=1, patients=0)
            assert computed == [PASSWORD] * total
            assert len(set(hashes(database_url))) == (1 if users > 100 else users)

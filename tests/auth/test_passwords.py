"""How passwords are hashed."""

from app.auth.passwords import Passwords, SharedHashes
from app.settings import Environment


async def test_development_and_production_hash_at_the_owasp_minimum() -> None:
    """Only the test environment hashes cheaply."""
    for environment in (Environment.DEVELOPMENT, Environment.PRODUCTION):
        [hashed] = await Passwords(environment).hash_all(["Password123"])
        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    [cheap] = await Passwords(Environment.TEST).hash_all(["Password123"])
    assert cheap.startswith("$argon2id$v=19$m=64,t=1,p=1$")


async def test_a_batch_keeps_its_order_and_salts_each() -> None:
    """The same password twice has two hashes, and each hash is its own password's."""
    passwords = Passwords(Environment.TEST)
    given = ["one-two-three", "one-two-three", "four-five-six"]
    hashes = await passwords.hash_all(given)
    assert len(set(hashes)) == 3
    for password, hashed in zip(given, hashes, strict=True):
        assert await passwords.verify(password, hashed)
    assert not await passwords.verify("four-five-six", hashes[0])


async def test_a_shared_hash_is_made_once_for_each_password() -> None:
    """Whoever has the same password gets the same hash, in later batches too."""
    passwords = Passwords(Environment.TEST)
    shared = SharedHashes(passwords)
    one, other, again = await shared.hash_all(["one-two-three", "four-five-six", "one-two-three"])
    assert one == again != other
    assert await shared.hash_all(["four-five-six", "one-two-three"]) == [other, one]
    assert await shared.hash_all([]) == []
    assert await passwords.verify("one-two-three", one)
    assert await passwords.verify("four-five-six", other)


async def test_no_hash_matches_nothing() -> None:
    """An unknown user is checked against a hash of nobody's."""
    assert not await Passwords(Environment.TEST).verify("Password123", None)

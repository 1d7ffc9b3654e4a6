"""How passwords are hashed, and that it does not matter which keyboard they are typed on."""

from typing import Any
from unicodedata import normalize
from uuid import uuid4

import httpx
import pytest
from sqlmodel import col, update

from app.auth.models import Account
from app.auth.passwords import Passwords, SharedHashes
from app.settings import Environment
from auth.clinics import PASSWORDS, Backend

# The same password as two keyboards or programs send it.
KEYBOARDS = [
    pytest.param("P\u00e4ssw\u00f6rd1", "Pa\u0308sswo\u0308rd1", id="composed and decomposed"),
    pytest.param("\u1e69ecret word", "s\u0307\u0323ecret word", id="marks in another order"),
    pytest.param(
        "\ud55c\uad6d\uc5b4 secret", normalize("NFD", "\ud55c\uad6d\uc5b4 secret"), id="Hangul"
    ),
    pytest.param(
        "\u00c5ngstr\u00f6m 1", "\u212bngstr\u00f6m 1", id="the sign for \u00e5ngstr\u00f6m"
    ),
    pytest.param(
        "Password123",
        "\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13",
        id="full width",
    ),
    pytest.param("office fish", "o\ufb03ce \ufb01sh", id="ligatures"),
    pytest.param("a b c d e", "a\u00a0b\u3000c d e", id="spaces"),
    pytest.param("x2 plus y2", "x\u00b2 plus y\u00b2", id="superscripts"),
]


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
    """Users with the same password get the same hash, in later batches too."""
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


@pytest.mark.parametrize("environment", Environment)
async def test_no_hash_takes_the_work_of_one(environment: Environment) -> None:
    """The time of a refusal does not tell whether an address has a user."""
    passwords = Passwords(environment)
    [hashed] = await passwords.hash_all(["Password123"])
    dummy = passwords._dummy_hash  # noqa: SLF001 - used for unknown addresses
    # Algorithm, version and cost, then salt and digest.
    *parameters, salt, digest = dummy.split("$")
    *expected, other_salt, other_digest = hashed.split("$")
    assert parameters == expected
    assert (len(salt), len(digest)) == (len(other_salt), len(other_digest))
    assert dummy != Passwords(environment)._dummy_hash  # noqa: SLF001


async def sign_up(backend: Backend, password: str) -> str:
    email = f"{uuid4().hex}@example.com"
    response = await backend.call(None, "sign-up/email", name="Ada", email=email, password=password)
    assert response.status_code == 200, response.text
    return email


async def sign_in(backend: Backend, email: str, password: str) -> httpx.Response:
    return await backend.call(None, "sign-in/email", email=email, password=password)


@pytest.mark.parametrize(("one", "other"), KEYBOARDS)
async def test_a_password_is_the_same_on_every_keyboard(
    backend: Backend, one: str, other: str
) -> None:
    """It signs in, and is the current password of a change, however its characters are sent."""
    assert one != other
    for first, second in ((one, other), (other, one)):
        email = await sign_up(backend, first)
        response = await sign_in(backend, email, second)
        assert response.status_code == 200, response.text
        bearer = {"Authorization": f"Bearer {response.json()['token']}"}
        for path, body in (
            ("verify-password", {"password": second}),
            ("change-password", {"currentPassword": second, "newPassword": f"{first} new"}),
        ):
            done = await backend.client.post(f"/api/auth/{path}", json=body, headers=bearer)
            assert done.status_code == 200, done.text
        assert (await sign_in(backend, email, f"{second} new")).status_code == 200


@pytest.mark.parametrize(
    "other", ["Passwo\u0308rd1", "Pa\u0308sswo\u0308rd2", "p\u00e4ssw\u00f6rd1"]
)
async def test_other_characters_are_another_password(backend: Backend, other: str) -> None:
    """Marks, digits and case still count."""
    email = await sign_up(backend, "P\u00e4ssw\u00f6rd1")
    assert (await sign_in(backend, email, other)).status_code == 401


@pytest.mark.parametrize("form", ["NFC", "NFD"])
async def test_a_length_is_the_same_on_every_keyboard(backend: Backend, form: str) -> None:
    """It is counted in characters of the normalized password."""

    def typed(characters: int) -> str:
        return normalize(form, "\u00e4" * characters)  # type: ignore[arg-type]

    for characters, code in ((7, "PASSWORD_TOO_SHORT"), (129, "PASSWORD_TOO_LONG")):
        refused = await backend.call(
            None, "sign-up/email", name="Ada", email="a@example.com", password=typed(characters)
        )
        assert refused.json()["code"] == code
    for characters in (8, 128):
        email = await sign_up(backend, typed(characters))
        assert (await sign_in(backend, email, typed(characters))).status_code == 200


async def test_a_hash_of_a_password_that_was_not_normalized_still_works(backend: Backend) -> None:
    """As it was sent then; the other keyboard works once the password has been changed."""
    old, other = "Pa\u0308sswo\u0308rd1", "P\u00e4ssw\u00f6rd1"
    person = await backend.make_person()
    old_hash = PASSWORDS._context.hash(old)  # noqa: SLF001 - as it was hashed before
    async with backend.session() as session:
        of_the_person = col(Account.user_id) == person.id
        await session.exec(update(Account).where(of_the_person).values(password=old_hash))
    assert (await sign_in(backend, person.email, old)).status_code == 200
    assert (await sign_in(backend, person.email, other)).status_code == 401
    passwords: Any = {"currentPassword": old, "newPassword": old}
    changed = await backend.call(person, "change-password", **passwords)
    assert changed.status_code == 200
    assert (await sign_in(backend, person.email, other)).status_code == 200

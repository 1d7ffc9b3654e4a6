"""Hashes of the public password that processes leave to each other in a file."""

import os
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from app.auth.passwords import Passwords
from app.seed.constants import PASSWORD
from app.seed.prepared_hashes import PreparedHashes
from app.settings import Environment

PASSWORDS = Passwords(Environment.TEST)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "seed-hashes"


async def hash_in_new_process(file: Path | None, count: int) -> list[str]:
    return await PreparedHashes(PASSWORDS, file).hash_all([PASSWORD] * count)


def modes_in(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}


async def test_the_file_serves_later_processes(file: Path) -> None:
    """A process computes only the hashes that are missing, and all are different and right."""
    first = await hash_in_new_process(file, 3)
    more = await hash_in_new_process(file, 5)
    assert more[:3] == first
    assert await hash_in_new_process(file, 2) == first[:2]
    assert await hash_in_new_process(file, 5) == more
    assert len(set(more)) == 5
    for each in more:
        assert await PASSWORDS.verify(PASSWORD, each)


@pytest.mark.parametrize("counts", [(40, 3), (3, 40), (3, 20, 40)])
async def test_calls_at_the_same_time(file: Path, counts: tuple[int, ...]) -> None:
    """Each gets as many hashes as it asks for, and they have the first ones in common."""
    prepared = PreparedHashes(PASSWORDS, file)
    found: list[list[str]] = []

    async def hash_some(count: int) -> None:
        found.append(await prepared.hash_all([PASSWORD] * count))

    async with anyio.create_task_group() as tasks:
        for count in counts:
            tasks.start_soon(hash_some, count)
    assert sorted(map(len, found)) == sorted(counts)
    assert len({tuple(hashes[:3]) for hashes in found}) == 1


async def test_only_the_owner_can_read_the_file(file: Path) -> None:
    """No umask changes that, and nothing else is left in the folder."""
    before = os.umask(0)
    try:
        await hash_in_new_process(file, 2)
    finally:
        os.umask(before)
    assert modes_in(file.parent) == {file.name: 0o600}
    assert modes_in(file.parent.parent) == {file.parent.name: 0o700}


async def test_other_passwords_are_never_kept(file: Path) -> None:
    """They get a new hash each time, and no file."""
    prepared = PreparedHashes(PASSWORDS, file)
    given = [PASSWORD, "one-two-three"]
    hashes = [*await prepared.hash_all(given), *await prepared.hash_all(given)]
    assert len(set(hashes)) == 4
    assert await PASSWORDS.verify("one-two-three", hashes[1])
    assert not modes_in(file.parent.parent)


def replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replace_by_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def link_elsewhere(file: Path) -> None:
    file.symlink_to(file.rename(file.with_name("elsewhere")))


def repeat_hash(file: Path) -> None:
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:-1], lines[1]]))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: file.write_text(""), id="empty"),
        pytest.param(lambda file: file.write_bytes(b"\xff\x00"), id="not text"),
        pytest.param(lambda file: file.write_text(file.read_text()[:-9]), id="incomplete"),
        pytest.param(lambda file: file.write_text(file.read_text() + "\n" * 65_536), id="too long"),
        pytest.param(repeat_hash, id="equal hashes"),
        pytest.param(lambda file: file.chmod(0o644), id="readable by others"),
        pytest.param(replace_by_folder, id="folder"),
        pytest.param(replace_by_pipe, id="pipe, which nobody writes to"),
        pytest.param(link_elsewhere, id="link"),
    ],
)
async def test_an_unexpected_file_is_ignored(file: Path, spoil: Callable[[Path], object]) -> None:
    """New hashes are computed, and replace the file if possible."""
    before = await hash_in_new_process(file, 3)
    spoil(file)
    after = await hash_in_new_process(file, 3)
    assert len({*before, *after}) == 6
    for each in after:
        assert await PASSWORDS.verify(PASSWORD, each)
    if spoil is not replace_by_folder:
        assert await hash_in_new_process(file, 3) == after
    assert modes_in(file.parent).keys() <= {file.name, "elsewhere"}


async def test_a_file_of_another_user_is_ignored(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would say which hashes this user's databases get."""
    before = await hash_in_new_process(file, 2)
    other = os.geteuid() + 1
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: other)
        assert not {*before} & {*await hash_in_new_process(file, 2)}


async def test_hashes_of_another_cost_are_ignored(file: Path) -> None:
    """An earlier version may have saved cheaper ones."""
    cheap = await hash_in_new_process(file, 1)
    [costly] = await PreparedHashes(Passwords(Environment.DEVELOPMENT), file).hash_all([PASSWORD])
    assert costly.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await hash_in_new_process(file, 1) not in (cheap, [costly])


async def test_hashes_of_another_password_are_ignored(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody could sign in if another version had another password."""
    before = await hash_in_new_process(file, 2)
    monkeypatch.setattr("app.seed.prepared_hashes.PASSWORD", "Password124")
    after = await PreparedHashes(PASSWORDS, file).hash_all(["Password124"] * 2)
    assert not {*before} & {*after}
    assert await PASSWORDS.verify("Password124", after[0])


async def test_a_folder_that_cannot_be_used_changes_nothing(file: Path) -> None:
    """Without its file, a process still computes its hashes once."""
    file.parent.write_text("not a folder")
    prepared = PreparedHashes(PASSWORDS, file)
    hashes = await prepared.hash_all([PASSWORD] * 2)
    assert await prepared.hash_all([PASSWORD] * 2) == hashes
    assert await hash_in_new_process(None, 2) != hashes

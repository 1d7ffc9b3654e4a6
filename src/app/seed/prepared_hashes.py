"""Hashes of the seed's public password, which later seeds use again."""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from anyio import Lock, to_thread

from app.auth.passwords import Passwords
from app.private_files import create_private_folder, replace_private_file
from app.seed.constants import PASSWORD

MAX_BYTES = 65_536


class PreparedHashes:
    """Hash like `Passwords`, but compute the hashes of `PASSWORD` once per process.

    With a file, compute them once per installation. The file is ignored if it cannot be read or
    written, has unexpected contents, or is not private.
    """

    def __init__(self, passwords: Passwords, file: Path | None) -> None:
        self._passwords = passwords
        self._file = file
        self._hashes: list[str] = []
        self._lock = Lock()

    async def hash_all(self, passwords: Sequence[str]) -> list[str]:
        """Return a hash for each password, in the same order. No two hashes are equal.

        Each call returns the same hashes of `PASSWORD`, in the same order.
        """
        if any(password != PASSWORD for password in passwords):
            return await self._passwords.hash_all(passwords)
        # Without the lock, a call for fewer hashes could replace those of a call for more.
        async with self._lock:
            if len(self._hashes) < len(passwords):
                await self._prepare(len(passwords))
        return self._hashes[: len(passwords)]

    async def _prepare(self, count: int) -> None:
        saved = await to_thread.run_sync(self._read)
        known = max(saved, self._hashes, key=len)
        missing = [PASSWORD] * (count - len(known))
        self._hashes = [*known, *await self._passwords.hash_all(missing)]
        if missing:
            await to_thread.run_sync(self._write)

    def _read(self) -> list[str]:
        if self._file is None:
            return []
        try:
            found = self._file.lstat()
            is_private = found.st_uid == os.geteuid() and not found.st_mode & 0o077
            if not (is_private and stat.S_ISREG(found.st_mode) and found.st_size <= MAX_BYTES):
                return []
            checksum, *hashes = self._file.read_text("ascii").splitlines()
        except (OSError, ValueError):
            return []
        is_current = all(map(self._passwords.is_current, hashes))
        return hashes if is_current and checksum == _checksum(hashes) else []

    def _write(self) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            create_private_folder(self._file.parent)
            replace_private_file(self._file, "\n".join([_checksum(self._hashes), *self._hashes]))


def _checksum(hashes: Sequence[str]) -> str:
    """Return a value that shows that the hashes are complete and of this password.

    To verify a hash takes as long as to compute it.
    """
    return sha256("\n".join([PASSWORD, *hashes]).encode()).hexdigest()

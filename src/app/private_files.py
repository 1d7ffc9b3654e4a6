"""Files and folders that only their owner can use, regardless of the umask."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700


def create_private_folder(folder: Path) -> None:
    """Create a folder that only its owner can enter, or restrict an existing one to its owner.

    Raise `OSError` if it cannot be created or is not a folder.
    """
    try:
        folder.mkdir(mode=OWNER_ONLY_FOLDER)
    except FileExistsError:
        if not folder.is_dir():
            raise NotADirectoryError(
                errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)
            ) from None
        restrict_to_owner(folder)


def create_private_file(path: str) -> None:
    """Create an empty file unless the path exists.

    An error is ignored: the program that opens the file next reports it. An existing file is not
    opened, because closing it would release the locks that SQLite holds on it in this process.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY_FILE))


def replace_private_file(path: Path, text: str) -> None:
    """Create a file, or replace it at once, so that nobody reads a part of the text.

    Raise `OSError` if it cannot be written; an existing file stays as it is.
    """
    descriptor, new = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # only for its owner
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(new).replace(path)
    except OSError:
        Path(new).unlink()
        raise


def restrict_to_owner(path: Path) -> None:
    """Remove the rights of group and others from a file or folder of this user.

    Links and what belongs to other users stay as they are.
    """
    with suppress(OSError):
        found = path.lstat()
        is_link = stat.S_ISLNK(found.st_mode)
        if found.st_uid == os.geteuid() and not is_link and found.st_mode & 0o077:
            path.chmod(found.st_mode & OWNER_ONLY_FOLDER)

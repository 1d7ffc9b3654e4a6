"""Makes the rows of a large data set in processes of their own, one a core, in turn a batch each.

This module is also what such a process runs: it is given a request, and writes batches until the
end, or until nobody reads them any more.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import BinaryIO, cast

import msgspec

from app.logs import describe_exception, get_logger
from app.seed.errors import AuditFailed, MakerDied
from app.seed.kinds import LOADED, Kind
from app.seed.request import SeedRequest
from app.seed.rows.batches import Batch

log = get_logger(__name__)

LENGTH_BYTES = 4
READ_AHEAD_BYTES = 1 << 21
# More than one database can keep up with, and each holds some 80 MB.
MAX_MAKERS = 4
# A batch takes a fraction of a second.
SECONDS_WAITED = 60


class Order(msgspec.Struct):
    """What one of the makers is to make."""

    request: SeedRequest
    dialect: str
    maker: int
    makers: int


class Made(msgspec.Struct, tag=True):
    """Without a batch it ends a kind."""

    batch: Batch | None


class BrokenRule(msgspec.Struct, tag=True):
    violations: Mapping[str, list[str]]


class Failed(msgspec.Struct, tag=True):
    """`exception` as the log tells one: types and frames, no values."""

    exception: str


Message = Made | BrokenRule | Failed
decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


@asynccontextmanager
async def row_processes(
    request: SeedRequest, dialect: str
) -> AsyncIterator[Callable[[Kind], AsyncIterator[Batch]]]:
    """Start the makers; what is given reads the batches of each kind, in the order of `LOADED`."""
    makers = min(os.cpu_count() or 1, MAX_MAKERS)
    processes: list[Process] = []
    try:
        for maker in range(makers):
            # One by one: those that have started must end if another cannot start.
            processes.append(await _start(Order(request, dialect, maker, makers)))  # noqa: PERF401
        yield lambda _kind: _read_kind(processes)
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
        for process in processes:
            # Waiting alone could last for ever: what is not read keeps its pipe open.
            await process.communicate()


async def _start(order: Order) -> Process:
    command = (sys.executable, "-m", __name__, msgspec.json.encode(order).decode())
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        limit=READ_AHEAD_BYTES,
        start_new_session=True,  # Ctrl-C is for who started it
    )


async def _read_kind(processes: Sequence[Process]) -> AsyncIterator[Batch]:
    """Take turns as the makers do; once one has no more, no other has."""
    for turn in count():
        batch = await read_batch(processes[turn % len(processes)])
        if batch is None:
            break
        yield batch
    for later in range(1, len(processes)):
        await read_batch(processes[(turn + later) % len(processes)])


async def read_batch(process: Process) -> Batch | None:
    """Raise `AuditFailed` for a row that breaks a rule, and `MakerDied` for a process that did.

    What else goes wrong in the process is an error here, too, and the log has it.
    """
    made = cast("asyncio.StreamReader", process.stdout)
    try:
        async with asyncio.timeout(SECONDS_WAITED):
            length = int.from_bytes(await made.readexactly(LENGTH_BYTES))
            message = decoder.decode(await made.readexactly(length))
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        raise MakerDied from error
    match message:
        case Made(batch):
            return batch
        case BrokenRule(violations):
            raise AuditFailed(violations)
        case Failed(exception):
            log.error("rows cannot be made", exception=exception)
            raise RuntimeError("rows cannot be made")


def make(order: Order, out: BinaryIO) -> None:
    def send(message: Message) -> None:
        encoded = msgspec.msgpack.encode(message)
        out.write(len(encoded).to_bytes(LENGTH_BYTES))
        out.write(encoded)
        out.flush()

    try:
        for kind in LOADED:
            for batch in kind.batches(order.request, order.dialect, order.maker, order.makers):
                send(Made(batch))
            send(Made(None))
    except AuditFailed as error:
        send(BrokenRule(error.violations))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whoever reads the batches tells of it
        send(Failed(describe_exception((type(error), error, error.__traceback__))))


if __name__ == "__main__":
    # What anybody prints goes to the log, not among the batches.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError):
        make(msgspec.json.decode(sys.argv[1], type=Order), pipe)
    # What could not be written to nobody is not tried again at the end.
    os._exit(0)

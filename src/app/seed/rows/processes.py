"""Makes rows: those of a small data set here, those of a large one in several processes.

There is one process per core, and they take turns, a batch each. This module is also the program
of such a process: it writes batches to its standard output until the last one, or until nobody
reads them.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import BinaryIO, cast

import msgspec

from app.logs import describe_exception, get_logger
from app.seed.errors import AuditFailed, WorkerDied
from app.seed.kinds import LOADED, is_large
from app.seed.request import SeedRequest
from app.seed.rows.kind import Batch, LoadedKind

RowSource = Callable[[LoadedKind], AsyncIterator[Batch]]
log = get_logger(__name__)

LENGTH_BYTES = 4
READ_AHEAD_BYTES = 1 << 21
# More than one database can keep up with, and each holds some 80 MB.
MAX_WORKERS = 4
# A batch takes a fraction of a second.
SECONDS_WAITED = 60


class WorkerTask(msgspec.Struct):
    """Which rows one of the processes makes: those of every batch whose turn is its own."""

    request: SeedRequest
    dialect: str
    worker: int
    workers: int


class BatchMade(msgspec.Struct, tag=True):
    """A batch of a kind, or None after its last one."""

    batch: Batch | None


class BrokenRule(msgspec.Struct, tag=True):
    violations: Mapping[str, list[str]]


class WorkerFailed(msgspec.Struct, tag=True):
    """`exception` has types and frames, as in the log, and no values."""

    exception: str


Message = BatchMade | BrokenRule | WorkerFailed
decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


@asynccontextmanager
async def row_source(request: SeedRequest, dialect: str) -> AsyncIterator[RowSource]:
    """Return the source of the batches of each kind; it must be read in the order of `LOADED`."""
    if is_large(request):
        async with _processes(request, dialect) as processes:
            yield lambda _kind: _read_kind(processes)
    else:
        yield partial(_make_here, request, dialect)


async def _make_here(request: SeedRequest, dialect: str, kind: LoadedKind) -> AsyncIterator[Batch]:
    for batch in kind.batches(request, dialect):
        yield batch


@asynccontextmanager
async def _processes(request: SeedRequest, dialect: str) -> AsyncIterator[Sequence[Process]]:
    workers = min(os.cpu_count() or 1, MAX_WORKERS)
    processes: list[Process] = []
    try:
        for worker in range(workers):
            # One by one: those that have started must end if another cannot start.
            processes.append(await _start(WorkerTask(request, dialect, worker, workers)))  # noqa: PERF401
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
        for process in processes:
            # Waiting alone could last for ever: what is not read keeps its pipe open.
            await process.communicate()


async def _start(task: WorkerTask) -> Process:
    command = (sys.executable, "-m", __name__, msgspec.json.encode(task).decode())
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        limit=READ_AHEAD_BYTES,
        start_new_session=True,  # Ctrl-C is for who started it
    )


async def _read_kind(processes: Sequence[Process]) -> AsyncIterator[Batch]:
    """Read from the processes in turn, which are all at their end as soon as one is."""
    for turn in count():
        batch = await read_batch(processes[turn % len(processes)])
        if batch is None:
            break
        yield batch
    for later in range(1, len(processes)):
        await read_batch(processes[(turn + later) % len(processes)])


async def read_batch(process: Process) -> Batch | None:
    """Return the next batch of a process, or None at the end of a kind.

    Raises `AuditFailed` for a row that breaks a rule, `WorkerDied` if the process ended or hangs,
    and `RuntimeError` if it failed otherwise; the log says how.
    """
    made = cast("asyncio.StreamReader", process.stdout)
    try:
        async with asyncio.timeout(SECONDS_WAITED):
            length = int.from_bytes(await made.readexactly(LENGTH_BYTES))
            message = decoder.decode(await made.readexactly(length))
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        raise WorkerDied from error
    match message:
        case BatchMade(batch):
            return batch
        case BrokenRule(violations):
            raise AuditFailed(violations)
        case WorkerFailed(exception):
            log.error("rows cannot be made", exception=exception)
            raise RuntimeError("rows cannot be made")


def write_batches(task: WorkerTask, out: BinaryIO) -> None:
    def send(message: Message) -> None:
        encoded = msgspec.msgpack.encode(message)
        out.write(len(encoded).to_bytes(LENGTH_BYTES))
        out.write(encoded)
        out.flush()

    try:
        for kind in LOADED:
            for batch in kind.batches(task.request, task.dialect, task.worker, task.workers):
                send(BatchMade(batch))
            send(BatchMade(None))
    except AuditFailed as error:
        send(BrokenRule(error.violations))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the reader of the batches reports it
        send(WorkerFailed(describe_exception((type(error), error, error.__traceback__))))


if __name__ == "__main__":
    # A seeder that prints must not write among the batches.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError):
        write_batches(msgspec.json.decode(sys.argv[1], type=WorkerTask), pipe)
    # Without flushing again to a pipe that nobody reads.
    os._exit(0)

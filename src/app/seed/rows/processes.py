"""Generate rows: in this process for a small data set, in several processes for a large one.

There is one process per core. They take turns with the batches, except for the first batch of each
kind: this process generates it, so that nobody waits for the others to start. `main` is the program
of such a process. It writes batches to its standard output, until the last one or until the pipe is
closed.
"""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from itertools import islice
from typing import BinaryIO, cast

import msgspec

from app.logs import describe_exception, get_logger
from app.seed.errors import AuditFailed, WorkerDied
from app.seed.kinds import LOADED, expected_rows, is_large
from app.seed.request import SeedRequest
from app.seed.rows.kind import Batch, LoadedKind

RowSource = Callable[[LoadedKind], AsyncIterator[Batch]]
log = get_logger(__name__)

LOADED_BY_NAME = {kind.name: kind for kind in LOADED}
FIRST_BATCHES = 1  # of each kind
KEPT_ROWS = 2_000  # of a data set, about 2 MB
LENGTH_BYTES = 4
# A process generates up to twice as many while the server waits for the database.
READ_AHEAD_BYTES = 1 << 23
# More would be faster than any database, and each one uses about 80 MB.
MAX_WORKERS = 4
# Rows have no reference cycles. To look for some takes a twentieth of the time. The server, which
# writes the rows, has precedence.
PROGRAM = f"import gc, os; gc.disable(); os.nice(5); from {__name__} import main; main()"
# A batch takes a fraction of a second.
SECONDS_WAITED = 60


class WorkerTask(msgspec.Struct):
    """Which batches a process generates: every `workers`th one from number `first` on."""

    request: SeedRequest
    dialect: str
    first: int
    workers: int


class BatchMade(msgspec.Struct, tag=True):
    batch: Batch


class BrokenRule(msgspec.Struct, tag=True):
    violations: Mapping[str, list[str]]


class WorkerFailed(msgspec.Struct, tag=True):
    """`exception` has types and frames, as in the log, and no values."""

    exception: str


Message = BatchMade | BrokenRule | WorkerFailed
decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


@asynccontextmanager
async def row_source(request: SeedRequest, dialect: str) -> AsyncIterator[RowSource]:
    """Yield a function that returns the batches of a kind; call it in the order of `LOADED`."""
    if is_large(request):
        async with _processes(request, dialect) as processes:
            yield partial(_make_and_read, processes, request, dialect)
    else:
        yield partial(_make_here, request, dialect)


async def _make_here(request: SeedRequest, dialect: str, kind: LoadedKind) -> AsyncIterator[Batch]:
    made: Iterable[Batch] = kind.batches(request, dialect)
    if expected_rows(request) <= KEPT_ROWS:
        made = _kept_batches(kind.name, msgspec.json.encode(request), dialect)
    for batch in made:
        yield batch


@lru_cache(maxsize=len(LOADED))
def _kept_batches(kind: str, request: bytes, dialect: str) -> Sequence[Batch]:
    """Return the batches of a kind. Those of the last data set are kept: it is often seeded again.

    To make them takes a third of the time of such a seed.
    """
    made = LOADED_BY_NAME[kind].batches(msgspec.json.decode(request, type=SeedRequest), dialect)
    return tuple(made)


@asynccontextmanager
async def _processes(request: SeedRequest, dialect: str) -> AsyncIterator[Sequence[Process]]:
    workers = min(os.cpu_count() or 1, MAX_WORKERS)
    processes: list[Process] = []
    try:
        for worker in range(workers):
            # One by one: if one cannot start, the others must be stopped.
            task = WorkerTask(request, dialect, FIRST_BATCHES + worker, workers)
            processes.append(await _start(task))
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
        for process in processes:
            # `wait` could hang, because unread output keeps the pipe open.
            await process.communicate()


async def _start(task: WorkerTask) -> Process:
    command = (sys.executable, "-c", PROGRAM, msgspec.json.encode(task).decode())
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        limit=READ_AHEAD_BYTES,
        process_group=0,  # Ctrl-C only reaches the main process
    )


async def _make_and_read(
    processes: Sequence[Process], request: SeedRequest, dialect: str, kind: LoadedKind
) -> AsyncIterator[Batch]:
    """Make the first batch here, and read the others from the processes in turn."""
    for batch in islice(kind.batches(request, dialect), FIRST_BATCHES):
        yield batch
    for turn in range(kind.batch_count(request) - FIRST_BATCHES):
        yield await read_batch(processes[turn % len(processes)])


async def read_batch(process: Process) -> Batch:
    """Return the next batch of a process.

    Raise `AuditFailed` for a row that breaks a rule, `WorkerDied` if the process ended or hangs,
    and `RuntimeError` for any other failure, which is logged.
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
            log.error("rows cannot be generated", exception=exception)
            raise RuntimeError("rows cannot be generated")


def write_batches(task: WorkerTask, out: BinaryIO) -> None:
    def send(message: Message) -> None:
        encoded = msgspec.msgpack.encode(message)
        out.write(len(encoded).to_bytes(LENGTH_BYTES))
        out.write(encoded)
        out.flush()

    try:
        for kind in LOADED:
            for batch in kind.batches(task.request, task.dialect, task.first, task.workers):
                send(BatchMade(batch))
    except AuditFailed as error:
        send(BrokenRule(error.violations))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the reader of the batches reports it
        send(WorkerFailed(describe_exception((type(error), error, error.__traceback__))))


def main() -> None:
    # Nothing that a seeder prints may get between the batches.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(BrokenPipeError):
        write_batches(msgspec.json.decode(sys.argv[1], type=WorkerTask), pipe)
    # Without flushing to a closed pipe.
    os._exit(0)

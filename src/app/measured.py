"""Reports to those who measure operations when one begins and ends. By default, nobody does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Literal

Operation = Literal["seed", "dry_run", "restore"]
Observer = Callable[[Operation], AbstractContextManager[object]]
_observers: list[Observer] = []


@contextmanager
def observing(observer: Observer) -> Iterator[None]:
    """Enter the context of this observer for each operation, until the end of the block."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


@contextmanager
def measured(operation: Operation) -> Iterator[None]:
    """Let each observer see the operation and the exception with which it fails."""
    with ExitStack() as stack:
        for observer in _observers:
            stack.enter_context(observer(operation))
        yield

"""Load the application without pauses of the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage meanwhile, and never look at what was loaded later.

    All of it stays to the end of the process, and a full collection would look at each object.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

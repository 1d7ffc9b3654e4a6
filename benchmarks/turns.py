"""Measure what takes turns, so that other load on the machine affects all of it."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from processor import processor_seconds

T = TypeVar("T")
Samples = dict[str, list[float]]  # by the name of what is measured


@dataclass
class Measured:
    """Times of each, and how long its processes used the processor."""

    times: Samples = field(default_factory=lambda: defaultdict(list))
    processor: Samples = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def measured(self, name: str, processes: set[int]) -> Iterator[None]:
        used, began = processor_seconds(processes), time.perf_counter()
        yield
        self.times[name].append(time.perf_counter() - began)
        self.processor[name].append(processor_seconds(processes) - used)


def turns_of(each: Sequence[T], rounds: int) -> Iterator[T]:
    """Yield each once a round; half of the rounds begin with the last one."""
    for number_of_round in range(rounds):
        yield from each[:: -1 if number_of_round % 2 else 1]


def find_p99(samples: Sequence[float]) -> float:
    return statistics.quantiles(samples, n=100)[98]

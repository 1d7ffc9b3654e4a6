"""Compare the generation of patients with other generators of rows, on one core.

Faker makes realistic values of a kind, and polyfactory random values of each type. Both come with
Litestar.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date

from faker import Faker
from polyfactory.factories.msgspec_factory import MsgspecFactory

from app.clinic.patients.schemas import CreatePatient
from app.seed.request import SeedRequest
from app.seed.seeders.patients import KIND
from checkouts import AS_OF

ROUNDS = 5
WARM_UP = 20


class RandomPatients(MsgspecFactory[CreatePatient]):
    __model__ = CreatePatient


def measure_generators() -> list[str]:
    """Return the figures as lines of Markdown."""
    faker = Faker("en_AU")

    def fake_patients(count: int) -> None:
        for _ in range(count):
            faker.first_name()
            faker.last_name()
            faker.email()
            faker.phone_number()
            faker.date_of_birth(minimum_age=5, maximum_age=95)
            faker.address()

    generators: dict[str, tuple[Callable[[int], object], int]] = {
        "Seedbed: 24 columns that fit together, encoded for the database": (seed_patients, 5_000),
        "Faker: names, email address, phone number, date of birth and address": (
            fake_patients,
            1_000,
        ),
        "polyfactory: random values for the body of a request": (RandomPatients.batch, 50),
    }
    lines = [
        "## Generating a patient, beside other generators",
        "",
        f"Microseconds of the processor for each of many patients, medians of {ROUNDS}.",
        "",
        "| | µs | ratio |",
        "| --- | --- | --- |",
    ]
    found = in_turns(generators)
    [ours, *_] = found.values()
    return [
        *lines,
        *(f"| {name} | {each:,.0f} | {each / ours:.1f} |" for name, each in found.items()),
    ]


def seed_patients(count: int) -> None:
    request = SeedRequest(patients=count, as_of=date.fromisoformat(AS_OF))
    for _ in KIND.batches(request, "sqlite"):
        pass


def in_turns(generators: dict[str, tuple[Callable[[int], object], int]]) -> dict[str, float]:
    """Return the microseconds that each takes for a row."""
    found: dict[str, list[float]] = {name: [] for name in generators}
    for generate, _ in generators.values():
        generate(WARM_UP)
    for _ in range(ROUNDS):
        for name, (generate, count) in generators.items():
            began = time.process_time()
            generate(count)
            found[name].append((time.process_time() - began) / count * 1_000_000)
    return {name: statistics.median(each) for name, each in found.items()}

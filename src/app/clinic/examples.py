"""The examples on the OpenAPI page: what is sent, with which parameters, and what is answered.

Sent by the user of `signIn` to a fresh default data set, they work. They are literals because
nothing here knows the seed; `tests/test_examples.py` compares them with what it makes.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Raw

from app.auth import examples as identity
from app.clinic.availability import examples as availability
from app.clinic.patients import examples as patients
from app.clinic.treatment_plans import examples as treatment_plans

REQUESTS: Mapping[str, Mapping[str, Any]] = {
    **identity.REQUESTS,
    **availability.REQUESTS,
    **patients.REQUESTS,
    **treatment_plans.REQUESTS,
}
ANSWERS: Mapping[str, Any] = {
    **identity.ANSWERS,
    **availability.ANSWERS,
    **patients.ANSWERS,
    **treatment_plans.ANSWERS,
}
# By operation, what is filled in of a path, and of a query that has to have it.
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    **availability.PARAMETERS,
    **patients.PARAMETERS,
    **treatment_plans.PARAMETERS,
}
SEED_MADE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def as_sent(example: Any) -> Raw | None:
    """Give an example as JSON, for Litestar would leave out of a dictionary what is null."""
    return None if example is None else Raw(msgspec.json.encode(example))


def names_seeded(example: Raw | str) -> bool:
    """Say whether an example holds what only a default data set has."""
    text = example if isinstance(example, str) else bytes(example).decode()
    return bool(SEED_MADE.search(text)) or any(word in text for word in identity.SEEDED)

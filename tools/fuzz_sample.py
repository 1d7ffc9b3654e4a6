"""A short run sends few values, which together cover all operations and all fields.

It sends examples of operations without such values only: `tests/clinic/test_examples.py` sends all
of them.
"""

import re
from collections import Counter
from typing import Any

from schemathesis import Case
from schemathesis.generation.meta import CoveragePhaseData

SHORT = "FUZZ_SHORT"  # the environment variable of a short run
# The operations for which `schemathesis.toml` turns the values off, and a few others.
REPLACE, UPDATE = "replace", "update"
VALID = 3
PROPERTY = re.compile("/properties/([^/]+)")

sent: Counter[tuple[Any, ...]] = Counter()


def is_valid(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def sample(operation: str, examples: list[Case[Any]]) -> list[Case[Any]]:
    """Return the examples to send. Many replacements are refused, so all of these are sent."""
    if operation.startswith(REPLACE):
        return examples
    return examples[: operation.startswith(UPDATE)]


def is_new(operation: str, case: Case[Any]) -> bool:
    """Return whether a generated value is among the first of its kind.

    Each operation gets an invalid value in each place, such as the query, and a few valid ones,
    because some are refused. Each field gets an invalid value in one of the operations that have
    it.
    """
    if case.meta is None or not isinstance(case.meta.phase.data, CoveragePhaseData):
        return True
    data = case.meta.phase.data
    place, name = data.parameter_location, data.parameter
    of_kind = is_first(place, data.scenario)
    if is_valid(case):
        return is_first(operation, place, at_most=VALID) or of_kind
    if data.location:
        name = next(reversed(PROPERTY.findall(data.location)), "body")
    of_operation = is_first(operation, place, "invalid")
    return is_first(place, name) or of_operation or of_kind


def is_first(*kind: Any, at_most: int = 1) -> bool:
    sent[kind] += 1
    return sent[kind] <= at_most

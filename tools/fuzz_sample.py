"""A short run sends one value of each kind for each field and parameter.

It sends examples of operations without such values only: `tests/clinic/test_examples.py` sends all
of them.
"""

from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData, TestPhase

SHORT = "FUZZ_SHORT"  # the environment variable of a short run
# The operations for which `schemathesis.toml` turns the values off, and a few others.
BY_EXAMPLE = ("replace", "update")

sent: set[tuple[Any, ...]] = set()


def is_valid(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def is_new(operation: str, case: Case[Any]) -> bool:
    """Return whether no value of the same kind was sent."""
    if case.meta is not None and case.meta.phase.name is TestPhase.EXAMPLES:
        return operation.startswith(BY_EXAMPLE)
    if case.meta is None or not isinstance(case.meta.phase.data, CoveragePhaseData):
        return True
    data = case.meta.phase.data
    which = None
    if is_valid(case):
        which, _, _ = data.description.partition(":")  # without the value
    elif data.parameter_location is ParameterLocation.BODY:
        which = data.location
    kind = (operation, data.parameter_location, data.parameter, data.scenario, which)
    if kind in sent:
        return False
    sent.add(kind)
    return True

"""The scenarios by their names."""

from importlib import import_module

from app.seed.scenarios.names import SCENARIO_NAMES
from app.seed.scenarios.scenario import Scenario


def load(name: str) -> Scenario:
    scenario: Scenario = import_module(f"app.seed.scenarios.{name.replace('-', '_')}").SCENARIO
    return scenario


SCENARIOS = {name: load(name) for name in SCENARIO_NAMES}

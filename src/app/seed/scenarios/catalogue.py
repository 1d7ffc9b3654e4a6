"""The scenarios by their names. Each is loaded when it is used, because few calls need one."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from app.seed.scenarios.names import SCENARIO_NAMES
from app.seed.scenarios.scenario import Scenario


class ScenarioCatalogue(Mapping[str, Scenario]):
    def __getitem__(self, name: str) -> Scenario:
        if name not in SCENARIO_NAMES:
            raise KeyError(name)
        module = import_module(f"app.seed.scenarios.{name.replace('-', '_')}")
        scenario: Scenario = module.SCENARIO
        return scenario

    def __iter__(self) -> Iterator[str]:
        return iter(SCENARIO_NAMES)

    def __len__(self) -> int:
        return len(SCENARIO_NAMES)


SCENARIOS = ScenarioCatalogue()

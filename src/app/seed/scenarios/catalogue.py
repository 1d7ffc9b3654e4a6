"""The list of the scenarios."""

from app.seed.scenarios import default
from app.seed.scenarios.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {each.name: each for each in (default.SCENARIO,)}

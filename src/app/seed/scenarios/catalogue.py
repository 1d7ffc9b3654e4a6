"""The list of the scenarios."""

from app.seed.scenarios import (
    calendar_edges,
    default,
    empty,
    extreme_text,
    long_history,
    no_patients,
)
from app.seed.scenarios.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {
    each.name: each
    for each in (
        default.SCENARIO,
        empty.SCENARIO,
        no_patients.SCENARIO,
        long_history.SCENARIO,
        extreme_text.SCENARIO,
        calendar_edges.SCENARIO,
    )
}

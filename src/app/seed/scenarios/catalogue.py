"""The list of the scenarios."""

from app.seed.scenarios import (
    busy_day,
    calendar_edges,
    conflict_week,
    default,
    empty,
    every_status,
    extreme_text,
    long_history,
    look_alikes,
    no_patients,
    shared_practitioner,
)
from app.seed.scenarios.scenario import Scenario

SCENARIOS: dict[str, Scenario] = {
    each.name: each
    for each in (
        default.SCENARIO,
        empty.SCENARIO,
        no_patients.SCENARIO,
        conflict_week.SCENARIO,
        shared_practitioner.SCENARIO,
        every_status.SCENARIO,
        busy_day.SCENARIO,
        long_history.SCENARIO,
        extreme_text.SCENARIO,
        calendar_edges.SCENARIO,
        look_alikes.SCENARIO,
    )
}

"""What `GET /api/db/scenarios` says about each scenario."""

from typing import Annotated

from msgspec import Meta

from app.seed.scenarios.scenario import Scenario
from app.web.schemas import ResponseBody


class ScenarioDescription(ResponseBody):
    name: str
    purpose: Annotated[str, Meta(description="What it is for.")]
    guarantees: Annotated[
        list[str], Meta(description="What is true of its clinics, and checked before the commit.")
    ]
    has_sizes: Annotated[
        bool,
        Meta(description="Whether the practitioners and patients of a new clinic can be chosen."),
    ]


def describe(scenario: Scenario) -> ScenarioDescription:
    return ScenarioDescription(
        name=scenario.name,
        purpose=scenario.purpose,
        guarantees=[rule.name for rule in scenario.guarantees],
        has_sizes=scenario.has_sizes,
    )

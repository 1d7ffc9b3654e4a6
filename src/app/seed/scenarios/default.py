"""`default`: like any seeded clinic."""

from app.seed.audit.checks import ALL_RULES
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.scenario import Scenario

SCENARIO = Scenario(
    name="default",
    purpose="A clinic like any seeded one, for tests that need ordinary data.",
    build=ordinary_content,
    guarantees=tuple(ALL_RULES),
)

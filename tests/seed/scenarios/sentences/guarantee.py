"""A guarantee of a scenario: a query that checks it, and statements that break it."""

from collections.abc import Callable

from seed.scenarios.stored import Stored

AS_OF = "2026-01-01"


class Guarantee:
    """Each of the `breakages` is a statement that makes it wrong.

    `{clinics}` stands for the ids of the clinics of the scenario.
    """

    def __init__(self, holds: Callable[[Stored], bool], *breakages: str) -> None:
        self.holds = holds
        self.breakages = breakages

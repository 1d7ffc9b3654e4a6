"""Why the API refuses a slot that conflicts with another, in words."""

from typing import Any

import msgspec

from app.console.slots import times_in_words

WHOLE_DAY = ("00:00:00", "24:00:00")


class Conflict(msgspec.Struct):
    """The problem document of a 409; `is_timed` says whether the refused slot has times."""

    problem: dict[str, Any]
    is_timed: bool

    @property
    def clash(self) -> dict[str, str] | None:
        clash: dict[str, str] | None = self.problem.get("clashesWith")
        return clash

    @property
    def free(self) -> dict[str, str] | None:
        free: dict[str, str] | None = self.problem.get("nextFree")
        return free

    @property
    def sentences(self) -> list[str]:
        return [self._reason, *self._rules]

    @property
    def _is_about_whole_day(self) -> bool:
        clash = self.clash or {}
        return (clash.get("startTime"), clash.get("endTime")) == WHOLE_DAY

    @property
    def _reason(self) -> str:
        if not self.clash:
            return "The practitioner is busy in another clinic."
        if self._is_about_whole_day:
            return "It conflicts with an all-day exception."
        return f"It conflicts with the slot from {times_in_words(self.clash)}."

    @property
    def _rules(self) -> list[str]:
        if not self.is_timed or self._is_about_whole_day:
            return ["A date with an all-day exception has no other exception."]
        apart = f"Slots must be at least {self.problem['gapMinutes']} minutes apart."
        return [apart] if self.free else [apart, "There is no free time later that day."]

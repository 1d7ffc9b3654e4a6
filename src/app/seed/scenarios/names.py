"""The names of the scenarios. Each is the name of its module, with hyphens."""

SCENARIO_NAMES = (
    "default",
    "empty",
    "no-patients",
    "conflict-week",
    "shared-practitioner",
    "every-status",
    "busy-day",
    "long-history",
    "extreme-text",
    "calendar-edges",
    "look-alikes",
)
WITH_SIZES = ("default",)  # whose quantities can be chosen

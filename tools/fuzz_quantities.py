"""Limit generated quantities: the largest valid ones take minutes, and the defaults seconds."""

from typing import Any

from app.seed.scenarios.catalogue import SCENARIOS

MAX_QUANTITIES = {"users": 4, "organizations": 3, "patients": 5}
MAX_SIZES = {"practitioners": 3, "patients": 3}  # of a clinic


def cap(quantities: dict[str, Any]) -> None:
    """Limit quantities, and request at least as many users as organizations."""
    for name, most in MAX_QUANTITIES.items():
        quantities[name] = min(quantities.get(name, most), most)
    quantities["users"] = max(quantities["users"], quantities["organizations"])
    # The scenes have all of them.
    quantities["scenarios"] = quantities.get("scenarios", [])[:1]


def cap_clinic(body: dict[str, Any]) -> None:
    """Limit the sizes of a clinic, and leave them out if its scenario has fixed ones."""
    has_sizes = SCENARIOS[body.get("scenario", "default")].has_sizes
    for name in MAX_SIZES.keys() & body.keys():
        if has_sizes:
            body[name] = min(body[name], MAX_SIZES[name])
        else:
            del body[name]

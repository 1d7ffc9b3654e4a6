"""Names that the API and the commands share.

They are apart from the rest, because a command should print its help without loading the API.
"""

SEEDED = "seeded"  # the snapshot that each seed takes
DEFAULT_SCENARIO = "default"
MAX_LIMIT = 200  # rows of a page


def wire_name(name: str) -> str:
    """Return the camelCase name that a field has in JSON."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

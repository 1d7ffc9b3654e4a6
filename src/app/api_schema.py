"""What every body that enters or leaves the API has in common."""

import msgspec


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """A body that leaves; its JSON names are camelCase."""


class Question(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """A body that enters; a field that it does not know is refused."""

"""The members of a clinic that are more than the API gives at once."""

from typing import Any, cast

from app.console.api import Api
from app.console.members import read_members

NAMES = {"3": "Zeno", "1": "ada", "2": "Ben"}


class TwoAtOnce:
    """Responds as the API does, with at most two members."""

    async def get(self, path: str, *, offset: int, **_: Any) -> Any:
        assert path == "/api/auth/organization/list-members"
        everybody = [{"userId": each, "user": {"name": name}} for each, name in NAMES.items()]
        return {"members": everybody[offset : offset + 2], "total": len(everybody)}


async def test_everybody_is_read_and_sorted_by_name() -> None:
    """No page of members is left out, and small letters are not last."""
    members = await read_members(cast("Api", TwoAtOnce()))
    assert list(members.items()) == [("1", "ada"), ("2", "Ben"), ("3", "Zeno")]

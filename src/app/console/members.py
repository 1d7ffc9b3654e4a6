"""The people of the active clinic, as the API lists them."""

from typing import Any

from app.console.api import Api

# The largest page of the API.
MOST_MEMBERS = 1_000


async def read_members(api: Api, *user_ids: str) -> dict[str, str]:
    """Return the names of these members, or of all, in their order, by the ids of the users."""
    wanted: dict[str, Any] = {}
    if user_ids:
        wanted = {"filterField": "userId", "filterOperator": "in", "filterValue": list(user_ids)}
    members: list[dict[str, Any]] = []
    while True:
        page = await api.get(
            "/api/auth/organization/list-members",
            limit=MOST_MEMBERS,
            offset=len(members),
            **wanted,
        )
        members += page["members"]
        if not page["members"] or len(members) >= page["total"]:
            break
    names = {member["userId"]: member["user"]["name"] for member in members}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))

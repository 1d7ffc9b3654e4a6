"""The user that a browser is signed in as, and the clinics of that user."""

from typing import Any

import msgspec

from app.console.api import Api


class SignedInUser(msgspec.Struct):
    """`role` is the one in `clinic`, which is the active clinic."""

    user: dict[str, Any]
    clinics: list[dict[str, Any]]
    clinic: dict[str, Any] | None = None
    role: str | None = None


async def find_signed_in_user(api: Api) -> SignedInUser | None:
    current = await api.get("/api/auth/get-session")
    if current is None:
        return None
    clinics = await api.get("/api/auth/organization/list")
    active_id = current["session"]["activeOrganizationId"]
    clinic = next((clinic for clinic in clinics if clinic["id"] == active_id), None)
    signed_in = SignedInUser(current["user"], clinics, clinic)
    if clinic:
        member = await api.get("/api/auth/organization/get-active-member")
        signed_in.role = member["role"]
    return signed_in

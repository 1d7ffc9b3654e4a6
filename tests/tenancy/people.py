"""People who are signed in twice, and how they come to belong to an organization."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from app.seed.constants import PASSWORD

MADE_UP = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """`rows` has for each table the id of one row of the organization."""

    id: str = MADE_UP
    name: str = "Nowhere Physiotherapy"
    slug: str = "nowhere-physiotherapy"
    rows: Mapping[str, str] = field(default_factory=lambda: defaultdict(lambda: MADE_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUser:
    """`token` is of the session that calls, `listed` what it is called in a list of sessions.

    `elsewhere` is the token of another session. `told` is what an invitation says of its
    organization.
    """

    id: str = MADE_UP
    email: str = "nobody@example.net"
    token: str = "made-up"
    listed: str = "made-up"
    elsewhere: str = "made-up"
    organization: Tenant = field(default_factory=Tenant)
    member_id: str = MADE_UP
    role: str = ""
    invitation: str = MADE_UP
    told: tuple[str, ...] = ()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def sign_up(client: httpx.AsyncClient, name: str) -> TenantUser:
    email = f"{name.split(maxsplit=1)[0].lower()}@example.net"
    await _post(client, "sign-up/email", {"name": name, "email": email, "password": PASSWORD})
    return await sign_in_twice(client, email)


async def sign_in_twice(client: httpx.AsyncClient, email: str) -> TenantUser:
    credentials = {"email": email, "password": PASSWORD}
    here, there = [await _post(client, "sign-in/email", credentials) for _ in range(2)]
    headers = bearer(there["token"])
    sessions = (await client.get("/api/auth/list-sessions", headers=headers)).json()
    return TenantUser(
        id=here["user"]["id"],
        email=email,
        token=here["token"],
        # The one before the last, which asks.
        listed=sessions[-2]["token"],
        elsewhere=there["token"],
    )


async def invite(
    client: httpx.AsyncClient, inviter: TenantUser, invited: TenantUser, role: str
) -> TenantUser:
    """Return the invited one, who knows of the organization what the invitation tells."""
    body = {"email": invited.email, "role": role}
    invitation = await _post(client, "organization/invite-member", body, inviter)
    place = inviter.organization
    told = (invitation["id"], place.id, place.name, place.slug, inviter.id, inviter.email)
    return replace(invited, invitation=invitation["id"], told=told)


async def join(client: httpx.AsyncClient, *invitations: tuple[TenantUser, str]) -> TenantUser:
    """Return a member of several organizations who is at work in the first one alone."""
    guest = await sign_up(client, "Greta Guest")
    for inviter, role in invitations:
        guest = await invite(client, inviter, guest, role)
        body = {"invitationId": guest.invitation}
        accepted = await _post(client, "organization/accept-invitation", body, guest)
    await _post(client, "sign-out", {}, guest)
    again = await sign_in_twice(client, guest.email)
    return replace(again, member_id=accepted["member"]["id"])


async def _post(
    client: httpx.AsyncClient, path: str, body: Any, person: TenantUser | None = None
) -> Any:
    headers = bearer(person.token) if person else {}
    response = await client.post(f"/api/auth/{path}", json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()

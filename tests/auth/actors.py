"""People who do one thing after the other in clinics that others change meanwhile."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from app.auth.models import Role
from auth.clinics import PASSWORD, Backend, SignedUpUser


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedClinics:
    """Where all act; `clinic_ids` grow with what they create."""

    backend: Backend
    clinic_ids: list[str]
    slugs: list[str]
    emails: list[str]


class Actor:
    def __init__(self, scene: SharedClinics, person: SignedUpUser, number: int) -> None:
        self.scene, self.person = scene, person
        self.dice = random.Random(number)  # noqa: S311 - the same wishes every time

    async def act_often(self, times: int) -> list[httpx.Response]:
        return [response for _ in range(times) for response in await self.act()]

    async def act(self) -> list[httpx.Response]:
        clinic_id = self.dice.choice(self.scene.clinic_ids)
        seen = await self.look(clinic_id)
        done = await self.change(clinic_id, seen.json() if seen.is_success else {})
        return [seen, done, *([await self.sign_in()] if done.status_code == 401 else [])]

    async def look(self, clinic_id: str) -> httpx.Response:
        return await self.scene.backend.client.get(
            "/api/auth/organization/get-full-organization",
            params={"organizationId": clinic_id},
            headers={"Authorization": f"Bearer {self.person.tokens[0]}"},
        )

    async def change(self, clinic_id: str, seen: dict[str, Any]) -> httpx.Response:
        wishes = [*self.in_the_clinic(clinic_id, seen), *self.of_oneself()]
        path, body = self.dice.choice(wishes)
        response = await self.scene.backend.call(self.person, path, **body)
        if path == "organization/create" and response.is_success:
            self.scene.clinic_ids.append(response.json()["id"])
        return response

    async def sign_in(self) -> httpx.Response:
        response = await self.scene.backend.call(
            None, "sign-in/email", email=self.person.email, password=PASSWORD
        )
        self.person = SignedUpUser(self.person.id, self.person.email, [response.json()["token"]])
        return response

    def in_the_clinic(
        self, clinic_id: str, seen: dict[str, Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        clinic, members = {"organizationId": clinic_id}, seen.get("members", [])
        role, resend = self.dice.choice(list(Role)), self.dice.choice([True, False])
        for member in self.dice.sample(members, k=min(2, len(members))):
            named = clinic | {"memberId": member["id"], "memberIdOrEmail": member["id"]}
            yield "organization/remove-member", named
            yield "organization/update-member-role", named | {"role": role}
        for email in self.dice.sample(self.scene.emails, 3):
            invited = {"email": email, "role": role, "resend": resend}
            yield "organization/invite-member", clinic | invited
        for invitation in seen.get("invitations", [])[-3:]:
            response = self.dice.choice(["accept", "accept", "reject", "cancel"])
            yield f"organization/{response}-invitation", {"invitationId": invitation["id"]}
        yield "organization/leave", clinic
        yield "organization/set-active", clinic
        yield "organization/update", clinic | {"data": {"slug": self.dice.choice(self.scene.slugs)}}
        if self.dice.random() < 0.2:
            yield "organization/delete", clinic

    def of_oneself(self) -> Iterator[tuple[str, dict[str, Any]]]:
        revoke = self.dice.choice([True, False])
        yield "organization/create", {"name": "Clinic", "slug": self.dice.choice(self.scene.slugs)}
        yield "update-user", {"name": "Ada"}
        yield "revoke-sessions", {}
        yield "revoke-other-sessions", {}
        yield (
            "change-password",
            {
                "currentPassword": PASSWORD,
                "newPassword": PASSWORD,
                "revokeOtherSessions": revoke,
            },
        )

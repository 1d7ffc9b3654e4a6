"""Calls of the staff of a clinic about its patients and plans."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.auth.models import Role
from auth.clinics import Backend, SignedUpUser

ADA = {"firstName": "Ada", "lastName": "Anybody", "dateOfBirth": "1980-02-29"}


@dataclass(frozen=True, slots=True)
class StaffClient:
    backend: Backend
    organization_id: UUID
    person: SignedUpUser

    async def call(
        self, method: str, path: str, *, if_match: str | None = None, **parts: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.person.tokens[0]}"}
        if "content" in parts:
            headers["Content-Type"] = "application/json"
        if if_match is not None:
            headers["If-Match"] = if_match
        return await self.backend.client.request(method, f"/api/{path}", headers=headers, **parts)

    async def read(self, path: str, **query: Any) -> Any:
        """Read what must be there."""
        response = await self.call("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def create_row(self, path: str, **fields: Any) -> Any:
        response = await self.call("POST", path, json=fields)
        assert response.status_code == 201, response.text
        return response.json()

    async def patient(self, **fields: Any) -> Any:
        return await self.create_row("patients", **ADA | fields)

    async def plan(self, patient: Any, **fields: Any) -> Any:
        return await self.create_row("treatment-plans", **self.course(patient) | fields)

    def course(self, patient: Any) -> dict[str, Any]:
        return {
            "title": "Walking",
            "patientId": patient["id"],
            "therapistId": str(self.person.id),
            "startDate": "2020-01-01",
            "numberOfSessions": 6,
            "sessionFrequency": 2,
        }

    async def all_pages(self, path: str, **query: Any) -> list[Any]:
        """Follow `next` to the end, and give the pages."""
        pages, cursor = [], None
        while True:
            page = await self.read(path, **query, **({"cursor": cursor} if cursor else {}))
            pages.append(page["items"])
            cursor = page["next"]
            if cursor is None:
                return pages
            assert len(pages) < 100, "the pages do not end"


async def open_staff_client(backend: Backend) -> StaffClient:
    clinic = await backend.make_clinic(Role.OWNER)
    return StaffClient(backend, clinic.id, clinic.people[0])

"""Add clinics, and call the API as their people."""

from typing import Any

import httpx

CLINICS = "/api/db/clinics"


async def add(client: httpx.AsyncClient, **body: Any) -> Any:
    response = await client.post(CLINICS, json=body)
    assert response.status_code == 201, response.text
    return response.json()


async def remove(client: httpx.AsyncClient, clinic: Any) -> None:
    response = await client.delete(f"{CLINICS}/{clinic['organization']['id']}")
    assert response.status_code == 204, response.text


def bearer(user: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {user['token']}"}


async def get(client: httpx.AsyncClient, user: Any, path: str) -> Any:
    response = await client.get(path, headers=bearer(user))
    assert response.status_code == 200, response.text
    return response.json()

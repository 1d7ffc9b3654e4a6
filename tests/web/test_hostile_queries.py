"""What a list is asked for is never the server's failure, on either database."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest

from app.auth.examples import SIGN_IN
from app.clinic.patients.examples import PATIENT_ID
from conftest import Shared, seed


def cursor(sort: str, *values: Any) -> str:
    """Write one as a page in this order would."""
    return urlsafe_b64encode(json.dumps([sort, values]).encode()).decode().rstrip("=")


# In UTC, these are before the year 1 and after the year 9999.
EARLIER_THAN_TIME = "0001-01-01T00:00:00+23:00"
LATER_THAN_TIME = "9999-12-31T23:59:59-23:00"

REFUSED: tuple[dict[str, str], ...] = (
    {"cursor": ""},
    {"cursor": "é"},
    {"cursor": "bm90IEpTT04"},
    {"cursor": cursor("name_key", "a")},
    {"cursor": cursor("name_key", "\ud800", PATIENT_ID)},
    {"cursor": cursor("created_at", "2026-01-01T00:00:00Z", "no id"), "sort": "createdAt"},
    {"cursor": cursor("created_at", EARLIER_THAN_TIME, PATIENT_ID), "sort": "createdAt"},
    {"cursor": cursor("-created_at", LATER_THAN_TIME, PATIENT_ID), "sort": "-createdAt"},
    {"search": "a\0b"},
    {"search": "\0"},
    {"search": "a" * 201},
    {"cursor": cursor("name_key", "\0", PATIENT_ID)},
    {"limit": "0"},
    {"limit": "99999999999999999999"},
)
ACCEPTED: tuple[dict[str, str], ...] = (
    {"search": "byrne"},
    {"search": "aisha.byrne@example.org"},
    {"search": "0491570156"},
    {"search": "a" * 200},
    {"search": "1" * 199 + "a"},
    {"search": "\U0010ffff"},
    {"search": "' OR 1=1 --"},
    {"cursor": cursor("created_at", "0001-01-01T00:00:00Z", PATIENT_ID), "sort": "createdAt"},
    {"cursor": cursor("-created_at", "9999-12-31T23:59:59Z", PATIENT_ID), "sort": "-createdAt"},
)


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Shared:
    await seed(shared.client)
    return shared


@pytest.fixture
async def signed_in(seeded: Shared) -> httpx.AsyncClient:
    client = seeded.client
    (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).raise_for_status()
    return client


async def test_what_no_list_can_be_asked_for_is_refused(signed_in: httpx.AsyncClient) -> None:
    """A cursor that no page gave, a text that not every database can hold, a page without end."""
    for query in REFUSED:
        response = await signed_in.get("/api/patients", params=query)
        assert response.status_code == 400, query
        [name] = query.keys() - {"sort"}
        assert f"`{name}`" in response.json()["detail"]
        assert "regex" not in response.json()["detail"]


async def test_a_list_can_be_asked_for_anything_else(signed_in: httpx.AsyncClient) -> None:
    """Any text may be searched for, and a page may begin at any moment."""
    for query in ACCEPTED:
        response = await signed_in.get("/api/patients", params=query)
        assert response.status_code == 200, query
    for query in ACCEPTED[:3]:
        items = (await signed_in.get("/api/patients", params=query)).json()["items"]
        assert PATIENT_ID in {item["id"] for item in items}, query


async def test_dates_may_be_as_early_and_as_late_as_dates_can_be(
    signed_in: httpx.AsyncClient,
) -> None:
    """The first and the last possible day are accepted; an invalid day is refused."""
    dates = {"from": "0001-01-01", "to": "9999-12-31"}
    response = await signed_in.get("/api/availability/exceptions", params=dates)
    assert response.status_code == 200
    assert response.json()["items"]
    for day in ("0000-01-01", "2026-02-30", "10000-01-01", "1700000000"):
        response = await signed_in.get("/api/availability/exceptions", params={"from": day})
        assert response.status_code == 400
        assert "`from`" in response.json()["detail"]

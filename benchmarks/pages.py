"""Read pages of patients and searches over HTTP, as several clients at once."""

import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import httpx

KINDS = ("page of patients", "search")
CLIENTS = (1, 8)
CLINICS = 50
PAGES = 6
REQUESTS = 300


class Request(NamedTuple):
    path: str
    token: str


def find_requests(base_url: str, sign_in: Any) -> dict[str, list[Request]]:
    """Sign in to some of the clinics, and return requests of each kind, in a mixed order."""
    found: dict[str, list[list[Request]]] = defaultdict(list)
    # The first users are the owners, one of each clinic.
    users = sign_in["users"][:: max(1, len(sign_in["users"]) // CLINICS)]
    for user in islice(users, CLINICS):
        pages, searches = requests_of_clinic(base_url, user["email"], sign_in["password"])
        found[KINDS[0]].append(pages)
        found[KINDS[1]].append(searches)
    # Each request is of another clinic than the one before.
    return {
        kind: [request for turn in zip(*of_clinics, strict=False) for request in turn]
        for kind, of_clinics in found.items()
    }


def requests_of_clinic(
    base_url: str, email: str, password: str
) -> tuple[list[Request], list[Request]]:
    """Return pages that follow each other, and searches for the last names that are on them."""
    pages, searches = [], []
    with httpx.Client(base_url=base_url, trust_env=False, timeout=60) as client:
        credentials = {"email": email, "password": password}
        signed_in = client.post("/api/auth/sign-in/email", json=credentials).raise_for_status()
        token = signed_in.json()["token"]
        # The bearer token alone, because a cookie would need an origin.
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {token}"
        query: dict[str, str] = {}
        for _ in range(PAGES):
            path = f"/api/patients?{urlencode(query)}"
            page = client.get(path).raise_for_status().json()
            pages.append(Request(path, token))
            names = {patient["lastName"] for patient in page["items"]}
            searches += [
                Request(f"/api/patients?{urlencode({'search': name})}", token)
                for name in sorted(names)[:4]
            ]
            if not page["next"]:
                break
            query = {"cursor": page["next"]}
    return pages, searches


def read_pages(base_url: str, requests: list[Request], clients: int) -> list[float]:
    """Send the requests in turn, and return the milliseconds until each response was read."""
    turns = [requests[number % len(requests)] for number in range(REQUESTS)]
    with ThreadPoolExecutor(clients) as pool:
        shares = pool.map(
            lambda first: read_on_one_connection(base_url, turns[first::clients]), range(clients)
        )
        return [taken for share in shares for taken in share]


def read_on_one_connection(base_url: str, requests: list[Request]) -> list[float]:
    # This needs far less of the processor than httpx does.
    connection = HTTPConnection(str(urlsplit(base_url).netloc), timeout=60)
    milliseconds = []
    for request in requests:
        began = time.perf_counter()
        connection.request(
            "GET", request.path, headers={"Authorization": f"Bearer {request.token}"}
        )
        response = connection.getresponse()
        body = response.read()
        milliseconds.append((time.perf_counter() - began) * 1000)
        if response.status != httpx.codes.OK or "items" not in json.loads(body):
            raise SystemExit(f"{request.path} returned {response.status}: {body!r}")
    connection.close()
    return milliseconds

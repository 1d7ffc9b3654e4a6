"""Read from a server over HTTP as users of its clinics: one request at a time, or many at once."""

import json
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import httpx

from app import clock
from checkouts import SECONDS

PAGE = "a page of 8 patients"
SESSIONS_AT_ONCE = 100  # the most of one request


class Read(NamedTuple):
    path: str
    headers: dict[str, str]
    is_page: bool = False


class Reader:
    """A client with one connection; it needs far less of the processor than httpx does."""

    def __init__(self, base_url: str) -> None:
        self._connection = HTTPConnection(str(urlsplit(base_url).netloc), timeout=SECONDS)

    def read(self, read: Read) -> tuple[float, bytes]:
        """Return milliseconds and the content."""
        began = time.perf_counter()
        self._connection.request("GET", read.path, headers=read.headers)
        response = self._connection.getresponse()
        content = response.read()
        milliseconds = (time.perf_counter() - began) * 1000
        if response.status != httpx.codes.OK:
            raise SystemExit(f"GET {read.path} returned {response.status}: {content!r}")
        return milliseconds, content

    def first(self, path: str, session: Any) -> Any:
        """Return the first row of a list of the clinic API."""
        content = self.read(api_read(path, session))[1]
        return json.loads(content)["items"][0]


def open_sessions(base_url: str, seeded: Any) -> list[Any]:
    """Open a session of each user of a seed's summary; the first users are owners of clinics."""
    emails = [user["email"] for user in seeded["signIn"]["users"]]
    opened = []
    for first in range(0, len(emails), SESSIONS_AT_ONCE):
        response = httpx.post(
            f"{base_url}/api/db/sessions",
            json={"users": emails[first : first + SESSIONS_AT_ONCE]},
            timeout=SECONDS,
            trust_env=False,
        )
        opened += response.raise_for_status().json()
    return opened


def api_read(path: str, session: Any) -> Read:
    return Read(f"/api/{path}", {"Authorization": f"Bearer {session['token']}"})


def api_reads(reader: Reader, session: Any) -> dict[str, Read]:
    """Return lists, a search and times of a user, by name."""
    patient = reader.first("patients?sort=createdAt&limit=1", session)
    kind = reader.first("appointment-types?isActive=true&limit=1", session)
    tomorrow = clock.today() + timedelta(days=1)
    week = {"from": tomorrow, "to": tomorrow + timedelta(days=6)}
    paths = {
        PAGE: "patients?limit=8",
        "a search for a last name": f"patients?{urlencode({'search': patient['lastName']})}",
        "effective availability of a week": (
            f"availability/effective?{urlencode({'userId': session['userId'], **week})}"
        ),
        "a page of 8 plans": "treatment-plans?limit=8",
        "a page of 8 appointments of a week": f"appointments?{urlencode({**week, 'limit': 8})}",
        "free times of a week": f"appointments/free?{urlencode({'typeId': kind['id'], **week})}",
    }
    return {name: api_read(path, session) for name, path in paths.items()}


def reads_of_clinics(base_url: str, seeded: Any) -> dict[str, list[Read]]:
    """Return requests of each kind; each is of another user than the one before."""
    reader, found = Reader(base_url), defaultdict(list)
    for session in open_sessions(base_url, seeded):
        for name, read in api_reads(reader, session).items():
            found[name].append(read)
    return found


def read_at_once(base_url: str, reads: Sequence[Read], clients: int) -> list[float]:
    """Send requests as so many clients at once, and return the milliseconds of each."""
    waiting = iter(reads)

    def read_some() -> list[float]:
        reader = Reader(base_url)
        return [reader.read(each)[0] for each in waiting]

    with ThreadPoolExecutor(clients) as pool:
        shares = [pool.submit(read_some) for _ in range(clients)]
        return [taken for share in shares for taken in share.result()]

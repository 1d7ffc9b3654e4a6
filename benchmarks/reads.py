"""Time reads of the API and pages of the console, and how soon a large set has its first patients.

All requests take turns on one connection. Each is compared with another one of the same run.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from app import clock
from checkouts import AS_OF, SECONDS, seed
from databases import database
from readers import PAGE, Read, Reader, api_reads, open_sessions
from server_processes import serving

ROUNDS = 100
WARM_UPS = 3
SEEDS = 7
MANY = 20_000  # patients
SIZES = {"default set": {}, f"{MANY:,} patients": {"patients": MANY}}
RUNNING = "`GET /api/db/seed/running`"
JSON_LINES = "application/x-ndjson"
PATIENTS_WRITTEN = '"event":"running","step":"patients"'
API_AIM, CONSOLE_AIM, FIRST_AIM = 4, 2, 1.5
HEADER = "| | " + " | ".join(f"{size} | ratio" for size in SIZES) + " | aim |"


def all_reads(reader: Reader, session: Any) -> dict[str, Read]:
    """Return the requests to measure, by name."""
    patient = reader.first("patients?limit=1", session)
    pages = {
        "Data set": "/",
        # The page itself is empty until its script has them.
        "the figures of Overview": "/api/db/statistics",
        "People": "/people",
        "Patients": "/patients",
        "a patient": f"/patients/{patient['id']}",
        "Availability": "/availability",
        "Calendar": "/calendar",
        "Calendar of the team": "/calendar/team",
        "Appointments": "/appointments",
        "Rooms": "/rooms",
    }
    cookie = {"Cookie": f"{session['cookie']['name']}={session['cookie']['value']}"}
    return {
        RUNNING: Read("/api/db/seed/running", {}),
        **api_reads(reader, session),
        **{name: Read(path, cookie, is_page=True) for name, path in pages.items()},
    }


def measure_reads(names: Sequence[str], folder: Path) -> list[str]:
    """Return the figures as lines of Markdown."""
    lines = [
        "## Reads",
        "",
        f"Milliseconds of a client over HTTP, medians of {ROUNDS}; all requests took turns.",
        f"Reads of the API are compared with {RUNNING}, pages of the console with {PAGE}.",
    ]
    first: list[str] = []
    for name in names:
        with database(name, folder) as url, serving(url, folder / f"{name}-reads.log") as server:
            found = {}
            for size, quantities in SIZES.items():
                # Otherwise the weeks that are read would have no appointments.
                today = str(clock.today())
                seeded = seed(server.base_url, "delete", asOf=today, **quantities)
                owner = open_sessions(server.base_url, seeded)[0]
                found[size] = read_in_turns(Reader(server.base_url), owner)
            lines += ["", f"### {name}", "", HEADER, f"| ---{' | ---' * 5} |", *rows(found)]
            first.append(first_patients(name, server.base_url))
    return [
        *lines,
        "",
        "## First patients of a large set",
        "",
        f"Milliseconds from the request until the first of {MANY:,} patients are written.",
        "",
        "| | default reseed | first patients | ratio | aim |",
        "| --- | --- | --- | --- | --- |",
        *first,
    ]


def read_in_turns(reader: Reader, session: Any) -> dict[str, tuple[float, bool]]:
    """Return the median milliseconds of each request, and whether it is a page of the console."""
    reads = all_reads(reader, session)
    taken = defaultdict(list)
    for _ in range(WARM_UPS + ROUNDS):
        for name, read in reads.items():
            taken[name].append(reader.read(read)[0])
    return {
        name: (statistics.median(taken[name][WARM_UPS:]), read.is_page)
        for name, read in reads.items()
    }


def rows(found: dict[str, dict[str, tuple[float, bool]]]) -> list[str]:
    lines = []
    for name, (_, is_page) in found["default set"].items():
        cells = []
        for of_size in found.values():
            against = of_size[PAGE if is_page else RUNNING][0]
            cells.append(f"{of_size[name][0]:.1f} | {of_size[name][0] / against:.1f}")
        aim = "" if name == RUNNING else CONSOLE_AIM if is_page else API_AIM
        lines.append(f"| {name} | {' | '.join(cells)} | {aim} |")
    return lines


def first_patients(name: str, base_url: str) -> str:
    reseeds, firsts = [], []
    for _ in range(1 + SEEDS):
        began = time.perf_counter()
        seed(base_url, "delete")
        reseeds.append(time.perf_counter() - began)
        firsts.append(seconds_to_first_patients(base_url))
    reseed, first = (statistics.median(each[1:]) * 1000 for each in (reseeds, firsts))
    return f"| {name} | {reseed:.0f} | {first:.0f} | {first / reseed:.1f} | {FIRST_AIM} |"


def seconds_to_first_patients(base_url: str) -> float:
    """Seed many patients, leave when the first are written, and wait until that is undone."""
    began, taken = time.perf_counter(), None
    with httpx.stream(
        "POST",
        f"{base_url}/api/db/seed",
        headers={"Accept": JSON_LINES},
        json={"asOf": AS_OF, "patients": MANY},
        timeout=SECONDS,
        trust_env=False,
    ) as response:
        for line in response.iter_lines():
            if PATIENTS_WRITTEN in line:
                taken = time.perf_counter() - began
                break
    if taken is None:
        raise SystemExit("The seed did not report its first patients.")
    while httpx.get(f"{base_url}/api/db/seed/running", trust_env=False).json()["running"]:
        time.sleep(0.01)
    return taken

"""The example in the guide to the clinic API, run with curl."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

from app.settings import PROJECT_ROOT
from journeys.commands import on_sqlite
from requirements import lacking

STORY = re.compile(r"## Try it\n.*?```bash\n(.*?)```", re.DOTALL)
# Each response is on its own line, its status on the next.
CURL = r"""curl() { command curl --silent --write-out '\n%{http_code}\n' "$@"; }"""


def tell(story: str, folder: Path) -> list[tuple[int, Any]]:
    """Run the commands as a person would, and return the responses with their statuses."""
    environment = {"PATH": os.environ["PATH"], "no_proxy": "*"}
    told = subprocess.run(
        ["bash", "-euc", f"{CURL}\n{story}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    lines = told.stdout.splitlines()
    return [
        (int(status), json.loads(response))
        for response, status in zip(lines[::2], lines[1::2], strict=True)
    ]


@on_sqlite
def test_the_commands_of_the_story_work(server: str, tmp_path: Path) -> None:
    """The commands of the guide work on a fresh default data set."""
    if not shutil.which("curl"):
        lacking("There is no curl on this machine.")
    seeded = httpx.post(f"{server}/api/db/seed", trust_env=False, timeout=180).json()
    story = STORY.search((PROJECT_ROOT / "docs" / "guides" / "clinic-api.md").read_text())
    assert story
    commands = story[1].replace("http://127.0.0.1:8000", server)
    told = tell(commands, tmp_path)
    signed_in, today, template, taken, found, plans, paused, *told = told
    types, free, booked, refused, cancelled = told
    assert signed_in[1]["user"]["email"] == seeded["signIn"]["users"][0]["email"]
    assert today[1]["userId"] == signed_in[1]["user"]["id"]
    assert (template[0], taken[0]) == (201, 409)
    assert taken[1]["clashesWith"]["id"] == template[1]["id"]
    [patient] = found[1]["items"]
    [plan] = plans[1]["items"]
    assert plan["patientId"] == patient["id"]
    assert (paused[1]["id"], paused[1]["status"]) == (plan["id"], "paused")
    assert {response[0] for response in (signed_in, today, found, plans, paused)} == {200}
    assert free[1]["durationMinutes"] in {each["durationMinutes"] for each in types[1]["items"]}
    assert booked[1]["startTime"] in {each["startTime"] for each in free[1]["days"][0]["times"]}
    assert (booked[0], refused[0], refused[1]["inTheWay"]) == (201, 409, "practitioner")
    assert refused[1]["nextFree"]["startTime"] == "09:35:00"
    assert (cancelled[0], cancelled[1]["status"]) == (200, "cancelled")

"""The log of a real server: one line a request, and nothing in it that is nobody's business."""

import json
import socket
from collections import Counter
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from conftest import JSON
from journeys.commands import on_postgresql, on_sqlite, serving
from journeys.commands import seed as just_seed

STREAM = {"Accept": "application/x-ndjson"}
ADA = {"name": "Ada Quill", "email": "ada.quill@example.net", "password": "correct horse battery"}
CREDENTIALS = {"email": ADA["email"], "password": ADA["password"]}
SECRETS = {*ADA.values(), "Quill", "quill", "s3cret-token", "Password123", "$argon2", "10.20.30.40"}
# PostgreSQL then quotes the row that it refuses, hash included.
BREAKAGE = "ALTER TABLE accounts ADD CONSTRAINT breakage CHECK (false) NOT VALID"
HASHES = "SELECT password FROM accounts UNION SELECT token FROM sessions"


class LoggedClient:
    """Calls the server, each time with another request id, and reads its log."""

    def __init__(self, client: httpx.Client, log: Path) -> None:
        self.client = client
        self.log = log
        self.ids: list[str] = []

    def call(self, method: str, path: str, **content: Any) -> httpx.Response:
        self.ids.append(f"request-{len(self.ids):04}")
        headers = {"X-Request-ID": self.ids[-1], "User-Agent": "s3cret-token"}
        content["headers"] = headers | content.get("headers", {})
        return self.client.request(method, path, **content)

    def lines(self, event: str = "request") -> list[dict[str, Any]]:
        """Return the lines of an event, as soon as all calls have ended."""
        until = monotonic() + 180
        while True:
            lines = [json.loads(line) for line in self.log.read_text().splitlines()]
            own = [line for line in lines if line.get("request_id") in self.ids]
            ended = {line["request_id"] for line in own if line["event"] == "request"}
            if ended == set(self.ids) or monotonic() > until:
                return [line for line in own if line["event"] == event]
            sleep(0.05)

    def requests(self) -> Counter[str]:
        return Counter(line["request_id"] for line in self.lines())


@pytest.fixture
def caller(server: str, tmp_path: Path) -> Any:
    with httpx.Client(base_url=server, trust_env=False, timeout=180) as client:
        yield LoggedClient(client, tmp_path / "server.log")


def execute(database_url: str, statement: str) -> list[Any]:
    """Run a statement with our driver; return the first column of its rows, if it has any."""
    with psycopg.connect(database_url) as connection:
        cursor = connection.execute(statement.encode())
        return [row[0] for row in cursor.fetchall()] if cursor.description else []


def break_accounts(database_url: str) -> None:
    """Make the database refuse every credential."""
    execute(database_url, BREAKAGE)


@on_postgresql
def test_nothing_private_is_logged(caller: LoggedClient, database_url: str) -> None:
    """Passwords, tokens, hashes, addresses and names are in no line, after any error."""
    summary = caller.call("POST", "/api/db/seed").json()
    signed_up = caller.call("POST", "/api/auth/sign-up/email", json=ADA)
    signed_in = caller.call("POST", "/api/auth/sign-in/email", json=CREDENTIALS)
    tokens = {signed_up.json()["token"], signed_in.json()["token"]}
    for token in tokens:
        bearer = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "10.20.30.40"}
        caller.call("GET", f"/api/auth/get-session?token={token}", headers=bearer)
    for change in ({}, {"name": "A\0 Quill"}, {"email": "s3cret-token"}, {"password": 5}):
        assert caller.call("POST", "/api/auth/sign-up/email", json=ADA | change).is_error
    caller.call("POST", "/api/auth/sign-in/email", content=json.dumps(ADA)[:-1], headers=JSON)
    caller.call("GET", "/nothing?token=s3cret-token")
    known = set(execute(database_url, HASHES))
    break_accounts(database_url)
    refused = caller.call(
        "POST", "/api/auth/sign-up/email", json=ADA | {"email": "quill@example.net"}
    )
    caller.call("POST", "/api/db/seed")
    failed = caller.call("POST", "/api/db/seed", headers=STREAM)
    assert refused.status_code == 409
    assert "$argon2" not in refused.text + failed.text
    assert "Quill" not in refused.text
    people = {user[key] for user in summary["signIn"]["users"] for key in ("email", "name")}
    log = caller.log.read_text()
    assert [word for word in SECRETS | tokens | known | people if word in log] == []
    assert caller.requests() == Counter(caller.ids)
    # The three errors are logged with their place, and can be found by their responses.
    told = {line["request_id"]: line for line in caller.lines("the database cannot be used")}
    assert len(told) == 3
    assert "app/auth/users.py:" in told[refused.json()["requestId"]]["exception"]
    assert json.loads(failed.text.splitlines()[-1])["problem"]["requestId"] in told


@on_sqlite
def test_a_request_is_one_line(caller: LoggedClient) -> None:
    """Method, path, status, duration and id, for pages, files, errors and unknown addresses."""
    asked = [
        ("GET", "/schema/swagger", 200),
        ("GET", "/assets/swagger-ui.css", 200),
        ("GET", "/no%1Bthing", 404),
        ("DELETE", "/api/db/seed", 405),
        ("POST", "/api/db/seed", 201),
        ("GET", "/api/db/", 200),
    ]
    for method, path, status in asked:
        assert caller.call(method, path).status_code == status
    # The line of a file may be written during the next response.
    lines = sorted(caller.lines(), key=lambda line: caller.ids.index(line["request_id"]))
    assert [(line["method"], line["path"], line["status"]) for line in lines] == asked
    assert all(line["duration_ms"] > 0 for line in lines)
    members = {"event", "level", "logger", "timestamp", "request_id"}
    assert lines[0].keys() == members | {"method", "path", "status", "duration_ms"}


@on_sqlite
def test_a_step_is_one_line(caller: LoggedClient) -> None:
    """Each step of a seed, streamed or not, tells its rows and how long it took, with the id."""
    caller.call("POST", "/api/db/seed")
    caller.call("POST", "/api/db/seed", headers=STREAM)
    steps = caller.lines("seed step")
    for request in caller.ids:
        own = [line for line in steps if line["request_id"] == request]
        assert [own[0]["step"], own[-1]["step"]] == ["reset", "commit"]
        assert [line["rows"] for line in own if line["step"] == "patients"] == [20]
    assert all(line["duration_ms"] >= 0 for line in steps)


@on_sqlite
def test_a_caller_who_hangs_up_is_one_line(caller: LoggedClient) -> None:
    """The line of an abandoned stream comes when its run has ended."""
    caller.ids = ["request-abandoned"]
    headers = {"X-Request-ID": caller.ids[0]} | STREAM
    call = caller.client.stream("POST", "/api/db/seed", headers=headers, json={"patients": 20_000})
    with call as response:
        next(response.iter_lines())
    assert caller.requests() == Counter(caller.ids)
    assert "commit" not in {line["step"] for line in caller.lines("seed step")}


@on_sqlite
def test_a_request_that_a_client_breaks_off_is_no_error_of_the_server(
    database_url: str, tmp_path: Path
) -> None:
    """It has status 499 in the log and in the metrics."""
    log = tmp_path / "server.log"
    with serving(database_url, log, METRICS="on") as url, httpx.Client(trust_env=False) as client:
        caller = LoggedClient(client, log)
        paths = {"request-patient": "/api/patients", "request-sign-in": "/api/auth/sign-in/email"}
        caller.ids = [*paths]
        for name, path in paths.items():
            with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0)) as connection:
                head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: {name}\r\n"
                connection.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        assert [line["status"] for line in caller.lines()] == [499, 499]
        metrics = client.get(f"{url}/metrics").text
    assert metrics.count('status_code="499"} 1.0') >= 2
    assert "seedbed_requests_error_total{" not in metrics
    assert "exception" not in log.read_text()


@on_postgresql
def test_a_command_that_fails_logs_errors_alone(database_url: str) -> None:
    """`just seed` says on standard error why it failed, and nothing on standard output."""
    assert just_seed(database_url).stderr == ""
    break_accounts(database_url)
    failed = just_seed(database_url, "--json")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "not Seedbed's" in failed.stderr
    assert "argon2" not in failed.stderr

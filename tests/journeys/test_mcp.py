"""`just mcp`: a client of the protocol calls the tools, as a coding agent does."""

import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.server.mcpserver.exceptions import ToolError

from app.cli.agent_calls import check_path
from app.cli.mcp import main
from journeys.commands import (
    PROJECT,
    SECONDS,
    environment,
    on_sqlite,
    path_with_uv,
    run_module,
    serving,
)

GUIDE = PROJECT / "docs" / "guides" / "coding-agents.md"
PRODUCTION = {"APP_ENV": "production"}
REASON = 'APP_ENV is "production"; only development and test databases can be seeded.'
SOMEONE = "edward.papadopoulos@example.com"
# What is called in production, where nothing exists that it could change.
CALLS: dict[str, dict[str, Any]] = {
    "describe_database": {},
    "list_scenarios": {},
    "seed": {"dry_run": False},
    "create_sessions": {"users": [SOMEONE]},
    "take_snapshot": {"name": "start"},
    "list_snapshots": {},
    "list_changes": {},
    "restore_snapshot": {},
    "why_refused": {"user": SOMEONE, "path": "/api/patients"},
}


class Agent:
    """Call tools, and keep what they return."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.said: list[str] = []

    async def list_tools(self) -> list[Any]:
        return (await self._client.list_tools()).tools

    async def call(self, tool: str, **arguments: Any) -> Any:
        result = await self._client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        if tool != "create_sessions":
            self.said.append(json.dumps(result.structured_content))
        return result.structured_content

    async def fail(self, tool: str, **arguments: Any) -> str:
        result = await self._client.call_tool(tool, arguments)
        assert result.is_error, result.structured_content
        [content] = result.content
        text: str = content.text  # type: ignore[union-attr]
        return text


@asynccontextmanager
async def agent(*command: str, **variables: str) -> AsyncIterator[Agent]:
    """Start a command, and connect to it."""
    program, *options = command
    started = StdioServerParameters(
        command=program, args=options, env=environment("", **variables), cwd=PROJECT
    )
    async with Client(started, read_timeout_seconds=SECONDS) as client:
        yield Agent(client)


def agent_of(server: str) -> AbstractAsyncContextManager[Agent]:
    return agent(sys.executable, "-m", "app.cli.mcp", "--url", server)


async def test_an_agent_completes_a_story(server: str) -> None:
    """It seeds, finds out why an appointment is refused, books the next free time and undoes it."""
    async with agent_of(server) as it:
        found = await it.call("seed", patients=4, scenarios=["conflict-week"])
        assert (found["committed"], found["created"]["patients"]) == (False, 4)
        assert not any((await it.call("describe_database"))["rows"].values())
        names = [each["name"] for each in (await it.call("list_scenarios"))["scenarios"]]
        assert "conflict-week" in names

        seeded = await it.call("seed", dry_run=False, patients=4, scenarios=["conflict-week"])
        assert seeded["committed"]
        [owner, *_] = [user for user in seeded["users"] if user.get("scenario")]
        created = await it.call("create_sessions", users=[owner["email"]])
        [session] = created["sessions"]
        await it.call("take_snapshot", name="start")

        [request, *_] = [
            each
            for each in seeded["scenarios"][0]["requests"]
            if each["status"] == 409 and each["path"] == "/api/appointments"
        ]
        sent = {name: request[name] for name in ("method", "path", "body")}
        refused = await it.call("why_refused", user=owner["email"], **sent)
        assert (refused["refused"], refused["status"]) == (True, 409)
        assert refused["problem"]["inTheWay"]
        assert refused["why"].startswith("Nothing was changed. ")
        assert await it.call("list_changes", name="start") == {"items": [], "next": None}

        free = refused["problem"]["nextFree"]
        body = request["body"] | {"date": free["date"], "startTime": free["startTime"]}
        headers = {"Authorization": f"Bearer {session['token']}"}
        async with httpx.AsyncClient(base_url=server, headers=headers, trust_env=False) as api:
            assert (await api.post("/api/appointments", json=body)).status_code == 201
        [change] = (await it.call("list_changes", name="start"))["items"]
        assert (change["table"], change["kind"]) == ("appointments", "inserted")
        restored = await it.call("restore_snapshot", name="start", verify=True)
        assert restored["undone"]["appointments"]["inserted"] == 1
        assert restored["verification"]["matches"]
        accepted = await it.call("why_refused", user=owner["email"], path="/api/rooms")
        assert (accepted["refused"], accepted["status"]) == (False, 200)
        assert await it.call("why_refused") == {"refused": False, "why": "", "reasons": []}
        listed = (await it.call("list_snapshots"))["snapshots"]
        assert [each["name"] for each in listed] == ["seeded", "start"]

        assert "1 to 64 of" in await it.fail("restore_snapshot", name="start?x")
        assert 'no snapshot "none"' in await it.fail("restore_snapshot", name="none")
        assert "Nothing was changed" in await it.fail("seed", dry_run=False, patients=-1)
        assert "Nothing was sent" in await it.fail(
            "why_refused", user=owner["email"], path="/api/db/seed", method="POST"
        )
        calls: list[dict[str, Any]] = [
            {"user": owner["email"]},
            {"path": "/api/rooms"},
            {"body": {}},
        ]
        for incomplete in calls:
            said = await it.fail("why_refused", **incomplete)
            assert "pass both `user` and `path`" in said
        secrets = ("Password123", session["token"])
        assert not [said for said in it.said for secret in secrets if secret in said]


async def test_production_refuses_every_tool(tmp_path: Path) -> None:
    """With the reason; and the tool for reasons returns it."""
    url = f"sqlite:///{tmp_path}/production.db"
    migrated = run_module("app.cli.migrate", variables=environment(url, **PRODUCTION))
    assert migrated.returncode == 0, migrated.stderr
    with serving(url, tmp_path / "log", **PRODUCTION) as server:
        async with agent_of(server) as it:
            tools = await it.list_tools()
            assert {tool.name for tool in tools} == CALLS.keys()
            for tool in tools:
                assert tool.description
                assert REASON in await it.fail(tool.name, **CALLS[tool.name])
            why = await it.call("why_refused")
            assert (why["refused"], why["status"]) == (True, 403)
            assert [each["code"] for each in why["problem"]["reasons"]] == ["PRODUCTION"]


@on_sqlite
async def test_the_configuration_of_the_guide_works(database_url: str) -> None:
    """Without an address, the command serves the database in the settings itself."""
    [text] = re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    configured = json.loads(text.replace("/path/to/seedbed", str(PROJECT)))["mcpServers"]["seedbed"]
    command = (configured["command"], *configured["args"])
    async with agent(*command, DATABASE_URL=database_url, PATH=path_with_uv()) as it:
        assert database_url.removeprefix("sqlite:///") in (await it.call("seed"))["database"]


def test_the_guide_has_every_tool() -> None:
    tools = re.findall(r"^\| `([a-z_]+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert tools == [*CALLS]


def test_production_is_not_served() -> None:
    """The command ends with the reason before it opens the database."""
    done = run_module("app.cli.mcp", variables=environment("", **PRODUCTION))
    assert (done.returncode, done.stdout) == (1, "")
    assert REASON in done.stderr


def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The server does not need it, so the message says how to install it."""
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SystemExit):
        main(["--url", "http://127.0.0.1:8000"], standalone_mode=False)
    assert "uv sync --extra mcp" in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/api/patients", "/api//rooms?limit=1", "api/rooms"])
def test_requests_for_clinic_data_are_sent(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        *("/api/db/seed", "/api//db/seed", "//api/db/seed", "/api/%64b/seed", "/api/x/../db/seed"),
        *("/api/auth/get-session", "http://other.example/api/rooms", "/health/live", "/api", ""),
        *("/api/./db/seed", "/api/%2e%2e/api/db/seed", "http://["),
    ],
)
def test_other_requests_are_not_sent(path: str) -> None:
    """They would get around the dry run, or return tokens."""
    with pytest.raises(ToolError, match="must be a path of clinic data"):
        check_path(path)

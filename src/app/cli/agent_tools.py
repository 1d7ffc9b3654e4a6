"""The tools that `just mcp` offers to coding agents. Their docstrings are what an agent reads."""

import inspect
from importlib.metadata import version
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from app.cli.agent_calls import call, check_path, connecting, read
from app.cli.api_calls import problem_of, snapshot_path
from app.names import MAX_LIMIT, SEEDED, wire_name

LISTED_USERS = 20
INSTRUCTIONS = """\
Seedbed is a backend for physiotherapy clinics with test data. Use these tools to seed its \
development or test database, to take and restore snapshots, and to list changes. \
Production databases are refused. Call clinic data under /api with the token of a session.
"""
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ADDS = ToolAnnotations(destructive_hint=False, open_world_hint=False)
DELETES = ToolAnnotations(destructive_hint=True, open_world_hint=False)

SnapshotName = Annotated[
    str, Field(description=f"1 to 64 of a-z, 0-9 and -. Each seed takes `{SEEDED}`.")
]
Quantity = int | None


def make_server(url: str) -> MCPServer[Any]:
    """Return an MCP server whose tools call the Seedbed server at this URL."""
    server: MCPServer[Any] = MCPServer(
        "seedbed", version=version("seedbed"), instructions=INSTRUCTIONS, log_level="ERROR"
    )
    tools = AgentTools(url)
    for tool, annotations in (
        (tools.describe_database, READS),
        (tools.list_scenarios, READS),
        (tools.seed, DELETES),
        (tools.create_sessions, ADDS),
        (tools.take_snapshot, ADDS),
        (tools.list_snapshots, READS),
        (tools.list_changes, READS),
        (tools.restore_snapshot, DELETES),
        (tools.why_refused, DELETES),
    ):
        server.add_tool(tool, description=inspect.getdoc(tool), annotations=annotations)
    return server


class AgentTools:
    """Each method is a tool, and returns what the API returns as structured content."""

    def __init__(self, url: str) -> None:
        self._url = url

    def describe_database(self) -> dict[str, Any]:
        """Describe the database: its name, its environment, and the number of rows of each table.

        `refusals` says why it cannot be seeded; it is empty if it can.
        """
        state: dict[str, Any] = call(self._url, "GET", "/api/db")
        return state

    def list_scenarios(self) -> dict[str, Any]:
        """List the scenarios: named states of a clinic that a seed can add, and their purpose."""
        scenarios = call(self._url, "GET", "/api/db/scenarios")
        return {"scenarios": [_only(("name", "purpose"), each) for each in scenarios]}

    def seed(
        self,
        dry_run: Annotated[
            bool, Field(description="False to replace the data. By default nothing is changed.")
        ] = True,
        reset: Annotated[
            Literal["delete", "drop"],
            Field(description="Delete all rows, or drop all tables and run all migrations."),
        ] = "delete",
        scenarios: Annotated[
            list[str] | None, Field(description="Names from `list_scenarios`, to add clinics.")
        ] = None,
        users: Annotated[Quantity, Field(description="Practitioners of all clinics.")] = None,
        organizations: Annotated[Quantity, Field(description="Clinics.")] = None,
        patients: Annotated[Quantity, Field(description="Patients of all clinics.")] = None,
        plans_per_patient: Annotated[Quantity, Field(description="3 to 5.")] = None,
        appointment_weeks: Annotated[
            Quantity, Field(description="Weeks with appointments, before and after `as_of`.")
        ] = None,
        random_seed: Annotated[
            Quantity, Field(description="The same number and `as_of` create the same rows.")
        ] = None,
        as_of: Annotated[
            str | None, Field(description='The data set\'s "today", as YYYY-MM-DD.')
        ] = None,
    ) -> dict[str, Any]:
        """Delete all rows and create a data set, in one transaction.

        Unless `dry_run` is false this does everything and rolls back: it shows what would be
        deleted and created. Returns the numbers of rows, and users for `create_sessions`.
        """
        wanted = {
            "scenarios": scenarios,
            "users": users,
            "organizations": organizations,
            "patients": patients,
            "plans_per_patient": plans_per_patient,
            "appointment_weeks": appointment_weeks,
            "random_seed": random_seed,
            "as_of": as_of,
        }
        body = {wire_name(name): value for name, value in wanted.items() if value is not None}
        parameters = {"reset": reset, "dryRun": str(dry_run).lower()}
        return _shortened(call(self._url, "POST", "/api/db/seed", body=body, **parameters))

    def create_sessions(
        self,
        users: Annotated[
            list[str] | None,
            Field(description="Email addresses or ids. By default the first ten users."),
        ] = None,
    ) -> dict[str, Any]:
        """Sign users in without their passwords.

        Send `token` as `Authorization: Bearer TOKEN`, or use `cookie`, or pass `storageState` to
        Playwright.
        """
        body = {"users": users} if users else {}
        return {"sessions": call(self._url, "POST", "/api/db/sessions", body=body)}

    def take_snapshot(self, name: SnapshotName) -> dict[str, Any]:
        """Name the current state of the database, to restore it later."""
        taken: dict[str, Any] = call(self._url, "PUT", snapshot_path(name))
        return taken

    def list_snapshots(self) -> dict[str, Any]:
        """List the snapshots, the oldest first, with the number of changed rows since each."""
        return {"snapshots": call(self._url, "GET", "/api/db/snapshots")}

    def list_changes(
        self,
        name: SnapshotName = SEEDED,
        limit: Annotated[int, Field(description=f"Rows per page, up to {MAX_LIMIT}.")] = 50,
        cursor: Annotated[str | None, Field(description="`next` of the previous page.")] = None,
    ) -> dict[str, Any]:
        """List the rows that changed since a snapshot, each before and after.

        By default since the last seed. Passwords, tokens and hashes are left out.
        """
        page = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        changes: dict[str, Any] = call(self._url, "GET", f"{snapshot_path(name)}/changes", **page)
        return changes

    def restore_snapshot(
        self,
        name: SnapshotName = SEEDED,
        verify: Annotated[
            bool, Field(description="Compare a digest of all rows with that of the snapshot.")
        ] = False,
    ) -> dict[str, Any]:
        """Undo all changes since a snapshot, and delete the snapshots that were taken later.

        By default undo what has changed since the last seed.
        """
        path = f"{snapshot_path(name)}/restore"
        restored: dict[str, Any] = call(self._url, "POST", path, verify=str(verify).lower())
        return restored

    def why_refused(
        self,
        user: Annotated[
            str | None, Field(description="Who sent the request: an email address or an id.")
        ] = None,
        method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET",
        path: Annotated[
            str | None, Field(description="Of clinic data, such as /api/appointments.")
        ] = None,
        body: Annotated[
            dict[str, Any] | None, Field(description="The JSON of the request.")
        ] = None,
    ) -> dict[str, Any]:
        """Explain why something is refused.

        Without arguments: why this database cannot be seeded or restored. With `user` and `path`:
        send that request again as that user. `problem` then says which rule refuses it, what is in
        the way (`inTheWay`, `clashesWith`) and the next free time (`nextFree`). A refused request
        changes nothing. If it is accepted this time, its change is made; `restore_snapshot` can
        undo it.
        """
        if user is None and path is None and body is None:
            return self._why_database_is_refused()
        if user is None or path is None:
            raise ToolError(
                "Nothing was sent. To find out why a request is refused, pass both `user` and "
                "`path`. To find out why the database cannot be seeded, pass neither."
            )
        check_path(path)
        [session] = call(self._url, "POST", "/api/db/sessions", body={"users": [user]})
        with connecting(self._url) as client:
            client.headers["Authorization"] = f"Bearer {session['token']}"
            response = client.request(method, path, json=body)
            try:
                if response.is_success:
                    found = {"refused": False, "status": response.status_code}
                    return found | {"response": read(response)}
                return _refused(response.status_code, problem_of(response))
            finally:
                client.post("/api/auth/sign-out", json={})

    def _why_database_is_refused(self) -> dict[str, Any]:
        with connecting(self._url) as client:
            response = client.get("/api/db")
            if not response.is_success:
                return _refused(response.status_code, problem_of(response))
            reasons = read(response)["refusals"]
        return {"refused": bool(reasons), "why": _sentences(reasons), "reasons": reasons}


def _refused(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    return {"refused": True, "status": status, "why": problem["detail"], "problem": problem}


def _sentences(reasons: list[dict[str, str]]) -> str:
    return " ".join(f"{each['reason']} {each['remedy']}" for each in reasons)


def _only(names: tuple[str, ...], found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in names}


def _shortened(summary: dict[str, Any]) -> dict[str, Any]:
    """Leave out ids, checks, durations and the password, and all but the first ordinary users."""
    users = summary["signIn"]["users"]
    ordinary = [user for user in users if not user.get("scenario")]
    listed = ordinary[:LISTED_USERS] + [user for user in users if user.get("scenario")]
    created = {kind: rows["count"] for kind, rows in summary["created"].items()}
    kept = ("committed", "database", "reset", "randomSeed", "asOf", "deleted", "dropped")
    scenarios = [
        _only(("name", "organizations", "created", "requests"), each)
        for each in summary["scenarios"]
    ]
    return _only(kept, summary) | {
        "created": created,
        "checkedRules": len(summary["checks"]),
        "fingerprint": summary["fingerprint"],
        "users": listed,
        "moreUsers": len(ordinary) - len(ordinary[:LISTED_USERS]),
        "scenarios": scenarios,
    }

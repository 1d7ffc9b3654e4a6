"""The part of the page of the data set that shows snapshots, and what has changed since one."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from app.console.api import ApiProblem
from app.console.row_changes import describe
from app.console.view import View
from app.names import SEEDED
from app.web.prefix import link

SNAPSHOTS = "/api/db/snapshots"
FIRST_ROWS = 10
MORE_ROWS = 50


class SnapshotsController(Controller):
    @get("/snapshots")
    async def show(
        self,
        view: NamedDependency[View],
        since: FromQuery[str] = "",
        cursor: FromQuery[str | None] = None,
    ) -> Template | Redirect:
        """Show the changes since a snapshot, or since the seed if there is none of this name."""
        if not view.is_part:
            return Redirect(link("/"))
        try:
            if cursor is not None:
                return view.render("changes_rows.html", **await _read(view, since, cursor))
            snapshots = await view.api.get(SNAPSHOTS)
            shown = _choose(snapshots, since)
            changes = await _read(view, shown["name"]) if shown else {}
        except ApiProblem as refusal:
            name = "changes_refused.html" if cursor is None else "changes_more_refused.html"
            return view.render(name, problem=refusal.problem)
        missing = since if shown is None or shown["name"] != since else ""
        return view.render(
            "changes.html", snapshots=snapshots, shown=shown, missing=missing, **changes
        )


def _choose(snapshots: Sequence[Any], since: str) -> Any:
    """Return the snapshot of this name, else that of the seed, else the oldest, if there is any."""
    by_name = {each["name"]: each for each in snapshots}
    oldest = snapshots[0] if snapshots else None
    return by_name.get(since) or by_name.get(SEEDED) or oldest


async def _read(view: View, since: str, cursor: str | None = None) -> dict[str, Any]:
    path = f"{SNAPSHOTS}/{quote(since, safe='')}/changes"
    limit = FIRST_ROWS if cursor is None else MORE_ROWS
    page = await view.api.get(path, cursor=cursor, limit=limit)
    rows = [describe(each) for each in page["items"]]
    return {"rows": rows, "next": page["next"], "since": since, "cursor": cursor}

"""Routes that are the same for everybody: they show no more of an organization than is said."""

from tenancy.cases import READS, Row, allowed, anybody, tells

STYLE_SHEET = "/assets/swagger-ui.css"

LAST_SEED = tells(last_seed=("document",))
FIGURES = tells(organizations=("id", "name"), users=("id", "name"), treatment_plans=("diagnosis",))

PUBLIC = (
    Row("GET /api/db", "", anybody(READS)),
    Row("GET /api/db/seed", "", anybody(LAST_SEED)),
    Row("GET /api/db/seed/running", "", anybody(READS)),
    Row("GET /api/db/scenarios", "", anybody(READS)),
    Row("GET /api/db/statistics", "", anybody(FIGURES)),
    Row("GET /api/db/snapshots", "", anybody(READS)),
    # A client that may reset a database may restore and read all of it: no rows for that.
    Row(
        "PUT /api/db/snapshots/{name:str}",
        "with a name that is not allowed",
        anybody(allowed(status=400)),
        url="/api/db/snapshots/NAME",
    ),
    *(
        Row(route, "that does not exist", anybody(allowed(status=404)), url=url)
        for route, url in (
            ("DELETE /api/db/snapshots/{name:str}", "/api/db/snapshots/none"),
            ("GET /api/db/snapshots/{name:str}/changes", "/api/db/snapshots/none/changes"),
            ("POST /api/db/snapshots/{name:str}/restore", "/api/db/snapshots/none/restore"),
        )
    ),
    Row("GET /api/db/clock", "", anybody(READS)),
    Row("DELETE /api/db/clock", "that is not set", anybody(allowed(status=204))),
    Row(
        "PUT /api/db/clock",
        "to a year that is not allowed",
        anybody(allowed(status=400)),
        body={"now": "2999-01-01T00:00:00Z"},
    ),
    # Nor for the session of any user.
    Row(
        "POST /api/db/sessions",
        "of a user who does not exist",
        anybody(allowed(status=404)),
        body={"users": ["nobody@example.com"]},
    ),
    Row(
        "POST /api/db/clinics",
        "of a scenario that does not exist",
        anybody(allowed(status=400)),
        body={"scenario": "none"},
    ),
    Row(
        "DELETE /api/db/clinics/{organization_id:uuid}",
        "that does not exist",
        anybody(allowed(status=404)),
        url="/api/db/clinics/00000000-0000-4000-8000-000000000000",
    ),
    # A client that may reset a database outside production replaces all rows: no row for that.
    Row(
        "POST /api/db/seed",
        "that changes nothing",
        anybody(READS),
        query={"dryRun": "true"},
        body={"users": 1, "organizations": 1, "patients": 0},
    ),
    Row("GET /health/live", "", anybody(allowed(response={"status": "live"}))),
    Row("GET /health/ready", "", anybody(allowed(response={"status": "ready"}))),
    Row("GET /assets/{file_path:path}", "", anybody(READS), url=STYLE_SHEET),
    Row("HEAD /assets/{file_path:path}", "", anybody(READS), url=STYLE_SHEET),
    Row("GET /schema", "", anybody(READS)),
    Row("GET /schema/swagger", "", anybody(READS)),
    Row("GET /schema/openapi.json", "", anybody(READS)),
    Row("GET /schema/oauth2-redirect.html", "", anybody(READS)),
    Row(
        "GET /schema/{path:str}",
        "that is no page",
        anybody(allowed(status=404)),
        url="/schema/patients",
    ),
)

"""Pages of the console: they show what the API returns to the user, and do what it allows."""

from typing import Any

from tenancy.cases import READS, Outcome, Row, allowed, anybody, members, signed_in, tells
from tenancy.table.clinic import EXCEPTION, PATIENT, SLOT, TEMPLATE

STYLE_SHEET = "/console/console.css"
LAST_SEED = tells(last_seed=("document",))
# Redirected to the page where people sign in.
LED_ON = allowed(status=303)
NO_ACTIVE = Outcome(status=400)
NOT_YOURS = Outcome(status=403)
NOTHING = Outcome(status=404)


def of_the_clinic() -> dict[Any, Outcome]:
    return members(
        others=NO_ACTIVE, nobody=LED_ON, outsider=NOTHING, member=READS, admin=READS, owner=READS
    )


def of_a_colleague(table: str) -> dict[Any, Outcome]:
    done = allowed(table)
    return members(
        others=NO_ACTIVE,
        nobody=LED_ON,
        outsider=NOTHING,
        member=NOT_YOURS,
        admin=done,
        owner=done,
    )


FILES = tuple(
    Row(f"{method} /console/{{file_path:path}}", "", anybody(READS), url=STYLE_SHEET)
    for method in ("GET", "HEAD")
)
PEOPLE = (
    Row("GET /people", "", anybody(LAST_SEED)),
    Row("GET /people/user-menu", "", anybody(READS)),
    Row(
        "GET /people/sign-in",
        "a login link",
        anybody(LAST_SEED),
        query={"email": "nobody@example.net"},
    ),
    Row(
        "POST /people/sign-in",
        "as nobody who was seeded",
        anybody(LAST_SEED),
        form={"email": "nobody@example.net"},
    ),
    Row("POST /people/sign-out", "", anybody(allowed("sessions", status=303), nobody=LED_ON)),
    Row(
        "POST /people/clinic",
        "that is attacked",
        signed_in(
            allowed("sessions", status=303), nobody=LED_ON, stranger=NOT_YOURS, outsider=NOT_YOURS
        ),
        form={"organizationId": "{clinic.id}"},
    ),
)
AVAILABILITY = (
    Row(
        "GET /availability",
        "of a colleague",
        of_the_clinic(),
        query={"practitioner": "{colleague.id}", "week": "2026-01-15"},
    ),
    Row("GET /availability/practitioners", "", signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE)),
    Row(
        "POST /availability/slots",
        "of a colleague",
        of_a_colleague("weekly_availability_templates"),
        form={
            **SLOT,
            "kind": "template",
            "startTime": "06:00",
            "endTime": "07:00",
            "userId": "{colleague.id}",
        },
        concerns=["colleague"],
    ),
    *(
        Row(
            "DELETE /availability/{kind:str}/{slot_id:uuid}",
            f"of somebody, among {kind}",
            of_a_colleague(table),
            url=f"/availability/{kind}/{row}",
            concerns=["colleague"],
        )
        for kind, row, table in (
            ("templates", TEMPLATE, "weekly_availability_templates"),
            ("exceptions", EXCEPTION, "availability_exceptions"),
        )
    ),
)
PATIENTS = (
    Row(
        "GET /patients",
        "of the active organization",
        signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE),
        query={"therapistId": "{colleague.id}"},
    ),
    Row(
        "GET /patients/{patient_id:uuid}",
        "of the clinic",
        of_the_clinic(),
        url=f"/patients/{PATIENT}",
    ),
)

CONSOLE = (
    Row("GET /", "", anybody(LAST_SEED)),
    *FILES,
    *PEOPLE,
    *AVAILABILITY,
    *PATIENTS,
    Row("GET /overview", "", anybody(READS)),
)

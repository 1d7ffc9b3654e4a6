"""Pages of the console, which see what the API tells whoever looks, and do what it lets them."""

from typing import Any

from tenancy.cases import READS, Outcome, Row, allowed, anybody, members, signed_in, tells
from tenancy.table.clinic import EXCEPTION, PATIENT, SLOT, TEMPLATE

STYLE_SHEET = "/console/console.css"
LAST_SEED = tells(last_seed=("document",))
# To where one can be someone, and from there on.
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
SLOTS = (
    ("templates", TEMPLATE, "weekly_availability_templates"),
    ("exceptions", EXCEPTION, "availability_exceptions"),
)
FORMS: dict[str, dict[str, Any]] = {
    "templates": {**SLOT, "kind": "template", "startTime": "06:00", "endTime": "07:00"},
    "exceptions": {"kind": "takes", "date": "2031-01-01", "reason": "vacation", "allDay": "on"},
}
AVAILABILITY = (
    Row(
        "GET /availability",
        "of a colleague",
        of_the_clinic(),
        query={"practitioner": "{colleague.id}", "week": "2026-01-15"},
    ),
    Row(
        "GET /availability/team",
        "of the active organization",
        signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE),
        query={"week": "2026-01-15"},
    ),
    Row("GET /availability/practitioners", "", signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE)),
    Row(
        "GET /availability/next-exception",
        "of a colleague",
        signed_in(READS, nobody=LED_ON, stranger=NO_ACTIVE),
        query={"practitioner": "{colleague.id}"},
    ),
    Row(
        "GET /availability/slots/new",
        "of a colleague",
        of_the_clinic(),
        query={"practitioner": "{colleague.id}", "date": "2031-01-01"},
    ),
    Row(
        "POST /availability/slots",
        "of a colleague",
        of_a_colleague("weekly_availability_templates"),
        form={**FORMS["templates"], "userId": "{colleague.id}"},
        concerns=["colleague"],
    ),
    *(
        Row(
            f"GET /availability/{{kind:str}}/{{slot_id:uuid}}{rest}",
            f"of somebody, among {kind}",
            of_the_clinic(),
            url=f"/availability/{kind}/{row}{rest}",
        )
        for kind, row, _ in SLOTS
        for rest in ("", "/edit")
    ),
    *(
        Row(
            "PUT /availability/{kind:str}/{slot_id:uuid}",
            f"of somebody, among {kind}",
            of_a_colleague(table),
            url=f"/availability/{kind}/{row}",
            form={**FORMS[kind], "userId": "{colleague.id}", "version": "*"},
            concerns=["colleague"],
        )
        for kind, row, table in SLOTS
    ),
    *(
        Row(
            "DELETE /availability/{kind:str}/{slot_id:uuid}",
            f"of somebody, among {kind}",
            of_a_colleague(table),
            url=f"/availability/{kind}/{row}",
            concerns=["colleague"],
        )
        for kind, row, table in SLOTS
    ),
    # It answers with a message for the calendar, whatever the reason for a refusal is.
    *(
        Row(
            "PUT /availability/{kind:str}/{slot_id:uuid}/times",
            f"of somebody, among {kind}, that has changed meanwhile",
            anybody(READS),
            url=f"/availability/{kind}/{row}/times",
            form={"date": "2031-01-01", "updatedAt": "2020-01-01T00:00:00Z"},
        )
        for kind, row, _ in SLOTS
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

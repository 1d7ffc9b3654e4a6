"""Pages of the console: they show what the API returns to the user, and do what it allows."""

from typing import Any

from tenancy.cases import (
    READS,
    CallerKind,
    Outcome,
    Row,
    allowed,
    anybody,
    members,
    signed_in,
    tells,
)
from tenancy.records import ADA
from tenancy.table.calendar_pages import CALENDAR
from tenancy.table.clinic import (
    COURSE,
    EXCEPTION,
    GROUP_CLASS,
    PATIENT,
    PLAN,
    POOL,
    ROOM,
    SLOT,
    TEMPLATE,
    TYPE,
)
from tenancy.table.page_outcomes import (
    LED_ON,
    NO_ACTIVE,
    NOT_SIGNED_IN,
    NOT_YOURS,
    NOTHING,
    of_the_caller,
    of_the_clinic,
)

STYLE_SHEET = "/console/console.css"
LAST_SEED = tells(last_seed=("document",))
ADA_FORM = ADA | {"version": "*"}
PLAN_FORM = COURSE | {"version": "*"}


def filled_in(*writes: str) -> dict[Any, Outcome]:
    """Say of a form about a row of the clinic who may send it; a refusal shows it again."""
    done = allowed(*writes, status=303)
    return members(
        others=NO_ACTIVE,
        nobody=NOT_SIGNED_IN,
        outsider=NOTHING,
        member=done,
        admin=done,
        owner=done,
    )


def pressed(*writes: str) -> dict[Any, Outcome]:
    """Say of a button about a row of the clinic who may press it."""
    return filled_in(*writes) | {CallerKind.NOBODY: LED_ON}


def delete_and_restore(
    path: str, name: str, table: str, *, by_owners: bool = False
) -> tuple[Row, Row]:
    route = f"POST {path}/{{{name}:uuid}}"
    outcomes = pressed(table) | ({CallerKind.MEMBER: NOT_YOURS} if by_owners else {})
    return (
        Row(
            f"{route}/delete",
            "of the clinic",
            outcomes,
            url=f"{path}/{{clinic.rows[{table}]}}/delete",
            form={},
        ),
        Row(
            f"{route}/restore",
            "of the clinic",
            outcomes,
            url=f"{path}/{{hidden[{table}]}}/restore",
            form={},
        ),
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
    # It returns a message for the calendar, for any refusal.
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
    *(
        Row(
            f"GET {path}/export/{{file_format:str}}",
            f"of the active organization, as {file_format}",
            of_the_caller(),
            url=f"{path}/export/{file_format}",
        )
        for path in ("/patients", "/treatment-plans", "/appointments")
        for file_format in ("csv", "json")
    ),
    Row("GET /patients/new", "", of_the_caller()),
    Row(
        "POST /patients/new",
        "",
        signed_in(
            allowed("patients", "patient_words", status=303),
            nobody=NOT_SIGNED_IN,
            stranger=NO_ACTIVE,
        ),
        form=ADA_FORM,
    ),
    Row(
        "GET /patients/{patient_id:uuid}/edit",
        "of the clinic",
        of_the_clinic(),
        url=f"/patients/{PATIENT}/edit",
    ),
    Row(
        "POST /patients/{patient_id:uuid}/edit",
        "of the clinic",
        filled_in("patients", "patient_words"),
        url=f"/patients/{PATIENT}/edit",
        form=ADA_FORM,
    ),
    *delete_and_restore("/patients", "patient_id", "patients"),
)
PLANS = (
    Row(
        "GET /treatment-plans",
        "of the active organization",
        of_the_caller(),
        query={"therapistId": "{colleague.id}"},
    ),
    Row(
        "GET /treatment-plans/{plan_id:uuid}",
        "of the clinic",
        of_the_clinic(),
        url=f"/treatment-plans/{PLAN}",
    ),
    Row(
        "GET /patients/{patient_id:uuid}/plans/new",
        "of the clinic",
        of_the_clinic(),
        url=f"/patients/{PATIENT}/plans/new",
    ),
    Row(
        "POST /patients/{patient_id:uuid}/plans/new",
        "of the clinic",
        filled_in("treatment_plans"),
        url=f"/patients/{PATIENT}/plans/new",
        form=PLAN_FORM,
    ),
    Row(
        "GET /treatment-plans/{plan_id:uuid}/edit",
        "of the clinic",
        of_the_clinic(),
        url=f"/treatment-plans/{PLAN}/edit",
    ),
    Row(
        "POST /treatment-plans/{plan_id:uuid}/edit",
        "of the clinic",
        filled_in("treatment_plans"),
        url=f"/treatment-plans/{PLAN}/edit",
        form=PLAN_FORM,
    ),
    Row(
        "POST /treatment-plans/{plan_id:uuid}/status",
        "of the clinic",
        pressed("treatment_plans"),
        url=f"/treatment-plans/{PLAN}/status",
        form={"status": "cancelled"},
    ),
    *delete_and_restore("/treatment-plans", "plan_id", "treatment_plans"),
)
ROOMS = (
    Row("GET /rooms", "of the active organization", of_the_caller(), query={"deleted": "true"}),
    *(
        each
        for path, name, row, table, form in (
            ("/rooms", "room_id", ROOM, "rooms", POOL),
            ("/appointment-types", "type_id", TYPE, "appointment_types", GROUP_CLASS),
        )
        for each in (
            Row(f"GET {path}/new", "", of_the_caller()),
            Row(
                f"POST {path}/new",
                "",
                signed_in(
                    allowed(table, status=303),
                    nobody=NOT_SIGNED_IN,
                    stranger=NO_ACTIVE,
                    member=NOT_YOURS,
                ),
                form=form,
            ),
            Row(
                f"GET {path}/{{{name}:uuid}}/edit",
                "of the clinic",
                of_the_clinic(),
                url=f"{path}/{row}/edit",
            ),
            Row(
                f"POST {path}/{{{name}:uuid}}/edit",
                "of the clinic",
                filled_in(table) | {CallerKind.MEMBER: NOT_YOURS},
                url=f"{path}/{row}/edit",
                form=form | {"version": "*"},
            ),
        )
    ),
    *delete_and_restore("/rooms", "room_id", "rooms", by_owners=True),
)

CONSOLE = (
    Row("GET /", "", anybody(LAST_SEED)),
    Row("GET /snapshots", "as a whole page", anybody(allowed(status=302))),
    *FILES,
    *PEOPLE,
    *AVAILABILITY,
    *CALENDAR,
    *PATIENTS,
    *PLANS,
    *ROOMS,
    Row("GET /overview", "", anybody(READS)),
)

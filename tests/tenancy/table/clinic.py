"""Routes about what belongs to a clinic: always the active organization's."""

from collections.abc import Mapping
from typing import Any

from tenancy.cases import READS, CallerKind, Outcome, Row, allowed, members, refused, signed_in
from tenancy.records import ADA, BOOKED_DAY
from tenancy.records import COURSE as WALKING

NO_ACTIVE = refused(400, "NO_ACTIVE_ORGANIZATION")
NOTHING = Outcome(status=404)
NOT_YOURS = Outcome(status=403)

TEMPLATE = "{clinic.rows[weekly_availability_templates]}"
EXCEPTION = "{clinic.rows[availability_exceptions]}"
PATIENT = "{clinic.rows[patients]}"
PLAN = "{clinic.rows[treatment_plans]}"
ROOM = "{clinic.rows[rooms]}"
TYPE = "{clinic.rows[appointment_types]}"
APPOINTMENT = "{clinic.rows[booked]}"

SLOT = {
    "dayOfWeek": "sat",
    "startTime": "06:00:00",
    "endTime": "07:00:00",
    "location": "home",
    "maxSessions": 1,
}
FREE_DAY = {"date": "2031-01-01", "isAvailable": False, "reason": "vacation"}
COURSE = WALKING | {"therapistId": "{colleague.id}"}


def of_the_clinic(*writes: str, status: int = 200) -> dict[Any, Outcome]:
    """Say of a row of the attacked clinic that all of its people may, and nobody else sees it."""
    done = allowed(*writes, status=status)
    return members(others=NO_ACTIVE, outsider=NOTHING, member=done, admin=done, owner=done)


def of_a_colleague(*writes: str, status: int = 200) -> dict[Any, Outcome]:
    """Say of another practitioner's hours, or of rooms, that owners and admins may."""
    done = allowed(*writes, status=status)
    return members(others=NO_ACTIVE, outsider=NOTHING, member=NOT_YOURS, admin=done, owner=done)


def of_the_caller(*writes: str, status: int = 200) -> dict[Any, Outcome]:
    return signed_in(allowed(*writes, status=status), stranger=NO_ACTIVE)


def by_owners(*writes: str, status: int = 200) -> dict[Any, Outcome]:
    """Say of what owners and admins may do in their own organization, whichever it is."""
    return of_the_caller(*writes, status=status) | {CallerKind.MEMBER: NOT_YOURS}


def read_one(path: str, row: str, name: str) -> Row:
    return Row(f"GET {path}/{{{name}:uuid}}", "of the clinic", of_the_clinic(), url=f"{path}/{row}")


def restore(
    path: str, name: str, table: str, outcomes: Mapping[CallerKind, Outcome] | None = None
) -> tuple[Row, Row]:
    """Return who restores a row, and 404 where none was deleted."""
    route = f"POST {path}/{{{name}:uuid}}/restore"
    visible, hidden = f"{{clinic.rows[{table}]}}", f"{{hidden[{table}]}}"
    nothing = members(
        others=NO_ACTIVE, outsider=NOTHING, member=NOTHING, admin=NOTHING, owner=NOTHING
    )
    return (
        Row(
            route,
            "of the clinic",
            outcomes or of_the_clinic(table),
            url=f"{path}/{hidden}/restore",
        ),
        Row(route, "that is not deleted", nothing, url=f"{path}/{visible}/restore"),
    )


LISTS = tuple(
    Row(
        f"GET {path}",
        f"of the active organization, by {' and '.join(query)}",
        signed_in(READS, stranger=NO_ACTIVE),
        query=query,
    )
    for path, query in (
        ("/api/availability/templates", {"userId": "{colleague.id}"}),
        ("/api/availability/exceptions", {"userId": "{colleague.id}"}),
        ("/api/availability/team", {"from": "2026-01-15", "to": "2026-02-14"}),
        ("/api/patients", {"therapistId": "{colleague.id}"}),
        ("/api/treatment-plans", {"patientId": PATIENT}),
        ("/api/rooms", {"limit": "1"}),
        ("/api/rooms", {"deleted": "true"}),
        ("/api/appointment-types", {"isActive": "true"}),
        ("/api/appointments", {"patientId": PATIENT, "roomId": ROOM, "treatmentPlanId": PLAN}),
        ("/api/appointments", {"therapistId": "{colleague.id}", "includeTotal": "true"}),
        *(
            (path, query)
            for path in ("/api/patients", "/api/treatment-plans")
            for query in (
                {"search": "anybody"},
                {"deleted": "true"},
                {"deleted": "true", "search": "anybody"},
            )
        ),
    )
)

AVAILABILITY = (
    Row(
        "GET /api/availability/effective",
        "of a colleague",
        of_the_clinic(),
        query={"userId": "{colleague.id}", "from": "2026-01-15", "to": "2026-02-15"},
    ),
    Row(
        "POST /api/availability/templates",
        "of the caller",
        of_the_caller("weekly_availability_templates", status=201),
        body=SLOT,
    ),
    Row(
        "POST /api/availability/templates",
        "of a colleague",
        of_a_colleague("weekly_availability_templates", status=201),
        body=SLOT | {"userId": "{colleague.id}"},
        concerns=["colleague"],
    ),
    Row(
        "POST /api/availability/exceptions",
        "of the caller",
        of_the_caller("availability_exceptions", status=201),
        body=FREE_DAY,
    ),
    Row(
        "POST /api/availability/exceptions",
        "of a colleague",
        of_a_colleague("availability_exceptions", status=201),
        body=FREE_DAY | {"userId": "{colleague.id}"},
        concerns=["colleague"],
    ),
    read_one("/api/availability/templates", TEMPLATE, "template_id"),
    read_one("/api/availability/exceptions", EXCEPTION, "exception_id"),
    *(
        Row(
            f"{method} /api/availability/{kind}/{{{name}:uuid}}",
            "of somebody",
            of_a_colleague(table, status=status),
            url=f"/api/availability/{kind}/{row}",
            body=body if method == "PUT" else None,
            concerns=["colleague"],
        )
        for kind, name, row, table, body in (
            ("templates", "template_id", TEMPLATE, "weekly_availability_templates", SLOT),
            ("exceptions", "exception_id", EXCEPTION, "availability_exceptions", FREE_DAY),
        )
        for method, status in (("PUT", 200), ("DELETE", 204))
    ),
)

PATIENTS = (
    Row(
        "POST /api/patients",
        "of the caller",
        of_the_caller("patients", "patient_words", status=201),
        body=ADA,
    ),
    read_one("/api/patients", PATIENT, "patient_id"),
    *(
        Row(
            f"{method} /api/patients/{{patient_id:uuid}}",
            "of the clinic",
            of_the_clinic("patients", *words, status=status),
            url=f"/api/patients/{PATIENT}",
            body=body,
        )
        for method, body, status, words in (
            ("PUT", ADA, 200, ("patient_words",)),
            ("PATCH", {"city": "Geelong"}, 200, ()),
            ("DELETE", None, 204, ()),
        )
    ),
    *restore("/api/patients", "patient_id", "patients"),
)

PLANS = (
    Row(
        "POST /api/treatment-plans",
        "of a patient of the clinic",
        of_the_clinic("treatment_plans", status=201),
        body=COURSE | {"patientId": PATIENT},
    ),
    Row(
        "POST /api/treatment-plans",
        "by a therapist of the clinic for a patient of the caller's clinic",
        members(
            others=NO_ACTIVE,
            outsider=NOTHING,
            **dict.fromkeys(("member", "admin", "owner"), allowed("treatment_plans", status=201)),
        ),
        body=COURSE | {"patientId": "{mine.rows[patients]}"},
    ),
    read_one("/api/treatment-plans", PLAN, "plan_id"),
    *(
        Row(
            f"{method} /api/treatment-plans/{{plan_id:uuid}}",
            "of the clinic",
            of_the_clinic("treatment_plans", status=status),
            url=f"/api/treatment-plans/{PLAN}",
            body=body,
        )
        for method, body, status in (
            ("PUT", COURSE, 200),
            ("PATCH", {"notes": "Likes to be called by the first name."}, 200),
            ("DELETE", None, 204),
        )
    ),
    Row(
        "POST /api/treatment-plans/{plan_id:uuid}/status",
        "of the clinic",
        of_the_clinic("treatment_plans"),
        url=f"/api/treatment-plans/{PLAN}/status",
        body={"status": "cancelled"},
    ),
    *restore("/api/treatment-plans", "plan_id", "treatment_plans"),
)

POOL = {"name": "Pool", "capacity": 3}
GROUP_CLASS = {"code": "GROUP_CLASS", "title": "Group class", "durationMinutes": 45}
ROOMS = (
    *(
        Row(
            f"POST {path}",
            "of the active organization",
            by_owners(table, status=201),
            body=body,
        )
        for path, table, body in (
            ("/api/rooms", "rooms", POOL),
            ("/api/appointment-types", "appointment_types", GROUP_CLASS),
        )
    ),
    read_one("/api/rooms", ROOM, "room_id"),
    read_one("/api/appointment-types", TYPE, "type_id"),
    *(
        Row(
            f"{method} {path}/{{{name}:uuid}}",
            "of the clinic",
            of_a_colleague(table, status=status),
            url=f"{path}/{row}",
            body=body,
        )
        for method, path, name, row, table, body, status in (
            ("PUT", "/api/rooms", "room_id", ROOM, "rooms", POOL, 200),
            ("DELETE", "/api/rooms", "room_id", ROOM, "rooms", None, 204),
            (
                "PUT",
                "/api/appointment-types",
                "type_id",
                TYPE,
                "appointment_types",
                GROUP_CLASS,
                200,
            ),
        )
    ),
    *restore("/api/rooms", "room_id", "rooms", of_a_colleague("rooms")),
)

OWN = {
    "patientId": "{mine.rows[patients]}",
    "therapistId": "{me.id}",
    "appointmentTypeId": "{mine.rows[appointment_types]}",
    "roomId": "{mine.rows[rooms]}",
    "date": BOOKED_DAY["date"],
    "startTime": "11:30:00",
}
FOREIGN = {
    "patientId": PATIENT,
    "treatmentPlanId": PLAN,
    "therapistId": "{colleague.id}",
    "appointmentTypeId": TYPE,
    "roomId": ROOM,
}
NOT_AT_WORK = Outcome(status=409)
APPOINTMENTS = (
    Row(
        "POST /api/appointments",
        "in the caller's own clinic",
        of_the_caller("appointments", status=201)
        | dict.fromkeys((CallerKind.MEMBER, CallerKind.ADMIN), NOT_AT_WORK),
        body=OWN,
    ),
    *(
        Row(
            "POST /api/appointments",
            f"with the {name} of the clinic",
            members(
                others=NO_ACTIVE,
                outsider=NOTHING,
                member=NOT_AT_WORK,
                admin=NOT_AT_WORK,
                owner=NOT_AT_WORK if name == "therapistId" else allowed("appointments", status=201),
            ),
            body=OWN | {name: value},
        )
        for name, value in FOREIGN.items()
    ),
    *(
        Row(
            "GET /api/appointments/free",
            f"with the {name} of the clinic",
            of_the_clinic(),
            query={"typeId": "{mine.rows[appointment_types]}", name: value},
        )
        for name, value in {**FOREIGN, "userId": "{colleague.id}", "typeId": TYPE}.items()
        if name in {"patientId", "roomId", "userId", "typeId"}
    ),
    read_one("/api/appointments", APPOINTMENT, "appointment_id"),
    Row(
        "PATCH /api/appointments/{appointment_id:uuid}",
        "of the clinic",
        of_the_clinic("appointments"),
        url=f"/api/appointments/{APPOINTMENT}",
        body={"startTime": "11:30:00"},
    ),
    Row(
        "POST /api/appointments/{appointment_id:uuid}/status",
        "of the clinic",
        of_the_clinic("appointments"),
        url=f"/api/appointments/{APPOINTMENT}/status",
        body={"status": "cancelled"},
    ),
)

CLINIC = (*LISTS, *AVAILABILITY, *PATIENTS, *PLANS, *ROOMS, *APPOINTMENTS)

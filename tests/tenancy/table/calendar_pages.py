"""Pages and forms of the calendar: all members of a clinic see and change its appointments."""

from tenancy.cases import CallerKind, Row, allowed
from tenancy.records import BOOKED_DAY
from tenancy.table.clinic import APPOINTMENT, PATIENT, ROOM, TYPE
from tenancy.table.page_outcomes import of_the_caller, of_the_clinic

DATE = BOOKED_DAY["date"]
ROUTE = "/appointments/{appointment_id:uuid}"
URL = f"/appointments/{APPOINTMENT}"
LATER = {"date": DATE, "startTime": "11:30"}
BOOKING = {**LATER, "patientId": PATIENT, "appointmentTypeId": TYPE, "roomId": ROOM}

CALENDAR = (
    Row(
        "GET /calendar",
        "of a colleague",
        of_the_clinic(),
        query={"practitioner": "{colleague.id}", "date": DATE},
    ),
    Row("GET /calendar/room", "of the clinic", of_the_clinic(), query={"room": ROOM, "date": DATE}),
    Row("GET /calendar/rooms", "of the active organization", of_the_caller()),
    Row("GET /calendar/team", "of the active organization", of_the_caller(), query={"date": DATE}),
    Row(
        "GET /appointments",
        "of the active organization",
        of_the_caller(),
        query={"patientId": PATIENT, "roomId": ROOM},
    ),
    Row(
        "GET /appointments/new",
        "with a colleague, whom others do not see",
        of_the_caller(),
        query={"practitioner": "{colleague.id}", "patient": PATIENT, "date": DATE},
    ),
    Row(
        "POST /appointments",
        "with a patient of the clinic; others than the owner do not work on that date",
        of_the_clinic() | {CallerKind.OWNER: allowed("appointments")},
        form=BOOKING,
    ),
    Row("GET /appointments/choices/patients", "of the active organization", of_the_caller()),
    Row(
        "GET /appointments/choices/plans",
        "of a patient of the clinic, whom others do not see",
        of_the_caller(),
        query={"patient": PATIENT},
    ),
    Row(
        "GET /appointments/choices/times",
        "of a colleague",
        of_the_clinic(),
        query={"practitioner": "{colleague.id}", "date": DATE, "type": TYPE},
    ),
    *(
        Row(f"GET {ROUTE}{rest}", "of the clinic", of_the_clinic(), url=f"{URL}{rest}")
        for rest in ("", "/edit")
    ),
    Row(
        f"GET {ROUTE}/status",
        "of the clinic",
        of_the_clinic(),
        url=f"{URL}/status",
        query={"to": "cancelled"},
    ),
    Row(
        f"PUT {ROUTE}",
        "of the clinic",
        of_the_clinic(allowed("appointments")),
        url=URL,
        form={**LATER, "appointmentTypeId": TYPE, "version": "*"},
    ),
    Row(
        f"PUT {ROUTE}/times",
        "of the clinic, that has changed meanwhile",
        of_the_clinic(),
        url=f"{URL}/times",
        form={**LATER, "endTime": "12:00", "updatedAt": "2020-01-01T00:00:00Z"},
    ),
    Row(
        f"POST {ROUTE}/status",
        "of the clinic",
        of_the_clinic(allowed("appointments")),
        url=f"{URL}/status",
        form={"status": "cancelled"},
    ),
)

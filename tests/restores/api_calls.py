"""A call of each operation of the API that writes, with rows that are chosen by a number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from restores.raw_rows import raw_connection

WRITING = ("post", "put", "patch", "delete")
# `History` calls these itself.
OF_SNAPSHOTS = {"seedDatabase", "takeSnapshot", "deleteSnapshot", "restoreSnapshot"}
LIVE, DELETED = "deleted_at IS NULL", "deleted_at IS NOT NULL"
PATIENT = {"firstName": "Ann", "lastName": "Lee", "dateOfBirth": "1990-01-01"}
TYPE = {"title": "Other", "durationMinutes": 30}
DAY_OFF = {"isAvailable": False, "reason": "vacation"}
HOURS = {"dayOfWeek": "sat", "location": "clinic", "maxSessions": 1}
PLAN = {"title": "Plan", "startDate": "2026-01-05", "numberOfSessions": 4, "sessionFrequency": 1}
MINE = "organization_id = '{}' AND "
NEW_PASSWORD = "Another password 1"


class OwnerCalls:
    """Calls in the name of the owner of a clinic; who that is is read from the database."""

    def __init__(self, client: httpx.AsyncClient, database_url: str, password: str) -> None:
        self.client = client
        self.database_url = database_url
        self.password = password
        self.operations: dict[str, tuple[str, str]] = {}

    async def load_operations(self) -> None:
        document = (await self.client.get("/schema/openapi.json")).json()
        self.operations = {
            operation["operationId"]: (method.upper(), path)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
            if method in WRITING and operation["operationId"] not in OF_SNAPSHOTS
        }

    def find(self, query: str) -> tuple[Any, ...] | None:
        with raw_connection(self.database_url) as raw:
            row: tuple[Any, ...] | None = raw.execute(query).fetchone()
            return row

    def value(self, query: str) -> str:
        found = self.find(query)
        return str(found[0]) if found else ""

    def id_of(self, table: str, number: int, where: str = "true") -> str:
        """Return the id of a row, or one that does not exist."""
        count = int(self.value(f"SELECT count(*) FROM {table} WHERE {where}"))
        found = self.find(
            f"SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT 1"
            f" OFFSET {number % max(count, 1)}"
        )
        return str(UUID(str(found[0] if found else UUID(int=number))))

    async def call(self, operation: str, number: int) -> httpx.Response:
        """Call an operation.

        It may be refused, or fail: other programs write what the API never does, such as a text
        that is no hash of a password, or a key that refers to nothing.
        """
        call = CALLS[operation]
        method, path = self.operations[operation]
        self.client.cookies.clear()
        # An owner whose clinic has some patients, if there is one.
        owner = self.find(
            "SELECT email, organization_id FROM members JOIN users ON users.id = user_id"
            " WHERE role = 'owner' ORDER BY (SELECT count(*) FROM patients WHERE"
            " patients.organization_id = members.organization_id) DESC, users.id LIMIT 1"
        )
        email, clinic = owner or ("nobody@example.com", UUID(int=number))
        clinic = clinic.hex if isinstance(clinic, UUID) else str(clinic)
        if call.caller:
            email = self.value(call.caller.format(clinic)) or email
        created = await self.client.post("/api/db/sessions", json={"users": [email]})
        headers = {}
        if created.status_code == 201:
            headers["Authorization"] = f"Bearer {created.json()[0]['token']}"
        if call.table:
            row = self.id_of(call.table, number, call.where.format(clinic))
            path = path[: path.index("{")] + row + path[path.index("}") + 1 :]
            resource = path.removesuffix("/status").removesuffix("/restore")
            query = "?deleted=true" if DELETED in call.where else ""
            found = await self.client.get(resource + query, headers=headers)
            headers["If-Match"] = found.headers.get("etag", '"none"')
        sent: dict[str, Any] = {"json": call.body(self, number, clinic)} if call.body else {}
        if method != "DELETE" and not call.body:
            sent = {"json": {}} if path.startswith("/api/auth") else {}
        return await self.client.request(method, path, headers=headers, **sent)

    def practitioner(self, clinic: str) -> str:
        return str(
            UUID(
                self.value(
                    f"SELECT user_id FROM members WHERE organization_id = '{clinic}' ORDER BY 1"
                )
                or "0" * 32
            )
        )


Body = Callable[[OwnerCalls, int, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ApiCall:
    """`table` and `where` choose the row in the path, `caller` is a query of an email address."""

    body: Body | None = None
    table: str = ""
    where: str = MINE + "true"
    caller: str = ""


def body(**values: Any) -> Body:
    return lambda _api, _number, _clinic: values


def times(number: int) -> dict[str, str]:
    hour = 6 + number % 12
    return {"startTime": f"{hour:02}:00:00", "endTime": f"{hour:02}:30:00"}


def with_practitioner(values: dict[str, Any], name: str = "userId") -> Body:
    return lambda api, number, clinic: {
        **values,
        **(times(number) if "dayOfWeek" in values else {}),
        **(
            {"date": f"2031-{number % 12 + 1:02}-{number % 28 + 1:02}"} if values is DAY_OFF else {}
        ),
        name: api.practitioner(clinic),
    }


def plan(api: OwnerCalls, number: int, clinic: str) -> dict[str, Any]:
    patient = api.id_of("patients", number, (MINE + LIVE).format(clinic))
    return with_practitioner(PLAN, "therapistId")(api, number, clinic) | {"patientId": patient}


def appointment(api: OwnerCalls, number: int, clinic: str) -> dict[str, Any]:
    """Book one at the practitioner's first hours of a later week."""
    hours = api.find(
        "SELECT user_id, start_time, day_of_week FROM weekly_availability_templates"
        f" WHERE organization_id = '{clinic}' AND location = 'clinic' ORDER BY id"
    )
    user, start, day = hours or (UUID(int=1), "09:00:00", "mon")
    first = ("mon", "tue", "wed", "thu", "fri", "sat").index(day) + 3  # 3 March 2031 is a Monday
    return {
        "patientId": api.id_of("patients", number, (MINE + LIVE).format(clinic)),
        "appointmentTypeId": api.id_of("appointment_types", 0, (MINE + "is_active").format(clinic)),
        "therapistId": str(UUID(str(user))),
        "date": f"2031-03-{first + 7 * (number % 4):02}",
        "startTime": str(start)[:8],
    }


def of_member(name: str, **values: Any) -> Body:
    return lambda api, number, clinic: {
        name: api.id_of("members", number, f"organization_id = '{clinic}' AND role <> 'owner'"),
        **values,
    }


def of_invitation(api: OwnerCalls, number: int, clinic: str) -> dict[str, Any]:
    found = "status = 'pending' AND email IN (SELECT email FROM users)"
    return {"invitationId": api.id_of("invitations", number, found)}


def clinic_id(_api: OwnerCalls, _number: int, clinic: str) -> dict[str, Any]:
    return {"organizationId": str(UUID(clinic))}


def invited(api: OwnerCalls, number: int, clinic: str) -> dict[str, Any]:
    """Invite a user who is not a member."""
    free = (
        "SELECT email FROM users WHERE id NOT IN (SELECT user_id FROM members"
        f" WHERE organization_id = '{clinic}') AND email NOT IN (SELECT email FROM invitations"
        " WHERE status = 'pending') ORDER BY email DESC"
    )
    return {"email": api.value(free) or f"n{number}@example.com", "role": "member"}


def numbered(**values: str) -> Body:
    return lambda _api, number, _clinic: {
        name: value.format(number) for name, value in values.items()
    }


INVITED = (
    "SELECT invitations.email FROM invitations JOIN users ON users.email = invitations.email"
    " WHERE status = 'pending' ORDER BY invitations.id"
)
NOT_OWNER = (
    "SELECT email FROM members JOIN users ON users.id = user_id"
    " WHERE organization_id = '{}' AND role <> 'owner' ORDER BY email"
)
# In an order in which each of them succeeds after a seed.
CALLS: dict[str, ApiCall] = {
    "createTestSessions": ApiCall(),
    "setClock": ApiCall(
        lambda _api, number, _clinic: {
            "now": f"2026-11-{number % 28 + 1:02}T09:00:00Z",
            "isFrozen": number % 2 == 0,
        }
    ),
    "resetClock": ApiCall(),
    "signUp": ApiCall(
        numbered(name="New", email="new{}@example.com", password=NEW_PASSWORD),
    ),
    "signIn": ApiCall(
        lambda api, _number, _clinic: {
            "email": api.value("SELECT email FROM users ORDER BY created_at, email"),
            "password": api.password,
        }
    ),
    "updateUser": ApiCall(numbered(name="Other name {}")),
    "verifyPassword": ApiCall(lambda api, _number, _clinic: {"password": api.password}),
    "createPatient": ApiCall(body(**PATIENT)),
    "replacePatient": ApiCall(body(**PATIENT, allergies=["pollen"]), "patients", MINE + LIVE),
    "updatePatient": ApiCall(numbered(notes="note {}"), "patients", MINE + LIVE),
    "deletePatient": ApiCall(None, "patients", MINE + LIVE),
    "restorePatient": ApiCall(None, "patients", MINE + DELETED),
    "createTreatmentPlan": ApiCall(plan),
    "replaceTreatmentPlan": ApiCall(
        with_practitioner(PLAN, "therapistId"), "treatment_plans", MINE + LIVE
    ),
    "updateTreatmentPlan": ApiCall(numbered(notes="note {}"), "treatment_plans", MINE + LIVE),
    "updateTreatmentPlanStatus": ApiCall(
        body(status="ongoing"), "treatment_plans", MINE + LIVE + " AND status = 'planned'"
    ),
    "deleteTreatmentPlan": ApiCall(None, "treatment_plans", MINE + LIVE),
    "restoreTreatmentPlan": ApiCall(None, "treatment_plans", MINE + DELETED),
    "createRoom": ApiCall(numbered(name="Room {}")),
    "replaceRoom": ApiCall(numbered(name="Other room {}"), "rooms", MINE + LIVE),
    "deleteRoom": ApiCall(None, "rooms", MINE + LIVE),
    "restoreRoom": ApiCall(None, "rooms", MINE + DELETED),
    "createAppointmentType": ApiCall(lambda _api, number, _: TYPE | {"code": f"OTHER_{number}"}),
    "replaceAppointmentType": ApiCall(
        lambda _api, number, _: TYPE | {"code": f"CHANGED_{number}"}, "appointment_types"
    ),
    "createTemplate": ApiCall(with_practitioner(HOURS)),
    "replaceTemplate": ApiCall(
        lambda _api, number, _: HOURS | times(number + 1),
        "weekly_availability_templates",
        MINE + "day_of_week = 'sat'",
    ),
    "deleteTemplate": ApiCall(None, "weekly_availability_templates", MINE + "day_of_week = 'sat'"),
    "createException": ApiCall(with_practitioner(DAY_OFF)),
    "replaceException": ApiCall(
        lambda _api, number, _: DAY_OFF | {"date": f"2032-01-{number % 28 + 1:02}"},
        "availability_exceptions",
    ),
    "deleteException": ApiCall(None, "availability_exceptions"),
    "createAppointment": ApiCall(appointment),
    "updateAppointment": ApiCall(
        numbered(primaryConcern="concern {}"), "appointments", MINE + "status = 'scheduled'"
    ),
    "updateAppointmentStatus": ApiCall(
        body(status="confirmed"), "appointments", MINE + "status = 'scheduled'"
    ),
    "createOrganization": ApiCall(numbered(name="Clinic {}", slug="clinic-{}")),
    "checkSlug": ApiCall(numbered(slug="free-{}")),
    "setActiveOrganization": ApiCall(clinic_id),
    "updateOrganization": ApiCall(lambda _api, number, _: {"data": {"name": f"Renamed {number}"}}),
    "hasPermission": ApiCall(body(permissions={"member": ["create"]})),
    "inviteMember": ApiCall(invited),
    "acceptInvitation": ApiCall(of_invitation, caller=INVITED),
    "updateMemberRole": ApiCall(of_member("memberId", role="admin")),
    "leaveOrganization": ApiCall(clinic_id, caller=NOT_OWNER),
    "rejectInvitation": ApiCall(of_invitation, caller=INVITED),
    "cancelInvitation": ApiCall(of_invitation),
    "removeMember": ApiCall(of_member("memberIdOrEmail")),
    "changePassword": ApiCall(
        lambda api, _number, _: {"currentPassword": api.password, "newPassword": NEW_PASSWORD}
    ),
    "revokeSession": ApiCall(numbered(token="unknown {}")),
    "revokeOtherSessions": ApiCall(),
    "revokeSessions": ApiCall(),
    "signOut": ApiCall(),
    "deleteOrganization": ApiCall(clinic_id),
    "addClinic": ApiCall(),
    "removeClinic": ApiCall(None, "organizations", "true"),
}
# What has to be called before, once more, so that it succeeds as well.
BEFORE = {"rejectInvitation": ["inviteMember"], "cancelInvitation": ["inviteMember"]}

"""Users and rows that generated requests need in order to be accepted."""

from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

import httpx

from app import clock
from app.clinic.availability.models import DayOfWeek
from app.seed.constants import PASSWORD
from app.seed.scenarios.catalogue import SCENARIOS

ORGANIZATIONS = 10
QUANTITIES = {
    "organizations": ORGANIZATIONS,
    "users": 4 * ORGANIZATIONS,
    "patients": 2 * ORGANIZATIONS,
    "scenarios": [*SCENARIOS],
}
# Its clinic has a scene of the requests as well.
WITH_SCENE = "extreme-text"
SECONDS = 120
MONTH = timedelta(days=30)
SLOT_MINUTES, SLOTS = 18, 25
IDENTITY = "/api/auth"
SNAPSHOTS = "/api/db/snapshots"
OF_ALL_SCENES = f"{SNAPSHOTS}/all-scenes"  # a name that no generated request has
NEW_SNAPSHOT = "fuzz"
INVITATION_NAMES = frozenset({"id", "invitationId"})
# The lists with rows for a parameter or a field.
LISTS = {
    "appointmentTypeId": "/api/appointment-types",
    "appointment_id": "/api/appointments",
    "exception_id": "/api/availability/exceptions",
    "patientId": "/api/patients",
    "patient_id": "/api/patients",
    "plan_id": "/api/treatment-plans",
    "roomId": "/api/rooms",
    "room_id": "/api/rooms",
    "template_id": "/api/availability/templates",
    "treatmentPlanId": "/api/treatment-plans",
    "typeId": "/api/appointment-types",
    "type_id": "/api/appointment-types",
}
# Plans and appointments that allow most status changes, and types that can be booked.
WANTED: dict[str, dict[str, Any]] = {
    "/api/appointments": {"status": "scheduled"},
    "/api/appointment-types": {"isActive": True},
    "/api/treatment-plans": {"status": "ongoing"},
}
NAMES = (
    INVITATION_NAMES
    | LISTS.keys()
    | {
        "currentPassword",
        "memberId",
        "memberIdOrEmail",
        "organizationId",
        "organizationSlug",
        "therapistId",
        "userId",
    }
)


class Scene:
    """An organization, its `owner`, an `admin`, a `member`, and an `invited` user."""

    def __init__(self, client: httpx.Client, emails: dict[str, str]) -> None:
        self._client = client
        self._tokens: dict[str, str] = {}
        self._rows: dict[str, str] = {}
        self._weeks = count()
        self.emails = emails

    def token(self, person: str) -> str:
        if person not in self._tokens:
            credentials = {"email": self.emails[person], "password": PASSWORD}
            response = call(self._client, "POST", f"{IDENTITY}/sign-in/email", json=credentials)
            self._tokens[person] = response["token"]
        return self._tokens[person]

    def clear_tokens(self) -> None:
        self._tokens.clear()

    def value(self, name: str) -> str:
        """Return an existing value for a field or a parameter."""
        if name in LISTS:
            return self._row(LISTS[name])
        if name in INVITATION_NAMES:
            return self._invitation_id
        return PASSWORD if name == "currentPassword" else self._ids[name]

    def deleted(self, name: str) -> str:
        """Return the id of a deleted row."""
        path = LISTS[name]
        if rows := self._list(path, deleted=True):
            return rows[0]
        # Some cannot be deleted, such as a room with appointments.
        row = next(each for each in self._list(path) if self._delete(f"{path}/{each}"))
        self._rows.clear()
        return row

    def free_time(self) -> dict[str, Any]:
        """Return the fields of an appointment that breaks no rule."""
        first = clock.today() + timedelta(days=next(self._weeks) * 7)
        kind, therapist_id = self.value("typeId"), self._ids["therapistId"]
        query = {"typeId": kind, "userId": therapist_id, "from": first, "to": first + MONTH}
        days = self._request("GET", "/api/appointments/free", params=query).json()["days"]
        day = next(day for day in days if day["times"])
        return {
            "appointmentTypeId": kind,
            "date": day["date"],
            "location": day["times"][0]["locations"][0],
            "patientId": self.value("patientId"),
            "roomId": None,
            "startTime": day["times"][0]["startTime"],
            "therapistId": therapist_id,
            "treatmentPlanId": None,
        }

    def snapshot(self, *, is_new: bool) -> str:
        """Return the name of a new snapshot, or of the oldest one, after which most changed."""
        names = [] if is_new else [each["name"] for each in self._request("GET", SNAPSHOTS).json()]
        if not names:
            self._request("PUT", f"{SNAPSHOTS}/{NEW_SNAPSHOT}")
        return names[0] if names else NEW_SNAPSHOT

    def new_clinic(self) -> str:
        """Return the id of a clinic that can be removed."""
        added = self._request("POST", "/api/db/clinics", json={"scenario": "empty"}).json()
        clinic_id: str = added["organization"]["id"]
        return clinic_id

    def _delete(self, path: str) -> bool:
        headers = {"Authorization": f"Bearer {self.token('owner')}"}
        return self._client.delete(path, headers=headers).is_success

    def _row(self, path: str) -> str:
        """Return the id of a row, the same one until it is deleted."""
        if path not in self._rows:
            wanted = self._list(path, **WANTED.get(path, {}))
            self._rows[path] = (wanted or self._list(path) or [self._book()])[0]
        return self._rows[path]

    def _book(self) -> str:
        row: str = self._request("POST", "/api/appointments", json=self.free_time()).json()["id"]
        return row

    def _list(self, path: str, **query: Any) -> list[str]:
        rows = self._request("GET", path, params=query).json()["items"]
        return [row["id"] for row in rows]

    @cached_property
    def _ids(self) -> dict[str, str]:
        organization = self._call_as_owner("GET", "get-full-organization")
        email = self.emails["member"]
        [member] = [each for each in organization["members"] if each["user"]["email"] == email]
        return {
            "organizationId": organization["id"],
            "organizationSlug": organization["slug"],
            "memberId": member["id"],
            "memberIdOrEmail": email,
            "therapistId": member["userId"],
            "userId": member["userId"],
        }

    @cached_property
    def _invitation_id(self) -> str:
        asked = {"email": self.emails["invited"], "role": "member"}
        invitation_id: str = self._call_as_owner("POST", "invite-member", json=asked)["id"]
        return invitation_id

    def _call_as_owner(self, method: str, path: str, **request: Any) -> Any:
        return self._request(method, f"{IDENTITY}/organization/{path}", **request).json()

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token('owner')}"}
        response = self._client.request(method, path, headers=headers, **request)
        return response.raise_for_status()


class Stage:
    """Provide scenes one after the other, each with other users, and begin again after the last."""

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=SECONDS)
        self._scene: Scene | None = None
        self._all: list[dict[str, str]] = []
        self._next: list[dict[str, str]] = []

    def scene(self, base_url: str) -> Scene:
        if self._scene is None:
            self._client.base_url = base_url
            if not self._next:
                self._begin()
            self._scene = Scene(self._client, self._next.pop())
        return self._scene

    def _begin(self) -> None:
        """Restore the state after the seed, which is quicker than to seed, if there is one."""
        is_restored = self._all and self._client.post(f"{OF_ALL_SCENES}/restore").is_success
        if not is_restored:
            self._all = people(call(self._client, "POST", "/api/db/seed", json=QUANTITIES))
            call(self._client, "PUT", OF_ALL_SCENES)
        self._next = [*self._all]

    def end_scene(self) -> None:
        self._scene = None

    def end_sessions(self) -> None:
        if self._scene:
            self._scene.clear_tokens()

    def clear(self) -> None:
        self._scene = None
        self._all.clear()
        self._next.clear()


def people(summary: Any) -> list[dict[str, str]]:
    """Return the users of each organization, and one of another who is invited."""
    users = summary["signIn"]["users"]
    emails = [user["email"] for user in users if "scenario" not in user]
    owners, admins, members, others = (
        emails[start : start + ORGANIZATIONS] for start in range(0, len(emails), ORGANIZATIONS)
    )
    invited = [*others[1:], others[0]]
    of_scenario = {
        user["role"]: user["email"] for user in users if user.get("scenario") == WITH_SCENE
    }
    return [
        *(
            {"owner": owner, "admin": admin, "member": member, "invited": guest}
            for owner, admin, member, guest in zip(owners, admins, members, invited, strict=True)
        ),
        {**of_scenario, "invited": invited[0]},
    ]


def free_hours(number: int) -> dict[str, Any]:
    """Return hours before all seeded ones, without conflicts for numbers up to 150."""
    place, day = divmod(number, len(DayOfWeek))
    hours, minutes = divmod(SLOT_MINUTES * (place % SLOTS), 60)
    return {
        "dayOfWeek": list(DayOfWeek)[day],
        "startTime": f"{hours:02}:{minutes:02}:00",
        "endTime": f"{hours:02}:{minutes + 1:02}:00",
    }


def call(client: httpx.Client, method: str, path: str, **request: Any) -> Any:
    return client.request(method, path, **request).raise_for_status().json()

"""The clinic of a test, with the ids and names of what it has.

Ids, dates and times are texts, as in requests and responses of the API.
"""

from collections.abc import Callable
from typing import Any, TypedDict

from msgspec import Struct

from pytest_seedbed.client import Client


class ClinicOptions(TypedDict, total=False):
    """What is in a clinic: the fields of `POST /api/db/clinics`, in snake case."""

    scenario: str
    practitioners: int
    patients: int
    random_seed: int
    as_of: str
    name: str


class _Row(Struct, rename="camel", kw_only=True):
    id: str


class Organization(_Row):
    name: str
    slug: str


class User(Struct, rename="camel", kw_only=True):
    """A member with a session. `token` is sent as `Authorization: Bearer TOKEN`."""

    email: str
    user_id: str
    name: str
    role: str | None
    organization_id: str | None
    token: str
    cookie: dict[str, str]
    storage_state: dict[str, Any]


class Invitation(_Row):
    email: str
    role: str
    status: str


class Patient(_Row):
    name: str


class Plan(_Row):
    therapist_id: str
    title: str
    status: str


class Appointment(_Row):
    patient_id: str
    date: str
    start_time: str
    end_time: str
    status: str


class Room(_Row):
    name: str


class AppointmentType(_Row):
    code: str
    duration_minutes: int


class WeeklyTemplate(_Row):
    day_of_week: str
    start_time: str
    end_time: str
    location: str


class AvailabilityException(_Row):
    date: str
    start_time: str | None
    end_time: str | None
    is_available: bool


class ClinicRows(Struct, rename="camel", kw_only=True):
    """What a clinic has. Lists of treatment plans are by patient, the others by practitioner."""

    organization: Organization
    users: list[User]
    patients: list[Patient]
    treatment_plans: dict[str, list[Plan]]
    appointments: dict[str, list[Appointment]]
    rooms: list[Room]
    appointment_types: list[AppointmentType]
    weekly_templates: dict[str, list[WeeklyTemplate]]
    availability_exceptions: dict[str, list[AvailabilityException]]
    invitations: list[Invitation]


class AddedClinic(ClinicRows):
    """A clinic, and the other clinics of its scenario."""

    scenario: str
    random_seed: int
    as_of: str
    password: str
    requests: list[dict[str, Any]]
    other_clinics: list[ClinicRows]


class Clinic(AddedClinic, dict=True):
    """The clinic of a test."""

    def connect(self, sign_in: Callable[[str], User], open_client: Callable[[str], Client]) -> None:
        """Set how users of other clinics sign in, and how a client with a token is opened."""
        self._sign_in = sign_in
        self._open_client = open_client

    def user(self, who: str) -> User:
        """Return the user with this email address or id, or the first one with this role.

        Raise `LookupError` if the clinic has no such user.
        """
        __tracebackhide__ = True
        if found := self._find(who):
            return found
        users = ", ".join(f"{each.role} {each.email}" for each in self.users)
        raise LookupError(
            f'The clinic {self.organization.name} has no user "{who}". It has: {users}.'
        )

    def client(self, who: str = "owner") -> Client:
        """Return a client that is signed in as a role, an email address or an id of a user."""
        __tracebackhide__ = True
        is_elsewhere = "@" in who and not self._find(who)
        user = self._sign_in(who) if is_elsewhere else self.user(who)
        return self._open_client(user.token)

    def _find(self, who: str) -> User | None:
        for clinic in (self, *self.other_clinics):
            for user in clinic.users:
                if who in {user.role, user.email, user.user_id}:
                    return user
        return None

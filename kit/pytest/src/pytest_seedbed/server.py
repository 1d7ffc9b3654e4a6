"""The server of the tests, and the clinics that it adds."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self, Unpack

import httpx
import msgspec

from pytest_seedbed.client import Client
from pytest_seedbed.clinic import AddedClinic, Clinic, ClinicOptions, User
from pytest_seedbed.errors import SeedbedError


class Server:
    """A running Seedbed. `client` is not signed in: data sets, clinics, snapshots, the clock."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # All clients share the connections.
        self._transport = httpx.HTTPTransport()
        self.client = self._open_client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    def add_clinic(self, **options: Unpack[ClinicOptions]) -> Clinic:
        """Add a clinic with people who are signed in."""
        body = {_wire_name(name): value for name, value in options.items()}
        response = self.client.post("/api/db/clinics", json=body)
        clinic = msgspec.json.decode(response.content, type=Clinic)
        clinic.connect(self.sign_in, self._open_client)
        return clinic

    def remove_clinic(self, clinic: AddedClinic) -> None:
        """Remove a clinic and the others of its scenario; a removed one is ignored."""
        for each in (clinic, *clinic.other_clinics):
            try:
                self.client.delete(f"/api/db/clinics/{each.organization.id}")
            except SeedbedError as error:
                if error.status != HTTPStatus.NOT_FOUND:
                    raise

    def sign_in(self, who: str) -> User:
        """Create a session of any user of the data set, by email address or id."""
        response = self.client.post("/api/db/sessions", json={"users": [who]})
        return msgspec.json.decode(response.content, type=list[User])[0]

    def seed(self, data_set: Mapping[str, Any]) -> None:
        """Replace all rows by a data set."""
        self.client.post("/api/db/seed", json=data_set)

    def _open_client(self, token: str | None = None) -> Client:
        return Client(self.url, self._transport, token)


def _wire_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)

"""A clinic with hours on a far date, in which tests book appointments."""

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx

from app import clock
from console.pages import PART, sign_in

SUNDAY = datetime.date(2031, 3, 2)
WEEK = datetime.timedelta(weeks=1)
HOURS = {"startTime": "09:00:00", "endTime": "12:00:00", "isAvailable": True, "reason": "other"}


class BookingScene:
    """The signed-in owner, who has hours only by exceptions; each test takes its own Sundays."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.me = ""
        self.type: Any = {}
        self.room: Any = {}
        self.patients: list[Any] = []
        self._sundays: Iterator[datetime.date] = (SUNDAY + n * WEEK for n in range(200))

    async def prepare(self) -> None:
        await sign_in(self.client)
        self.me = (await self.read("auth/get-session"))["user"]["id"]
        types = (await self.read("appointment-types"))["items"]
        self.type = next(each for each in types if each["durationMinutes"] == 30)
        self.room = (await self.read("rooms"))["items"][0]
        self.patients = (await self.read("patients", status="active"))["items"]

    async def read(self, path: str, **query: Any) -> Any:
        response = await self.client.get(f"/api/{path}", params=query)
        return response.raise_for_status().json()

    async def write(self, path: str, **body: Any) -> Any:
        response = await self.client.post(f"/api/{path}", json=body)
        return response.raise_for_status().json()

    async def working_day(self) -> str:
        """Return a date on which the owner has hours, by an exception that adds them."""
        date = str(next(self._sundays))
        await self.write("availability/exceptions", date=date, **HOURS)
        return date

    def booking(self, date: str, start: str = "09:00:00", patient: int = 0, **more: Any) -> Any:
        return {
            "patientId": self.patients[patient]["id"],
            "appointmentTypeId": self.type["id"],
            "date": date,
            "startTime": start,
            **more,
        }

    async def book(self, date: str, start: str = "09:00:00", patient: int = 0, **more: Any) -> Any:
        return await self.write("appointments", **self.booking(date, start, patient, **more))

    async def book_in_weekly_hours(self) -> Any:
        """Book at the start of the hours of a far date that a weekly template offers."""
        template = (await self.read("availability/templates", userId=self.me))["items"][0]
        days = ("mon", "tue", "wed", "thu", "fri", "sat").index(template["dayOfWeek"]) + 1
        date = next(self._sundays) + datetime.timedelta(days=days)
        return await self.book(str(date), template["startTime"])

    async def today(self) -> str:
        """Return today, on which the owner has hours from now on."""
        date = str(clock.today())
        times = {"startTime": "00:00:00", "endTime": "23:59:00"}
        for row in (await self.read("availability/exceptions", userId=self.me))["items"]:
            if row["date"] == date:
                await self.client.delete(f"/api/availability/exceptions/{row['id']}?force=true")
        await self.write("availability/exceptions", date=date, **{**HOURS, **times})
        return date

    async def page(self, path: str, **query: Any) -> str:
        response = await self.client.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.text

    async def part(self, path: str, **query: Any) -> str:
        response = await self.client.get(path, params=query, headers=PART)
        assert response.status_code == 200, response.text
        return response.text

    async def send(self, method: str, path: str, **fields: Any) -> httpx.Response:
        response = await self.client.request(method, path, data=fields, headers=PART)
        assert response.status_code == 200, response.text
        return response

    def name(self, patient: int = 0) -> str:
        row = self.patients[patient]
        return f"{row['firstName']} {row['lastName']}"


def message(response: httpx.Response) -> str:
    """Return the message that a response shows on the page for some seconds."""
    return str(json.loads(response.headers["HX-Trigger"])["toast"]["message"])


def attributes(page: str, row_id: str) -> dict[str, str]:
    """Return the data of the item of an appointment, by their names."""
    [tag] = re.findall(rf'<li [^>]*data-id="{row_id}"[^>]*>', page)
    return dict(re.findall(r'data-([\w-]+)(?:="([^"]*)")?', tag))

"""The pages and forms of the console, and the calls of the API that they make."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.examples import SIGN_IN
from app.console.api import ApiProblem
from app.console.on_demand import add_console
from tenancy.people import MADE_UP

PART = {"HX-Request": "true"}
SLOT = {"kind": "adds", "userId": MADE_UP, "reason": "other"}
# What the forms of the pages send; a new route needs a line here.
FORMS: Mapping[str, Mapping[str, Any]] = {
    "POST /people/sign-in": {"data": {"email": SIGN_IN["email"]}},
    "POST /people/sign-out": {"data": {}},
    "POST /people/clinic": {"data": {"organizationId": MADE_UP}},
    "POST /availability/slots": {"data": SLOT},
    "PUT /availability/{kind:str}/{slot_id:uuid}": {"data": {**SLOT, "version": '"stale"'}},
    "PUT /availability/{kind:str}/{slot_id:uuid}/times": {
        "data": {"date": "2031-03-03", "updatedAt": "2026-01-01T00:00:00Z"}
    },
    "DELETE /availability/{kind:str}/{slot_id:uuid}": {},
    "POST /appointments": {"data": {"patientId": MADE_UP, "date": "2031-03-03"}},
    "PUT /appointments/{appointment_id:uuid}": {"data": {"date": "soon", "version": "*"}},
    "PUT /appointments/{appointment_id:uuid}/times": {
        "data": {
            "date": "2031-03-03",
            "startTime": "09:00",
            "endTime": "09:30",
            "updatedAt": "2026-01-01T00:00:00Z",
        }
    },
    "POST /appointments/{appointment_id:uuid}/status": {"data": {"status": "finished"}},
    "POST /patients/new": {"data": {"firstName": "Ada"}},
    "POST /patients/{patient_id:uuid}/edit": {"data": {"firstName": "Ada", "version": "*"}},
    "POST /patients/{patient_id:uuid}/delete": {"data": {}},
    "POST /patients/{patient_id:uuid}/restore": {"data": {}},
    "POST /patients/{patient_id:uuid}/plans/new": {"data": {"title": "Walking"}},
    "POST /treatment-plans/{plan_id:uuid}/edit": {"data": {"title": "Walking", "version": "*"}},
    "POST /treatment-plans/{plan_id:uuid}/status": {"data": {"status": "paused"}},
    "POST /treatment-plans/{plan_id:uuid}/delete": {"data": {}},
    "POST /treatment-plans/{plan_id:uuid}/restore": {"data": {}},
    "POST /rooms/new": {"data": {"name": "Pool"}},
    "POST /rooms/{room_id:uuid}/edit": {"data": {"name": "Pool", "version": "*"}},
    "POST /rooms/{room_id:uuid}/delete": {"data": {}},
    "POST /rooms/{room_id:uuid}/restore": {"data": {}},
    "POST /appointment-types/new": {"data": {"code": "VISIT"}},
    "POST /appointment-types/{type_id:uuid}/edit": {"data": {"code": "VISIT", "version": "*"}},
}


class RecordedCall(NamedTuple):
    path: str
    headers: dict[str, str]
    status: int


class Calls:
    """Records each request that reaches the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.made: list[RecordedCall] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {name.decode(): value.decode() for name, value in scope["headers"]}
                self.made.append(RecordedCall(scope["path"], headers, message["status"]))
            await send(message)

        await self.app(scope, receive, send_and_record)

    def take(self) -> list[RecordedCall]:
        """Return the calls of the API since the last time."""
        made, self.made = self.made, []
        return [call for call in made if call.path.startswith(("/api/", "/schema/"))]


@contextmanager
def recorded_calls(app: Litestar) -> Iterator[Calls]:
    handler = app.asgi_handler
    app.asgi_handler = calls = Calls(handler)
    try:
        yield calls
    finally:
        app.asgi_handler = handler


class ConsoleRoute(NamedTuple):
    method: str
    route: str
    url: str

    async def open(self, client: httpx.AsyncClient, headers: Mapping[str, str]) -> httpx.Response:
        sent = {} if self.method == "GET" else FORMS[f"{self.method} {self.route}"]
        return await client.request(self.method, self.url, headers=headers, **sent)


async def list_addresses(app: Litestar, client: httpx.AsyncClient) -> list[ConsoleRoute]:
    """Return each page and form of the console, with ids that the signed-in user may see."""
    add_console(app)
    [plan, *_] = (await client.get("/api/treatment-plans?status=ongoing")).json()["items"]
    [template, *_] = (await client.get("/api/availability/templates")).json()["items"]
    routes = sorted(
        (method, route.path)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if ApiProblem in handler.resolve_exception_handlers()
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
    )
    [room, *_] = (await client.get("/api/rooms")).json()["items"]
    [kind, *_] = (await client.get("/api/appointment-types")).json()["items"]
    [appointment, *_] = (await client.get("/api/appointments?status=scheduled")).json()["items"]
    ids = {
        "{appointment_id:uuid}": appointment["id"],
        "{patient_id:uuid}": plan["patientId"],
        "{plan_id:uuid}": plan["id"],
        "{room_id:uuid}": room["id"],
        "{type_id:uuid}": kind["id"],
    }
    slot = {"{slot_id:uuid}": template["id"]}  # which no call deletes
    place = {"practitioner": template["userId"], "date": "2031-03-03"}
    queries = {
        "/people/sign-in": {"email": SIGN_IN["email"]},
        "/availability/slots/new": place,
        "/appointments/new": place,
        "/appointments/choices/plans": {"patient": plan["patientId"]},
        "/appointments/choices/times": {**place, "type": kind["id"]},
        "/appointments/{appointment_id:uuid}/status": {"to": "cancelled"},
    }
    return [
        ConsoleRoute(
            method,
            route,
            _url(route, ids if method == "DELETE" else ids | slot, queries.get(route, {})),
        )
        for method, route in routes
    ]


def _url(route: str, ids: Mapping[str, str], query: Mapping[str, str]) -> str:
    given = {"{kind:str}": "templates", "{file_format:str}": "csv", **ids}
    for parameter, value in given.items():
        route = route.replace(parameter, value)
    url = re.sub(r"\{\w+:uuid\}", MADE_UP, route)
    return f"{url}?{urlencode(query)}" if query else url

"""The page that shows the data in the database, and seeds it."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from app.console.api import Api, ApiProblem
from app.console.request_fields import fields_of_request
from app.console.view import View
from app.seed import constants
from app.seed.request import SeedRequest
from app.test_clinics.schemas import AddClinic


class Preset(msgspec.Struct):
    """Quantities that fill in the form; `description` says what they create."""

    name: str
    description: str
    quantities: dict[str, int]


def _preset(name: str, users: int, organizations: int, patients: int, plans: int) -> Preset:
    clinics = "1 clinic" if organizations == 1 else f"{organizations} clinics"
    return Preset(
        name,
        f"{users} practitioners in {clinics}, {patients:,} patients, {patients * plans:,} plans",
        {
            "users": users,
            "organizations": organizations,
            "patients": patients,
            "plansPerPatient": plans,
        },
    )


PRESETS = (
    _preset("Small", users=2, organizations=1, patients=5, plans=3),
    _preset("Busy", users=40, organizations=4, patients=2_000, plans=5),
    _preset("20,000 patients", users=100, organizations=10, patients=20_000, plans=3),
)
# What a clinic has if the form leaves it out.
CLINIC_SIZES = {
    "practitioners": constants.CLINIC_PRACTITIONERS,
    "patients": constants.CLINIC_PATIENTS,
}


class DataSetController(Controller):
    @get("/")
    async def show(self, view: NamedDependency[View], since: FromQuery[str] = "") -> Template:
        """`since` is the snapshot that the changes are shown for; the page then reads them."""
        state = {"database": await view.api.get("/api/db"), "last": await find_last_seed(view.api)}
        if view.is_part:
            return view.render("data_set_state.html", **state)
        return view.render(
            "data_set.html",
            **state,
            since=since,
            fields=_fields(state["last"]),
            presets=PRESETS,
            scenarios=await view.api.get("/api/db/scenarios"),
            first_as_of=constants.FIRST_AS_OF,
            last_as_of=constants.LAST_AS_OF,
            clinic_fields=fields_of_request(AddClinic),
            clinic_sizes=CLINIC_SIZES,
        )


async def find_last_seed(api: Api) -> Any:
    """Return the request and the summary of the last seed, or `None` if nothing was seeded."""
    try:
        return await api.get("/api/db/seed")
    except ApiProblem as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def _fields(last: Any) -> list[dict[str, Any]]:
    """Return the fields of the form, with their limits and the values of the last request."""
    asked = dict(last["request"]) if last else {}
    if last and last["seededAt"].startswith(asked["asOf"]):
        del asked["asOf"]  # which was that day's today
    return [
        {**schema, "name": name, "value": asked.get(name, schema.get("default", ""))}
        for name, schema in fields_of_request(SeedRequest).items()
    ]

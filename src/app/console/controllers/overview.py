"""The page that shows figures of a clinic, or of the whole data set, in plots."""

from datetime import date, timedelta
from typing import Annotated, Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from app.console.api import Api, ApiProblem
from app.console.view import View

ALL_CLINICS = "all"


class OverviewController(Controller):
    path = "/overview"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        request: Request[Any, Any, Any],
        clinics: Annotated[str, QueryParameter()] = "",
    ) -> Template:
        """Return the page at once; it requests the charts later, because counting is slow.

        They count the active clinic, so that a bar and its list have the same number of rows.
        """
        if not view.is_part:
            return view.render("overview.html", clinics=clinics)
        # Statistics are read in another transaction; with two at once, pages could wait for each
        # other's connections.
        api = Api(request)
        try:
            active_id, own = await _find_clinics(api)
            counted = own.get(active_id) if clinics != ALL_CLINICS else None
            clinic_id = counted["id"] if counted else None
            figures = await api.get("/api/db/statistics", organizationId=clinic_id)
        except ApiProblem as refusal:
            return view.render("overview_problem.html", problem=refusal.problem)
        as_of = date.fromisoformat(figures["asOf"])
        return view.render(
            "overview_plots.html",
            figures=figures,
            counted=counted,
            active=own.get(active_id),
            own=own,
            booked=[{**each, "share": booked_share(each)} for each in figures["bookedHours"]],
            born=[born_between(as_of, each["from"], each["to"]) for each in figures["ages"]],
        )


async def _find_clinics(api: Api) -> tuple[str, dict[str, Any]]:
    """Return the id of the active clinic, and the clinics of the signed-in user by their ids."""
    current = await api.get("/api/auth/get-session")
    if current is None:
        return "", {}
    clinics = await api.get("/api/auth/organization/list")
    active_id = current["session"]["activeOrganizationId"] or ""
    return active_id, {clinic["id"]: clinic for clinic in clinics}


def booked_share(hours: dict[str, Any]) -> int:
    """Return how much of the offered time is booked, in percent."""
    offered = hours["offeredMinutes"]
    return round(100 * hours["bookedMinutes"] / offered) if offered else 0


def born_between(as_of: date, youngest: int, oldest: int) -> dict[str, str]:
    """Return the filters that list the patients of these ages on a day.

    Patients born after that day count among the youngest.
    """
    filters = {}
    if as_of.year > oldest + 1:
        first = _years_before(as_of, oldest + 1) + timedelta(days=1)
        filters["bornFrom"] = first.isoformat()
    if youngest:
        filters["bornTo"] = _years_before(as_of, youngest).isoformat()
    return filters


def _years_before(day: date, years: int) -> date:
    """Return the last day on which someone was born who is at least so many years old."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # there is no 29 February in that year
        return day.replace(year=day.year - years, day=28)

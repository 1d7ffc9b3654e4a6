"""The page that shows the data set in plots."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from app.console.api import ApiProblem
from app.console.view import View


class OverviewController(Controller):
    path = "/overview"

    @get("/")
    async def show(self, view: NamedDependency[View]) -> Template:
        """Make the page at once; it asks for the plots, for which millions of rows are counted."""
        if not view.is_part:
            return view.render("overview.html")
        try:
            figures = await view.api.get("/api/db/statistics")
        except ApiProblem as refusal:
            return view.render("overview_problem.html", problem=refusal.problem)
        return view.render("overview_plots.html", figures=figures)

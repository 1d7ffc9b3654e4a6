"""The page that says what stands in the database, and seeds it."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.response import Template

from app.console.view import View


class SeedPageController(Controller):
    @get("/")
    async def show(self, view: NamedDependency[View]) -> Template:
        return view.page("seed.html", database=await view.api.get("/api/db"))

"""The forms of appointment types; the page of rooms lists them."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.console import row_forms
from app.console.clinic_forms import TYPE_FORM
from app.console.row_forms import FormKind
from app.console.view import View

TYPE = FormKind("/appointment-types", "appointment type", "title", TYPE_FORM, list_path="/rooms")


class TypeFormsController(Controller):
    path = "/appointment-types"

    @get("/new")
    async def show_new(self, view: NamedDependency[View]) -> Template:
        # Someone who cannot create a type need not fill in the form first.
        await view.api.get("/api/auth/organization/get-active-member")
        return row_forms.render_form(view, TYPE, TYPE_FORM.typed({}))

    @post("/new")
    async def create(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template | Redirect:
        return await row_forms.create(view, TYPE, request)

    @get("/{type_id:uuid}/edit")
    async def show_edit(self, view: NamedDependency[View], type_id: FromPath[UUID]) -> Template:
        return await row_forms.show_edit(view, TYPE, type_id)

    @post("/{type_id:uuid}/edit")
    async def change(
        self, view: NamedDependency[View], request: Request[Any, Any, Any], type_id: FromPath[UUID]
    ) -> Template | Redirect:
        return await row_forms.replace(view, TYPE, request, type_id)

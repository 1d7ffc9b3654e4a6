"""The page of a clinic's rooms and appointment types, and the forms of the rooms."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.auth.models import Role
from app.auth.roles import may_edit_rooms
from app.console import row_forms
from app.console.affected import AFFECTED, name_patients
from app.console.api import ApiProblem
from app.console.clinic_forms import ROOM_FORM
from app.console.deletable_rows import IsDeleted
from app.console.row_forms import FormKind
from app.console.templating import plain
from app.console.view import View
from app.web.prefix import link

ROOM = FormKind("/rooms", "room", "name", ROOM_FORM, list_path="/rooms")


class RoomsController(Controller):
    path = "/rooms"

    @get("/")
    async def show_all(
        self, view: NamedDependency[View], is_deleted: IsDeleted = False
    ) -> Template:
        return await _render_rooms(view, is_deleted=is_deleted)

    @get("/new")
    async def show_new(self, view: NamedDependency[View]) -> Template:
        # Someone who cannot create a room need not fill in the form first.
        await view.api.get("/api/auth/organization/get-active-member")
        return row_forms.render_form(view, ROOM, ROOM_FORM.typed({}))

    @post("/new")
    async def create(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template | Redirect:
        return await row_forms.create(view, ROOM, request)

    @get("/{room_id:uuid}/edit")
    async def show_edit(self, view: NamedDependency[View], room_id: FromPath[UUID]) -> Template:
        return await row_forms.show_edit(view, ROOM, room_id)

    @post("/{room_id:uuid}/edit")
    async def change(
        self, view: NamedDependency[View], request: Request[Any, Any, Any], room_id: FromPath[UUID]
    ) -> Template | Redirect:
        return await row_forms.replace(view, ROOM, request, room_id)

    @post("/{room_id:uuid}/delete")
    async def remove(
        self, view: NamedDependency[View], room_id: FromPath[UUID]
    ) -> Template | Redirect:
        """Delete a room. If appointments need it, list them above the rooms."""
        try:
            await view.api.delete(f"/api/rooms/{room_id}")
        except ApiProblem as refusal:
            if AFFECTED not in refusal.problem:
                raise
            return await _render_rooms(view, problem=refusal.problem)
        undo = f"/rooms/{room_id}/restore"
        return view.toast(row_forms.go_back(ROOM), "The room was deleted.", undo=undo)

    @post("/{room_id:uuid}/restore")
    async def restore(self, view: NamedDependency[View], room_id: FromPath[UUID]) -> Redirect:
        """Restore a room. If another one has its name, say so on the list of deleted rooms."""
        try:
            restored = await view.api.post(f"/api/rooms/{room_id}/restore")
        except ApiProblem as refusal:
            if refusal.status != HTTPStatus.CONFLICT:
                raise
            deleted = Redirect(link("/rooms?deleted=true"), status_code=303)
            return view.toast(deleted, plain(refusal.problem["detail"]), is_error=True)
        return view.toast(row_forms.go_back(ROOM), f"{restored.json()['name']} was restored.")


async def _render_rooms(
    view: View, *, is_deleted: bool = False, problem: dict[str, Any] | None = None
) -> Template:
    """Return the page; `problem` says why a room was not deleted."""
    me = await view.api.get("/api/auth/organization/get-active-member")
    return view.render(
        "rooms.html",
        status=problem["status"] if problem else HTTPStatus.OK,
        rooms=await view.api.get_all("/api/rooms", deleted=is_deleted or None),
        types=await view.api.get_all("/api/appointment-types"),
        is_deleted=is_deleted,
        may_edit=may_edit_rooms(Role(me["role"])),
        problem=await name_patients(view.api, problem) if problem else None,
    )

"""The forms that create, update, delete and restore a treatment plan, and change its status."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from app.console.api import ApiProblem
from app.console.clinic_forms import NEW_PLAN_FORM, PLAN_FORM
from app.console.forms import Form
from app.console.members import read_members
from app.console.templating import plain
from app.console.view import View
from app.web.origins import is_path
from app.web.prefix import link

NOT_NOW = {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}


class ReturnForm(msgspec.Struct):
    """`to` is the path to return to."""

    to: str = ""


class PlanStatusForm(ReturnForm):
    status: str = ""


UrlEncoded = Body(media_type=RequestEncodingType.URL_ENCODED)


class PlanFormsController(Controller):
    @get("/patients/{patient_id:uuid}/plans/new")
    async def show_new(self, view: NamedDependency[View], patient_id: FromPath[UUID]) -> Template:
        patient = await view.api.get(f"/api/patients/{patient_id}")
        me = await view.api.get("/api/auth/organization/get-active-member")
        return view.render(
            "plan_form.html",
            **_fields(view, NEW_PLAN_FORM, NEW_PLAN_FORM.typed({"therapistId": me["userId"]})),
            plan_id=None,
            version="",
            patient=patient,
            therapists=await read_members(view.api),
        )

    @post("/patients/{patient_id:uuid}/plans/new")
    async def create(
        self,
        view: NamedDependency[View],
        request: Request[Any, Any, Any],
        patient_id: FromPath[UUID],
    ) -> Template | Redirect:
        typed = NEW_PLAN_FORM.read(await request.form())
        body = {**NEW_PLAN_FORM.body(typed), "patientId": str(patient_id)}
        try:
            created = await view.api.post("/api/treatment-plans", **body)
        except ApiProblem as refusal:
            return await _render_refused(view, NEW_PLAN_FORM, typed, refusal, str(patient_id))
        plan = created.json()
        return view.toast(_go(f"/treatment-plans/{plan['id']}"), "The plan was created.")

    @get("/treatment-plans/{plan_id:uuid}/edit")
    async def show_edit(self, view: NamedDependency[View], plan_id: FromPath[UUID]) -> Template:
        plan, version = await view.api.get_version(f"/api/treatment-plans/{plan_id}")
        return view.render(
            "plan_form.html",
            **_fields(view, PLAN_FORM, PLAN_FORM.typed(plan)),
            plan_id=plan_id,
            version=version,
            patient=await view.api.get(f"/api/patients/{plan['patientId']}"),
            therapists=await read_members(view.api),
        )

    @post("/treatment-plans/{plan_id:uuid}/edit")
    async def change(
        self, view: NamedDependency[View], request: Request[Any, Any, Any], plan_id: FromPath[UUID]
    ) -> Template | Redirect:
        """Replace the version that the form was filled in from."""
        data = await request.form()
        typed, version = PLAN_FORM.read(data), str(data.get("version", ""))
        try:
            await view.api.put(f"/api/treatment-plans/{plan_id}", version, **PLAN_FORM.body(typed))
        except ApiProblem as refusal:
            patient_id = str(data.get("patientId", ""))
            form = await _render_refused(view, PLAN_FORM, typed, refusal, patient_id)
            form.context |= {"plan_id": plan_id, "version": version}
            return form
        return view.toast(_go(f"/treatment-plans/{plan_id}"), "The plan was saved.")

    @post("/treatment-plans/{plan_id:uuid}/status")
    async def move(
        self,
        view: NamedDependency[View],
        plan_id: FromPath[UUID],
        data: Annotated[PlanStatusForm, UrlEncoded],
    ) -> Redirect:
        """Change the status. If that is refused, show the reason in a toast on the current page."""
        back = _go(data.to or f"/treatment-plans/{plan_id}")
        try:
            await view.api.post(f"/api/treatment-plans/{plan_id}/status", status=data.status)
        except ApiProblem as refusal:
            if refusal.status not in NOT_NOW or "code" in refusal.problem:
                raise
            return view.toast(back, plain(refusal.problem["detail"]), is_error=True)
        return view.toast(back, f"The plan is {data.status} now.")

    @post("/treatment-plans/{plan_id:uuid}/delete")
    async def remove(
        self,
        view: NamedDependency[View],
        plan_id: FromPath[UUID],
        data: Annotated[ReturnForm, UrlEncoded],
    ) -> Redirect:
        await view.api.delete(f"/api/treatment-plans/{plan_id}")
        return view.toast(
            _go(data.to or "/treatment-plans"),
            "The plan was deleted.",
            undo=f"/treatment-plans/{plan_id}/restore",
        )

    @post("/treatment-plans/{plan_id:uuid}/restore")
    async def restore(self, view: NamedDependency[View], plan_id: FromPath[UUID]) -> Redirect:
        await view.api.post(f"/api/treatment-plans/{plan_id}/restore")
        return view.toast(_go(f"/treatment-plans/{plan_id}"), "The plan was restored.")


def _go(path: str) -> Redirect:
    return Redirect(link(path if is_path(path) else "/treatment-plans"), status_code=303)


def _fields(
    view: View, form: Form, typed: dict[str, Any], problem: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "form": form,
        "typed": typed,
        "problem": problem,
        "errors": form.errors(view.field_errors(problem), typed) if problem else {},
    }


async def _render_refused(
    view: View, form: Form, typed: dict[str, Any], refusal: ApiProblem, patient_id: str
) -> Template:
    """Show what was typed again, even to someone who is no longer signed in."""
    try:
        patient = await view.api.get(f"/api/patients/{UUID(patient_id)}")
        therapists = await read_members(view.api)
    except (ApiProblem, ValueError):
        patient, therapists = None, {}
    return view.render(
        "plan_form.html",
        status=refusal.status,
        **_fields(view, form, typed, refusal.problem),
        plan_id=None,
        version="",
        patient=patient,
        patient_id=patient_id,
        therapists=therapists,
    )

"""The forms that create, update, delete and restore a patient."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.console.api import ApiProblem
from app.console.clinic_forms import PATIENT_FORM
from app.console.view import View
from app.web.prefix import link


class PatientFormsController(Controller):
    path = "/patients"

    @get("/new")
    async def show_new(self, view: NamedDependency[View]) -> Template:
        # Someone who cannot create a patient need not fill in the form first.
        await view.api.get("/api/auth/organization/get-active-member")
        return _render(view, PATIENT_FORM.typed({}))

    @post("/new")
    async def create(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template | Redirect:
        typed = PATIENT_FORM.read(await request.form())
        try:
            created = await view.api.post("/api/patients", **PATIENT_FORM.body(typed))
        except ApiProblem as refusal:
            return _render(view, typed, refusal)
        patient = created.json()
        return view.toast(_go_to(patient["id"]), f"{name_of(patient)} was created.")

    @get("/{patient_id:uuid}/edit")
    async def show_edit(self, view: NamedDependency[View], patient_id: FromPath[UUID]) -> Template:
        patient, version = await view.api.get_version(f"/api/patients/{patient_id}")
        return _render(view, PATIENT_FORM.typed(patient), patient_id=patient_id, version=version)

    @post("/{patient_id:uuid}/edit")
    async def change(
        self,
        view: NamedDependency[View],
        request: Request[Any, Any, Any],
        patient_id: FromPath[UUID],
    ) -> Template | Redirect:
        """Replace the version that the form was filled in from."""
        data = await request.form()
        typed, version = PATIENT_FORM.read(data), str(data.get("version", ""))
        try:
            patient = await view.api.put(
                f"/api/patients/{patient_id}", version, **PATIENT_FORM.body(typed)
            )
        except ApiProblem as refusal:
            return _render(view, typed, refusal, patient_id=patient_id, version=version)
        return view.toast(_go_to(patient_id), f"{name_of(patient)} was saved.")

    @post("/{patient_id:uuid}/delete")
    async def remove(self, view: NamedDependency[View], patient_id: FromPath[UUID]) -> Redirect:
        await view.api.delete(f"/api/patients/{patient_id}")
        return view.toast(
            Redirect(link("/patients"), status_code=303),
            "The patient was deleted.",
            undo=f"/patients/{patient_id}/restore",
        )

    @post("/{patient_id:uuid}/restore")
    async def restore(self, view: NamedDependency[View], patient_id: FromPath[UUID]) -> Redirect:
        restored = await view.api.post(f"/api/patients/{patient_id}/restore")
        return view.toast(_go_to(patient_id), f"{name_of(restored.json())} was restored.")


def name_of(patient: dict[str, Any]) -> str:
    return f"{patient['firstName']} {patient['lastName']}"


def _go_to(patient_id: UUID | str) -> Redirect:
    return Redirect(link(f"/patients/{patient_id}"), status_code=303)


def _render(
    view: View,
    typed: dict[str, Any],
    refusal: ApiProblem | None = None,
    *,
    patient_id: UUID | None = None,
    version: str = "",
) -> Template:
    return view.render(
        "patient_form.html",
        status=refusal.status if refusal else 200,
        form=PATIENT_FORM,
        typed=typed,
        problem=refusal.problem if refusal else None,
        errors=PATIENT_FORM.errors(view.field_errors(refusal.problem), typed) if refusal else {},
        patient_id=patient_id,
        version=version,
    )

"""The forms of rows that only a list shows: one creates a row, the other replaces it."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request
from litestar.response import Redirect, Template

from app.console.affected import name_patients
from app.console.api import ApiProblem
from app.console.forms import Form
from app.console.view import View
from app.web.prefix import link


class FormKind(NamedTuple):
    """`path` is that of the forms, which is the same in the API; `title` names a row."""

    path: str
    noun: str
    title: str
    form: Form
    list_path: str


async def show_edit(view: View, kind: FormKind, row_id: UUID) -> Template:
    row, version = await view.api.get_version(f"/api{kind.path}/{row_id}")
    return render_form(view, kind, kind.form.typed(row), row_id=row_id, version=version)


async def create(
    view: View, kind: FormKind, request: Request[Any, Any, Any]
) -> Template | Redirect:
    typed = kind.form.read(await request.form())
    try:
        created = await view.api.post(f"/api{kind.path}", **kind.form.body(typed))
    except ApiProblem as refusal:
        return render_form(view, kind, typed, refusal)
    return view.toast(go_back(kind), f"{created.json()[kind.title]} was created.")


async def replace(
    view: View, kind: FormKind, request: Request[Any, Any, Any], row_id: UUID
) -> Template | Redirect:
    """Replace the version that the form was filled in from."""
    data = await request.form()
    typed, version = kind.form.read(data), str(data.get("version", ""))
    try:
        row = await view.api.put(f"/api{kind.path}/{row_id}", version, **kind.form.body(typed))
    except ApiProblem as refusal:
        refusal.problem = await name_patients(view.api, refusal.problem)
        return render_form(view, kind, typed, refusal, row_id=row_id, version=version)
    return view.toast(go_back(kind), f"{row[kind.title]} was saved.")


def go_back(kind: FormKind) -> Redirect:
    return Redirect(link(kind.list_path), status_code=303)


def render_form(
    view: View,
    kind: FormKind,
    typed: dict[str, Any],
    refusal: ApiProblem | None = None,
    *,
    row_id: UUID | None = None,
    version: str = "",
) -> Template:
    form = kind.form
    return view.render(
        "row_form.html",
        status=refusal.status if refusal else 200,
        kind=kind,
        form=form,
        typed=typed,
        problem=refusal.problem if refusal else None,
        errors=form.errors(view.field_errors(refusal.problem), typed) if refusal else {},
        row_id=row_id,
        version=version,
    )

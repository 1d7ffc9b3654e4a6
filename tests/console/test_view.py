"""Messages and field errors that the pages show."""

import json
from typing import Any, cast

import pytest
from litestar import Request, Response
from litestar.response import Redirect

from app.console.templating import plain, template_config
from app.console.view import View


@pytest.fixture
def view() -> View:
    scope: Any = {"type": "http", "method": "GET", "headers": [], "path": "/"}
    return View(Request(scope))


@pytest.mark.parametrize(
    ("before", "events"),
    [
        ({}, {}),
        ({"HX-Trigger": "slots-changed, closed"}, {"slots-changed": {}, "closed": {}}),
        ({"HX-Trigger": '{"slots-changed": {"id": 1}}'}, {"slots-changed": {"id": 1}}),
    ],
)
def test_a_toast_joins_the_events_of_a_response(
    view: View, before: dict[str, str], events: dict[str, Any]
) -> None:
    """htmx sends each of them on the page; the header is ASCII."""
    response = view.toast(Response("", headers=before), "Gespeichert: Übung", is_error=True)
    trigger = response.headers["HX-Trigger"]
    assert trigger.isascii()
    toast = {"message": "Gespeichert: Übung", "isError": True}
    assert json.loads(trigger) == {**events, "toast": toast}


@pytest.mark.parametrize(
    "response",
    [
        Redirect("/patients"),
        Response("", headers={"HX-Redirect": "/patients"}),
        Response("", headers={"HX-Refresh": "true"}),
    ],
    ids=["redirect", "HX-Redirect", "HX-Refresh"],
)
def test_a_toast_is_carried_to_the_next_page(view: View, response: Response[Any]) -> None:
    """A cookie carries it for some seconds, since no script sees a redirect."""
    view.toast(response, "Created; or not.")
    [cookie] = response.cookies
    assert cookie.key == "seedbed-toast"
    assert set(cast("str", cookie.value)).isdisjoint(' ;,"')
    assert cookie.max_age
    assert not cookie.httponly
    assert "HX-Trigger" not in response.headers


def test_field_errors_are_sentences(view: View) -> None:
    """Names of the API become words, and several errors of one field are joined."""
    errors = [
        {"field": "endDate", "message": "must not be before `startDate`"},
        {"field": "endDate", "message": "must be a date"},
        {"field": "title", "message": "must not be empty."},
    ]
    assert view.field_errors({"errors": errors}) == {
        "endDate": "Must not be before start date. Must be a date.",
        "title": "Must not be empty.",
    }
    assert view.field_errors({"detail": "Something else"}) == {}


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("must be `2025-01-01` or later", "Must be 2025-01-01 or later."),
        ("`plansPerPatient` must be 1", "Plans per patient must be 1."),
        ("(2) must be at least 3", "Must be at least 3."),
        ("Set `APP_ENV` to test", "Set APP_ENV to test."),
        ("Is it?", "Is it?"),
        ("", ""),
    ],
)
def test_messages_have_no_backticks(message: str, shown: str) -> None:
    """What is no name of the API stays as it is."""
    assert plain(message) == shown


def render(call: str, **context: Any) -> str:
    environment = template_config().engine_instance.engine
    source = f'{{% import "macros.html" as ui %}}{{{{ {call} }}}}'
    return " ".join(environment.from_string(source).render(**context).split())


def test_a_field_has_its_error() -> None:
    """The error is at the field, marked as invalid and described by it."""
    html = render(
        'ui.field("endDate", "End", value, type="date", error=error, required=true)',
        value='"><b>',
        error="Must <b> be later.",
    )
    assert 'aria-describedby="endDate-error" aria-invalid="true" required' in html
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert '<small id="endDate-error" class="field-error">Must &lt;b&gt; be later.</small>' in html


def test_a_field_can_be_a_select_with_help() -> None:
    """Attributes that are false are left out."""
    html = render(
        'ui.field("status", "Status", "b", type="select", options=options, help="Which", size=3,'
        " disabled=false)",
        options=[("a", "A"), ("b", "B")],
    )
    assert 'aria-describedby="status-help status-error" size="3">' in html
    assert '<option value="b" selected>B</option>' in html
    assert "aria-invalid" not in html


def test_other_errors_are_above_the_form() -> None:
    """Errors of fields that the form shows are not repeated; without errors there is the detail."""
    errors = [
        {"field": "title", "message": "must not be empty"},
        {"field": "patientId", "message": "must be a patient of `this` clinic"},
    ]
    problem = {"title": "Bad Request", "detail": "Correct `title`.", "errors": errors}
    html = render('ui.form_problem(problem, ["title"])', problem=problem)
    assert "Patient id: Must be a patient of this clinic." in html
    assert "empty" not in html
    assert render('ui.form_problem(problem, ["title", "patientId"])', problem=problem) == ""
    del problem["errors"]
    assert "Correct title." in render("ui.form_problem(problem)", problem=problem)

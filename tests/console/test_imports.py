"""The console is a client: what it imports of the application is no way around the API."""

import ast
from pathlib import Path

import app.console

PACKAGE = Path(str(app.console.__file__)).parent
# The session cookie, the clock, logging, errors, links and static files; what a form may send,
# which is declared in enums and request bodies; pure rules; and the key with which calls share a
# transaction. None of them reads a row.
NOT_DATA = (
    "app.auth.authentication.SESSION_COOKIE",
    "app.auth.error_codes.",
    "app.auth.models.Role",
    "app.auth.roles.may_edit_hours",
    "app.auth.roles.may_edit_rooms",
    "app.web.origins.",
    "app.clinic.appointment_types.schemas.",
    "app.clinic.appointments.models.AppointmentStatus",
    "app.clinic.appointments.rules.",
    "app.clinic.appointments.schemas.",
    "app.clinic.availability.models.DayOfWeek",
    "app.clinic.availability.models.ExceptionReason",
    "app.clinic.availability.models.Location",
    "app.clinic.availability.rules.",
    "app.clinic.availability.schemas.CreateException",
    "app.clinic.availability.schemas.CreateTemplate",
    "app.clinic.patients.models.PatientStatus",
    "app.clinic.patients.schemas.",
    "app.clinic.rooms.schemas.",
    "app.clinic.treatment_plans.models.PlanStatus",
    "app.clinic.treatment_plans.rules.STATUS_CHANGES",
    "app.clinic.treatment_plans.schemas.",
    "app.clock",
    "app.console",
    "app.database.engine.PART_OF",
    "app.errors.",
    "app.logs.",
    "app.names.",
    "app.seed.constants",
    "app.seed.request.SeedRequest",
    "app.test_clinics.schemas.AddClinic",
    "app.web.files.serve_files",
    "app.web.prefix.",
    "app.web.problem_details.",
    "app.web.schemas.ResponseBody",
)


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_the_console_reaches_for_no_service() -> None:
    """It has only the data that the API returns to any client."""
    imported = {name for file in PACKAGE.rglob("*.py") for name in imports(file)}
    ours = {name for name in imported if name.startswith("app.")}
    assert ours
    assert not [name for name in ours if not name.startswith(NOT_DATA)]

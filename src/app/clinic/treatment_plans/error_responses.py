"""The errors of the routes of treatment plans, in addition to those of every route."""

from datetime import date

from app.clinic.appointments.errors import plan_needed
from app.clinic.appointments.examples import AFFECTED
from app.clinic.errors import NotFound, StatusChangeNotAllowed
from app.clinic.patients.error_responses import NO_PATIENT
from app.clinic.routes import NO_PRACTITIONER, invalid
from app.clinic.treatment_plans import rules
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.service import A_PLAN, against_rules, not_prescribed

NO_PLAN = NotFound("treatment plan")
_INVALID = (
    invalid("numberOfSessions", "Expected `int` >= 1"),
    invalid("startDate"),
    against_rules(rules.ENDED_EARLY),
    against_rules(rules.PRESCRIBED_LATE),
    against_rules(rules.not_started(PlanStatus.ONGOING)),
    against_rules(rules.born_late("startDate")),
    NO_PRACTITIONER,
)
INVALID_PLAN = (*_INVALID, NO_PATIENT)
_NEEDED = plan_needed(AFFECTED)
INVALID_CHANGE = (*_INVALID, against_rules(rules.NOT_ENDED), _NEEDED, NO_PLAN)
INVALID_STATUS_CHANGE = (
    invalid("status", "Invalid enum value 'done'"),
    not_prescribed(date(2031, 1, 1)),
    StatusChangeNotAllowed(A_PLAN, "completed", "ongoing", ()),
    _NEEDED,
    NO_PLAN,
)

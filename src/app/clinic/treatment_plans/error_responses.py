"""What the routes of treatment plans may refuse, beside what every route of a clinic does."""

from datetime import date

from app.clinic.error_responses import NO_PRACTITIONER, invalid
from app.clinic.errors import NothingHere
from app.clinic.treatment_plans import rules
from app.clinic.treatment_plans.errors import MoveNotAllowed
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.service import against_rules, not_prescribed
from app.errors import DomainError

NO_PLAN = NothingHere("treatment plan")

# What is wrong with the body, by itself or beside the plan and patient that there are.
WRITTEN: tuple[DomainError, ...] = (
    invalid("numberOfSessions", "Expected `int` >= 1"),
    invalid("startDate"),
    against_rules(rules.ENDED_EARLY),
    against_rules(rules.PRESCRIBED_LATE),
    against_rules(rules.not_started(PlanStatus.ONGOING)),
    against_rules(rules.BORN_LATE),
    NO_PRACTITIONER,
)
REWRITTEN: tuple[DomainError, ...] = (*WRITTEN, against_rules(rules.NOT_ENDED))
MOVED: tuple[DomainError, ...] = (
    invalid("status", "Invalid enum value 'done'"),
    not_prescribed(date(2031, 1, 1)),
    MoveNotAllowed("completed", "ongoing", ()),
)

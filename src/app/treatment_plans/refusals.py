"""What the routes of treatment plans may refuse, beside what every route of a clinic does."""

from app.errors import DomainError, MoveNotAllowed, NothingHere, UnusableRequest
from app.refusals import NO_PRACTITIONER, invalid
from app.treatment_plans import rules
from app.treatment_plans.models import PlanStatus


def _broken(rule: str) -> UnusableRequest:
    return UnusableRequest(f"Nothing was changed. Please correct this: {rule}.")


NO_PLAN = NothingHere("treatment plan")

# What is wrong with the body, by itself or beside the plan and patient that there are.
WRITTEN: tuple[DomainError, ...] = (
    invalid("numberOfSessions", "Expected `int` >= 1"),
    invalid("startDate"),
    _broken(rules.ENDED_EARLY),
    _broken(rules.PRESCRIBED_LATE),
    _broken(rules.not_started(PlanStatus.ONGOING)),
    _broken(rules.BORN_LATE),
    NO_PRACTITIONER,
)
REWRITTEN: tuple[DomainError, ...] = (*WRITTEN, _broken(rules.NOT_ENDED))
MOVED: tuple[DomainError, ...] = (
    invalid("status", "Invalid enum value 'done'"),
    UnusableRequest(
        "Nothing was changed. The plan would start today, before it is prescribed: correct "
        "`prescriptionDate`, which is 2031-01-01, first."
    ),
    MoveNotAllowed("completed", "ongoing", ()),
)

"""How many rows each step will write, as far as the request alone tells."""

from app.seed.constants import (
    MAX_EXCEPTIONS_PER_USER,
    MAX_TEMPLATES_PER_USER,
    MIN_EXCEPTIONS_PER_USER,
    MIN_TEMPLATES_PER_USER,
)
from app.seed.request import SeedRequest


def rows_expected(request: SeedRequest) -> dict[str, int]:
    """Give the rows of each step; what varies per practitioner counts with its mean."""
    users = request.users
    return {
        "users": users,
        "organizations": request.organizations,
        "memberships": users,
        "weeklyTemplates": users * (MIN_TEMPLATES_PER_USER + MAX_TEMPLATES_PER_USER) // 2,
        "availabilityExceptions": users * (MIN_EXCEPTIONS_PER_USER + MAX_EXCEPTIONS_PER_USER) // 2,
        "patients": request.patients,
        "treatmentPlans": request.patients * request.plans_per_patient,
    }

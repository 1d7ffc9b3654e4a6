"""`no-patients`: a clinic that is ready for its first patient."""

from msgspec.structs import replace

from app.seed.audit.availability import EXCEPTION_RULES, TEMPLATE_RULES
from app.seed.audit.identities import MEMBERSHIP_RULES, sizes
from app.seed.audit.rooms import ROOM_RULES, TYPE_RULES
from app.seed.audit.rule import Rule
from app.seed.request import SeedRequest
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.rules import none_of
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.seeders import appointments, patients, treatment_plans


def clinic_without_patients(request: SeedRequest) -> ClinicContent:
    return ordinary_content(replace(request, patients=0))


SCENARIO = Scenario(
    name="no-patients",
    purpose="Practitioners with hours, rooms and types of appointments, ready for their first "
    "patient.",
    build=clinic_without_patients,
    guarantees=(
        Rule(
            "the clinic has several practitioners",
            "organizations",
            sizes,
            sizes.c.members < 2,  # noqa: PLR2004
        ),
        *(none_of(seeder.KIND.table) for seeder in (patients, treatment_plans, appointments)),
        *MEMBERSHIP_RULES,
        *TEMPLATE_RULES,
        *EXCEPTION_RULES,
        *ROOM_RULES,
        *TYPE_RULES,
    ),
)

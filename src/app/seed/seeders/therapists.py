"""Which therapist has a plan, and which plans a therapist has.

Each therapist of an organization gets the same number of consecutive plans, so most patients have
only one. Patients are assigned to users, and users to organizations, in turn, so the place of a
patient within the organization can be computed.
"""

from functools import lru_cache

from app.seed.constants import MAX_ORGANIZATIONS
from app.seed.request import SeedRequest
from app.seed.seeders.memberships import member_count, organization_index, place_of_patient


def therapist_of(request: SeedRequest, organization: int, patient_index: int, plan: int) -> int:
    number = place_of_patient(request, patient_index) * request.plans_per_patient + plan
    return organization + _rank(request, organization, number) * request.organizations


def plans_of_therapist(request: SeedRequest, user: int) -> range:
    """Return the numbers of a therapist's plans; they count the plans of the organization."""
    organization, rank = organization_index(request, user), user // request.organizations
    members, plans = _members_and_plans(request, organization)
    first, end = (-(-each * plans // members) for each in (rank, rank + 1))
    return range(first, end)


def therapist_ranks(request: SeedRequest, organization: int, place: int) -> list[int]:
    """Return the ranks of the therapists of the patient in a place, in order."""
    first = place * request.plans_per_patient
    numbers = range(first, first + request.plans_per_patient)
    return sorted({_rank(request, organization, number) for number in numbers})


def patient_in(request: SeedRequest, organization: int, place: int) -> int:
    """Return the index of the patient in a place of the organization."""
    rounds, member = divmod(place, member_count(request, organization))
    return rounds * request.users + organization + member * request.organizations


def _rank(request: SeedRequest, organization: int, number: int) -> int:
    members, plans = _members_and_plans(request, organization)
    return number * members // plans


def _members_and_plans(request: SeedRequest, organization: int) -> tuple[int, int]:
    patients, plans = request.patients, request.plans_per_patient
    return _count(request.users, request.organizations, patients, plans, organization)


# Each plan asks for it.
@lru_cache(maxsize=MAX_ORGANIZATIONS)
def _count(
    users: int, organizations: int, patients: int, plans_per_patient: int, organization: int
) -> tuple[int, int]:
    full_rounds, rest = divmod(patients, users)
    members, last_round = (len(range(organization, end, organizations)) for end in (users, rest))
    return members, (full_rounds * members + last_round) * plans_per_patient

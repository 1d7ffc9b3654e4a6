"""Which plans a therapist has is the inverse of which therapist a plan has."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.seed.request import SeedRequest
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.therapists import patient_in, plans_of_therapist, therapist_of


@settings(max_examples=50, deadline=None)
@given(
    users=st.integers(1, 30),
    clinics=st.integers(1, 30),
    patients=st.integers(0, 80),
    plans=st.integers(3, 5),
)
def test_the_plans_of_all_therapists_are_all_plans(
    users: int, clinics: int, patients: int, plans: int
) -> None:
    """Each plan is found once, at the therapist that it is assigned to."""
    request = SeedRequest(
        users=users,
        organizations=min(users, clinics),
        patients=patients,
        plans_per_patient=plans,
        as_of=date(2026, 1, 1),
    )
    found = []
    for user in range(request.users):
        organization = organization_index(request, user)
        for number in plans_of_therapist(request, user):
            place, plan = divmod(number, plans)
            patient = patient_in(request, organization, place)
            assert therapist_of(request, organization, patient, plan) == user
            found.append((patient, plan))
    every = [(patient, plan) for patient in range(patients) for plan in range(plans)]
    assert sorted(found) == every

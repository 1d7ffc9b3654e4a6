"""The doctors who refer patients to a clinic: six regulars for each 900 of its patients."""

from functools import lru_cache

from app.seed.constants import MAX_ORGANIZATIONS
from app.seed.people.names import origin_and_rank
from app.seed.randomness import RandomDraws, Weighted

PATIENTS_PER_DOCTOR = 150
DOCTORS_PER_GROUP = 6
GROUP = PATIENTS_PER_DOCTOR * DOCTORS_PER_GROUP
# Of the patients of a group, how many each doctor sends: a few send most (estimated).
REGULARS: Weighted[int] = Weighted(((0, 30), (1, 22), (2, 17), (3, 13), (4, 10), (5, 8)))
OWN_DOCTOR = 85  # of 100 plans; the others are prescribed by another doctor of the clinic
SEQUENCE = "doctors"


def doctor_of(draws: RandomDraws, random_seed: int, own: int, organization: int, place: int) -> str:
    """Return who prescribes a plan: mostly the patient's own doctor, of the regulars.

    `place` counts the patients of the clinic, so the doctors of a group stay the same when patients
    are added.
    """
    number = own if draws.below(100) < OWN_DOCTOR else draws.weighted(REGULARS)
    group = place // GROUP * DOCTORS_PER_GROUP
    return _name(random_seed, (group + number) * MAX_ORGANIZATIONS + organization)


# The doctors of a clinic are repeated.
@lru_cache(maxsize=4_096)
def _name(random_seed: int, index: int) -> str:
    origin, rank = origin_and_rank(random_seed, SEQUENCE, index)
    return f"Dr {origin.person(random_seed, SEQUENCE, rank).name}"

"""The sequence of patients: who they are does not depend on how many there are."""

from functools import lru_cache
from typing import NamedTuple

from app.seed.data.ages import AGES, CHILDHOOD_ENDS, FIRST_AGES
from app.seed.people.doctors import REGULARS
from app.seed.people.funding import Funding, draw_funding
from app.seed.people.names import Origin, origin_and_rank
from app.seed.people.person import Person
from app.seed.randomness import RandomDraws, Weighted, permuted_cell

# The calls about one person follow each other, so a small cache is enough.
CACHED_PEOPLE = 16
SEQUENCE = "patients"
# One of this many has the name of another one.
NAMESAKE_IN = 200
# The 2 % of the specification. 0.9 % of Australians are trans or gender diverse (Australian Bureau
# of Statistics, LGBTI+ populations in Australia, 2022); others state nothing.
AS_NAMED = "as named"
GENDERS: Weighted[str | None] = Weighted(((AS_NAMED, 98), ("other", 1), (None, 1)))
FIRST_AGE_COLUMNS = 5


class Profile(NamedTuple):
    """What a patient's rows depend on. `age` is the one reached in the year of `asOf`.

    `rank` is the place among the names of the origin. `gender` is None if it is not stated.
    """

    origin: Origin
    rank: int
    gender: str | None
    age: int
    is_namesake: bool
    funding: Funding
    own_doctor: int

    @property
    def sex(self) -> str:
        return self.origin.sex

    @property
    def is_child(self) -> bool:
        return self.age < CHILDHOOD_ENDS


@lru_cache(maxsize=CACHED_PEOPLE)
def profile(random_seed: int, index: int) -> Profile:
    draws = RandomDraws(random_seed, "profile", index)
    bearer = _bearer_of_name(random_seed, index)
    origin, rank = origin_and_rank(random_seed, SEQUENCE, bearer)
    gender = draws.weighted(GENDERS)
    if gender == AS_NAMED:
        gender = origin.sex
    age = _age(draws, random_seed, index)
    funding = draw_funding(draws, age)
    own_doctor = draws.weighted(REGULARS)
    return Profile(origin, rank, gender, age, bearer != index, funding, own_doctor)


def patient(random_seed: int, index: int) -> Person:
    who = profile(random_seed, index)
    return who.origin.person(random_seed, SEQUENCE, who.rank)


def _age(draws: RandomDraws, random_seed: int, index: int) -> int:
    if index < len(FIRST_AGES):
        rows = len(FIRST_AGES) // FIRST_AGE_COLUMNS
        row, column = permuted_cell(random_seed, "first ages", index, rows, FIRST_AGE_COLUMNS)
        return draws.between(*FIRST_AGES[row * FIRST_AGE_COLUMNS + column])
    return draws.between(*draws.weighted(AGES))


def _bearer_of_name(random_seed: int, index: int) -> int:
    """Return the patient whose name a patient has: nearly always their own index.

    In each group of patients one has the name of an earlier one of the group, so no three share a
    name. The first 20 patients, who are the default set, have names that differ.
    """
    group, place = divmod(index, NAMESAKE_IN)
    later, earlier = _namesakes(random_seed, group)
    return group * NAMESAKE_IN + earlier if place == later else index


@lru_cache(maxsize=CACHED_PEOPLE)
def _namesakes(random_seed: int, group: int) -> tuple[int, int]:
    draws = RandomDraws(random_seed, "namesakes", group)
    later = draws.between(len(FIRST_AGES), NAMESAKE_IN - 1)
    return later, draws.below(later)

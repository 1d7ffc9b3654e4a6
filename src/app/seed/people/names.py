"""Distinct names in the proportions of the communities.

All combinations of communities and sexes have their places in a fixed cycle, as often as their
weight says. So each combination has its own sequence of names, and the place of an index in that
sequence can be computed. Each sequence has a random order of all its names, so it has none twice.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from app.seed.data.names_by_community import COMMUNITIES, Community
from app.seed.people.person import Person, hyphenated, two_different
from app.seed.randomness import RandomDraws, permuted_cell

# A prime, so that any step visits all places of the cycle.
CYCLE = 2_003
# First and last name of one community: about two thirds.
SAME_COMMUNITY = 0.67
# Of the others, those whose first name is English and whose last name is not.
ENGLISH_FIRST_NAME = 0.6
# More women than men see a physiotherapist; see the Patient Experiences survey of the Australian
# Bureau of Statistics.
SHARES_OF_SEXES = {"female": 0.56, "male": 0.44}
ENGLISH = COMMUNITIES[0]
OTHERS = COMMUNITIES[1:]


@dataclass(frozen=True, slots=True)
class Origin:
    """The sex of a person and the communities of their first and last name."""

    sex: str
    first: Community
    last: Community

    @property
    def first_names(self) -> tuple[str, ...]:
        return first_names(self.first, self.sex)

    @property
    def key(self) -> str:
        return f"{self.sex} {self.first.name} {self.last.name}"

    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Return the numbers of first and last names, one or two of each, in the order of use."""
        first, last = len(self.first_names), len(self.last.last_names)
        two_first, two_last = first * (first - 1), last * (last - 1)
        return (first, last), (two_first, last), (first, two_last), (two_first, two_last)

    def person(self, random_seed: int, sequence: str, rank: int) -> Person:
        first_names, last_names = self.first_names, self.last.last_names
        for level, (rows, columns) in enumerate(self.sizes()):  # noqa: B007
            if rank < rows * columns:
                break
            rank -= rows * columns
        kind = f"{sequence} {level} {self.key}"
        first, last = permuted_cell(random_seed, kind, rank, rows, columns)
        return Person(
            " ".join(two_different(first_names, first)) if level % 2 else first_names[first],
            hyphenated(last_names, last) if level > 1 else last_names[last],
            self.sex,
        )


def first_names(community: Community, sex: str) -> tuple[str, ...]:
    return community.women if sex == "female" else community.men


def origin_and_rank(random_seed: int, sequence: str, index: int) -> tuple[Origin, int]:
    """Return the origin of a person, and how many of that origin come before."""
    cycle, step = divmod(index, CYCLE)
    factor, start = _order(random_seed, sequence, cycle)
    of, before, in_cycle = _cycle()[(start + factor * step) % CYCLE]
    return of, cycle * in_cycle + before


@lru_cache(maxsize=64)
def _order(random_seed: int, sequence: str, cycle: int) -> tuple[int, int]:
    draws = RandomDraws(random_seed, f"cycle of {sequence}", cycle)
    return draws.between(1, CYCLE - 1), draws.below(CYCLE)


@cache
def _cycle() -> tuple[tuple[Origin, int, int], ...]:
    """Return each place of the cycle: an origin, and how often it is there before, and in all."""
    by_key = {of.key: of for of in weights()}
    places = [
        (by_key[key], number, count) for key, count in counts().items() for number in range(count)
    ]
    # The same order for all random seeds, which begin at different places.
    return tuple(RandomDraws(0, "cycle", 0).sample(places, CYCLE))


@cache
def counts() -> dict[str, int]:
    """Return how often each origin is in the cycle."""
    total = sum(weights().values())
    ends = {of.key: 0 for of in weights()}
    reached, filled = 0.0, 0
    for of, weight in weights().items():
        reached += weight
        ends[of.key] = round(CYCLE * reached / total) - filled
        filled += ends[of.key]
    return ends


@cache
def weights() -> dict[Origin, float]:
    others = sum(each.share for each in OTHERS)
    found = {}
    for (sex, of_sex), each in product(SHARES_OF_SEXES.items(), COMMUNITIES):
        found[Origin(sex, each, each)] = of_sex * SAME_COMMUNITY * each.share / _total_share()
        if each is not ENGLISH:
            mixed = of_sex * (1 - SAME_COMMUNITY) * each.share / others
            found[Origin(sex, ENGLISH, each)] = mixed * ENGLISH_FIRST_NAME
            found[Origin(sex, each, ENGLISH)] = mixed * (1 - ENGLISH_FIRST_NAME)
    return found


def _total_share() -> float:
    return sum(each.share for each in COMMUNITIES)

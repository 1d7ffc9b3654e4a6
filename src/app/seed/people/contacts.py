"""Emergency contacts, whose relationships fit the age of the patient."""

from bisect import bisect_left

from app.seed.data.names_by_community import COMMUNITIES, Community
from app.seed.data.relationships import (
    BY_AGE,
    OF_CHILDREN,
    ONLY_ONE,
    SAME_LAST_NAME,
    SECOND_OF_CHILDREN,
    Relationships,
)
from app.seed.people.names import first_names
from app.seed.people.patients import Profile
from app.seed.people.person import Person
from app.seed.phones import CONTACTS_PER_PATIENT, contact_phone
from app.seed.randomness import RandomDraws, Weighted

AGES = tuple(age for age, _ in BY_AGE)
BY_SHARE: Weighted[Community] = Weighted((each, each.share) for each in COMMUNITIES)
SEXES = ("female", "male")
PARENTS = {True: SEXES, False: SEXES[::-1]}
SAME_SEX_COUPLES = 2  # of 100; 1.4 % of couples (Australian Bureau of Statistics, 2021 Census)
FAMILY = ("Guardian", "Spouse", "Partner", "Parent", "Child", "Sibling")
CLOSEST_FIRST = (*FAMILY, "Friend", "Neighbour")


def emergency_contacts(
    draws: RandomDraws, random_seed: int, index: int, person: Person, who: Profile
) -> list[dict[str, str]]:
    """Return one or two contacts, the closest first."""
    mother_first = draws.below(3) > 0
    taken = {person.name}
    contacts = []
    for number, relationship in enumerate(_relationships(draws, who)):
        sex = _sex(draws, relationship, person.sex)
        if relationship == "Parent":
            sex = PARENTS[mother_first][number]
        name = _name(draws, relationship, person, who.origin.last, sex)
        while name in taken:
            name = _name(draws, relationship, person, who.origin.last, sex)
        taken.add(name)
        phone = contact_phone(random_seed, index, number)
        contacts.append({"name": name, "relationship": relationship, "phone": phone})
    return contacts


def _relationships(draws: RandomDraws, who: Profile) -> list[str]:
    first, others = _options(who)
    found = [draws.weighted(first)]
    if draws.between(1, CONTACTS_PER_PATIENT) > 1:
        other = draws.weighted(others)
        while other in ONLY_ONE and found[0] in ONLY_ONE:
            other = draws.weighted(others)
        found.append(other)
    return sorted(found, key=CLOSEST_FIRST.index)


def _options(who: Profile) -> tuple[Relationships, Relationships]:
    if who.is_child:
        return OF_CHILDREN, SECOND_OF_CHILDREN
    options = BY_AGE[bisect_left(AGES, who.age)][1]
    return options, options


def _sex(draws: RandomDraws, relationship: str, sex: str) -> str:
    drawn = draws.below(100)
    if relationship in ONLY_ONE:
        return sex if drawn < SAME_SEX_COUPLES else SEXES[sex == "female"]
    return SEXES[drawn % 2]


def _name(
    draws: RandomDraws, relationship: str, person: Person, community: Community, sex: str
) -> str:
    of = community if relationship in FAMILY else draws.weighted(BY_SHARE)
    first_name = draws.choice(first_names(of, sex))
    if draws.below(100) < SAME_LAST_NAME[relationship]:
        return f"{first_name} {person.last_name}"
    return f"{first_name} {draws.choice(of.last_names)}"

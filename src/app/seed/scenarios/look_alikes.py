"""`look-alikes`: clinics, practitioners and patients that are easily taken for each other."""

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple
from unicodedata import normalize

from msgspec.structs import replace

from app.auth.members import NewMember
from app.auth.organizations import NewOrganization
from app.auth.users import NewUser
from app.database.bulk import Row
from app.seed.people.patients import Profile, profile
from app.seed.people.person import Person
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.scenarios.api_checks import checked
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.look_alike_rules import LOOK_ALIKE_RULES
from app.seed.scenarios.ordinary import ordinary_rules
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.seeders.patients import patient_row
from app.seed.seeders.treatment_plans import plans_of

CLINICS, PRACTITIONERS = 2, 4
# Both are in the first clinic.
USER, LOOK_ALIKE_USER = 0, 2
# There are enough people of each of these ages.
AGES = range(25, 75)
OTHER_VOWELS = dict(zip("aeiou", "eaeuo", strict=True))


class Likeness(NamedTuple):
    """What a patient has in common with an earlier one at a place in the list."""

    place: int
    clinic: int = 0
    name: bool = False
    birthday: bool = False
    phone: bool = False


# None is a patient of the first clinic who looks like nobody before.
LIKENESSES = (
    None,
    Likeness(0, name=True),
    None,
    Likeness(2, birthday=True),
    None,
    Likeness(4, phone=True),
    None,
    Likeness(6, name=True, birthday=True, phone=True),
    Likeness(0, clinic=1, name=True, birthday=True),
    Likeness(2, clinic=1, name=True),
)


def look_alike_clinics(request: SeedRequest) -> ClinicContent:
    request = replace(
        request, organizations=CLINICS, users=PRACTITIONERS, patients=0, appointment_weeks=0
    )
    ordinary, indexes = ordinary_content(request), _indexes(request.random_seed)
    content = dataclasses.replace(
        ordinary,
        users=_users(ordinary.users),
        organizations=_of_one_name(ordinary.organizations),
        rows={
            **ordinary.rows,
            "patients": _patients(request, indexes),
            "treatment_plans": list(_plans(request, indexes)),
        },
    )
    return checked(content, request.as_of)


def _of_one_name(
    owned: Sequence[tuple[NewOrganization, NewMember]],
) -> list[tuple[NewOrganization, NewMember]]:
    (first, owner), (second, other_owner) = owned
    second = dataclasses.replace(second, name=first.name, slug=f"{first.slug}-2")
    return [(first, owner), (second, other_owner)]


def _users(users: Sequence[NewUser]) -> list[NewUser]:
    """Return the users, of whom one has the name of another, except for one letter."""
    found = list(users)
    user = users[USER]
    first_name, last_name = user.first_name or "", one_letter_off(user.last_name or "")
    person = Person(first_name, last_name, "")
    found[LOOK_ALIKE_USER] = dataclasses.replace(
        users[LOOK_ALIKE_USER],
        name=person.name,
        first_name=first_name,
        last_name=last_name,
        email=person.email("example.com"),
    )
    return found


def one_letter_off(name: str) -> str:
    """Return a name with another vowel in the place of its last one, or of its last letter."""
    plain = [normalize("NFKD", letter)[0] for letter in name]
    vowels = [place for place, letter in enumerate(plain) if letter in OTHER_VOWELS]
    place = vowels[-1] if vowels else len(name) - 1
    return name[:place] + OTHER_VOWELS.get(plain[place], "e") + name[place + 1 :]


def _indexes(random_seed: int) -> list[int]:
    """Return which patients of the sequence can look like that: they have the age and the sex."""
    found: list[int] = []
    for likeness in LIKENESSES:
        # Patients belong to the clinics in turn.
        first = (found[-1] // CLINICS + 1) * CLINICS if found else 0
        candidates = count(first + (likeness.clinic if likeness else 0), CLINICS)
        if likeness is None:
            found.append(next(each for each in candidates if _is_usual(random_seed, each)))
            continue
        other = profile(random_seed, found[likeness.place])
        found.append(
            next(each for each in candidates if _fits(profile(random_seed, each), likeness, other))
        )
    return found


def _is_usual(random_seed: int, index: int) -> bool:
    who = profile(random_seed, index)
    return who.age in AGES and who.gender == who.sex and not who.is_namesake


def _fits(who: Profile, likeness: Likeness, other: Profile) -> bool:
    if who.is_namesake or (likeness.name and who.gender != other.gender):
        return False
    return (who.age == other.age) is likeness.birthday


def _patients(request: SeedRequest, indexes: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for index, likeness in zip(indexes, LIKENESSES, strict=True):
        row = patient_row(request, index)
        rows.append(_like(row, rows[likeness.place], likeness) if likeness else _with_email(row))
    return rows


def _with_email(row: Row) -> Row:
    person = Person(row["first_name"], row["last_name"], "")
    return {**row, "email": person.email("example.org")}


def _like(row: Row, other: Row, likeness: Likeness) -> Row:
    """Return the patient with what they have in common with another one."""
    common: dict[str, object] = {}
    if likeness.name:
        last_name = other["last_name"]
        similar = Person(other["first_name"], one_letter_off(last_name), "")
        common |= {"first_name": other["first_name"], "last_name": last_name}
        common["email"] = similar.email("example.org")
    if likeness.birthday:
        common["date_of_birth"] = other["date_of_birth"]
    if likeness.phone:
        common["phone"] = other["phone"]
    return {**row, **common}


def _plans(request: SeedRequest, indexes: Sequence[int]) -> Iterator[Row]:
    """Yield the plans of the patients; the practitioners of a clinic have them in turn."""
    enough = replace(request, patients=max(indexes) + 1)
    for number, index in enumerate(indexes):
        therapist = index % CLINICS + CLINICS * (number % (PRACTITIONERS // CLINICS))
        therapist_id = row_id(request.random_seed, "user", therapist)
        for plan in plans_of(enough, index):
            yield {**plan, "therapist_id": therapist_id}


NOT_KEPT = (
    "names of organizations are distinct",
    "patients with the same name have different birthdays",
    "no three patients have the same name",
    "about one patient in 200 has the name of another, and none of the first 20",
    "patients are distributed in proportion to an organization's members",
    "mobile numbers of patients are distinct while the range lasts",
    "landline numbers of patients are distinct while the range lasts",
    "therapists of an organization have as many plans, or one more",
)

SCENARIO = Scenario(
    name="look-alikes",
    purpose="Clinics, practitioners and patients that are easily taken for each other, for "
    "searches, lists and the detection of duplicates.",
    build=look_alike_clinics,
    guarantees=(*LOOK_ALIKE_RULES, *ordinary_rules(*NOT_KEPT)),
)

"""What `look-alikes` guarantees, as queries of the stored rows and as changes that break it."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

from seed.scenarios.sentences.guarantee import Guarantee
from seed.scenarios.stored import Stored


def differ_in_one_letter(one: str | None, other: str | None) -> bool:
    if not one or not other or len(one) != len(other):
        return False
    return sum(first != second for first, second in zip(one, other, strict=True)) == 1


def name(row: Any) -> tuple[str, str]:
    return row.first_name, row.last_name


def has_same_phone(one: Any, other: Any) -> bool:
    return one.phone is not None and one.phone == other.phone


def has_patients(
    stored: Stored, are_alike: Callable[[Any, Any], bool], *, same_clinic: bool = True
) -> bool:
    return any(
        are_alike(row, other)
        for row, other in combinations(stored.patients, 2)
        if (row.organization_id == other.organization_id) is same_clinic
    )


def has_similar_colleagues(stored: Stored) -> bool:
    emails = {row.id: row.email for row in stored.users}
    members: Iterable[tuple[Any, Any]] = combinations(stored.members, 2)
    return any(
        differ_in_one_letter(emails[row.user_id], emails[other.user_id])
        for row, other in members
        if row.organization_id == other.organization_id
    )


def names_across_clinics(stored: Stored) -> bool:
    return all(
        has_patients(
            stored,
            lambda one, other, birthday=same_birthday: (  # type: ignore[misc]
                name(one) == name(other) and (one.date_of_birth == other.date_of_birth) is birthday
            ),
            same_clinic=False,
        )
        for same_birthday in (True, False)
    )


NO_PHONES = "UPDATE patients SET phone = NULL WHERE organization_id IN ({clinics})"
ONE_BIRTHDAY = (
    "UPDATE patients SET date_of_birth = '1980-01-01' WHERE organization_id IN ({clinics})"
)
ONE_NAME = (
    "UPDATE patients SET first_name = 'Ann', last_name = 'Lee' WHERE organization_id IN ({clinics})"
)

SENTENCES: Mapping[str, Guarantee] = {
    "there are two clinics, which have the same name": Guarantee(
        lambda stored: (
            len([row.name for row in stored.organizations]) == 2
            and len({row.name for row in stored.organizations}) == 1
        ),
        "UPDATE organizations SET name = 'Another' WHERE id IN ({clinics}) AND slug ="
        " (SELECT max(slug) FROM organizations WHERE id IN ({clinics}))",
        "DELETE FROM organizations WHERE id IN ({clinics}) AND slug ="
        " (SELECT max(slug) FROM organizations WHERE id IN ({clinics}))",
    ),
    "the email addresses of two practitioners of a clinic differ in one letter": Guarantee(
        has_similar_colleagues,
        "UPDATE users SET email = 'x' || email WHERE id IN (SELECT user_id FROM members"
        " WHERE organization_id IN ({clinics}) AND role = 'admin')",
        "DELETE FROM members WHERE organization_id IN ({clinics}) AND role = 'admin'",
    ),
    "the email addresses of two patients of a clinic differ in one letter": Guarantee(
        lambda stored: has_patients(
            stored, lambda one, other: differ_in_one_letter(one.email, other.email)
        ),
        "UPDATE patients SET email = NULL WHERE organization_id IN ({clinics})",
        "UPDATE patients SET email = 'a@example.org' WHERE organization_id IN ({clinics})",
    ),
    "two patients of a clinic have the same name and different birthdays": Guarantee(
        lambda stored: has_patients(
            stored,
            lambda one, other: (
                name(one) == name(other) and one.date_of_birth != other.date_of_birth
            ),
        ),
        ONE_BIRTHDAY,
    ),
    "two patients of a clinic have the same birthday and different names": Guarantee(
        lambda stored: has_patients(
            stored,
            lambda one, other: (
                name(one) != name(other) and one.date_of_birth == other.date_of_birth
            ),
        ),
        ONE_NAME,
    ),
    "two patients of a clinic have the same phone number and different names": Guarantee(
        lambda stored: has_patients(
            stored, lambda one, other: name(one) != name(other) and has_same_phone(one, other)
        ),
        NO_PHONES,
        ONE_NAME,
    ),
    "two patients of a clinic have the same name, birthday and phone number": Guarantee(
        lambda stored: has_patients(
            stored,
            lambda one, other: (
                name(one) == name(other)
                and one.date_of_birth == other.date_of_birth
                and has_same_phone(one, other)
            ),
        ),
        NO_PHONES,
    ),
    "patients of different clinics have the same name, once with the same birthday and once with "
    "different ones": Guarantee(
        names_across_clinics,
        ONE_BIRTHDAY,
        "UPDATE patients SET last_name = 'Another' WHERE organization_id IN"
        " (SELECT id FROM organizations WHERE id IN ({clinics}) AND slug ="
        " (SELECT max(slug) FROM organizations WHERE id IN ({clinics})))",
    ),
}

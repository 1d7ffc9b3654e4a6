"""The guarantees of `look-alikes`."""

from sqlalchemy import (
    Column,
    ColumnElement,
    and_,
    distinct,
    exists,
    func,
    literal_column,
    select,
    true,
    union_all,
)

from app.seed.audit.rule import table
from app.seed.scenarios.rules import all_true, some

organizations, users, members = table("organizations"), table("users"), table("members")
patients = table("patients")
other, other_user = patients.alias(), users.alias()
of_other_user = members.alias()

CLINICS = 2
# The letter is one of the first 64.
ones = union_all(*(select(literal_column(str(digit)).label("n")) for digit in range(8))).subquery()
eights = ones.alias()

full_name = patients.c.first_name + " " + patients.c.last_name
other_full_name = other.c.first_name + " " + other.c.last_name
is_same_clinic = patients.c.organization_id == other.c.organization_id
has_same_name = full_name == other_full_name
has_same_birthday = patients.c.date_of_birth == other.c.date_of_birth
has_same_phone = patients.c.phone == other.c.phone


def _pair(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether there are two patients for whom the conditions are true."""
    return some(patients, some(other, patients.c.id != other.c.id, *conditions))


def _differ_in_one_letter(one: Column[str], another: Column[str]) -> ColumnElement[bool]:
    place = 1 + ones.c.n + 8 * eights.c.n

    def without_letter(text: Column[str]) -> ColumnElement[str]:
        return func.substr(text, 1, place - 1).concat(func.substr(text, place + 1))

    same_otherwise = (
        select(ones.c.n)
        .select_from(ones.join(eights, true()))
        .where(without_letter(one) == without_letter(another))
        .correlate_except(ones, eights)
    )
    return and_(one != another, func.length(one) == func.length(another), exists(same_otherwise))


similar_colleagues = (
    select(users.c.id)
    .join(members, members.c.user_id == users.c.id)
    .join(of_other_user, of_other_user.c.organization_id == members.c.organization_id)
    .join(other_user, other_user.c.id == of_other_user.c.user_id)
    .where(_differ_in_one_letter(users.c.email, other_user.c.email))
)

LOOK_ALIKE_RULES = (
    all_true(
        "there are two clinics, which have the same name",
        organizations,
        select(func.count()).select_from(organizations).scalar_subquery() == CLINICS,
        select(func.count(distinct(organizations.c.name))).scalar_subquery() == 1,
    ),
    all_true(
        "the email addresses of two practitioners of a clinic differ in one letter",
        users,
        exists(similar_colleagues),
    ),
    all_true(
        "the email addresses of two patients of a clinic differ in one letter",
        patients,
        _pair(is_same_clinic, _differ_in_one_letter(patients.c.email, other.c.email)),
    ),
    all_true(
        "two patients of a clinic have the same name and different birthdays",
        patients,
        _pair(is_same_clinic, has_same_name, ~has_same_birthday),
    ),
    all_true(
        "two patients of a clinic have the same birthday and different names",
        patients,
        _pair(is_same_clinic, ~has_same_name, has_same_birthday),
    ),
    all_true(
        "two patients of a clinic have the same phone number and different names",
        patients,
        _pair(is_same_clinic, ~has_same_name, has_same_phone),
    ),
    all_true(
        "two patients of a clinic have the same name, birthday and phone number",
        patients,
        _pair(is_same_clinic, has_same_name, has_same_birthday, has_same_phone),
    ),
    all_true(
        "patients of different clinics have the same name, once with the same birthday and once "
        "with different ones",
        patients,
        _pair(~is_same_clinic, has_same_name, has_same_birthday),
        _pair(~is_same_clinic, has_same_name, ~has_same_birthday),
    ),
)

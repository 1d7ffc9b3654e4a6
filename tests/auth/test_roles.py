"""What a role may do: the whole table, one line for each thing that is allowed."""

from itertools import product

import pytest

from app.auth import roles
from app.auth.models import Role
from app.auth.roles import Action, Resource

PEOPLE = {
    (Resource.MEMBER, Action.CREATE),
    (Resource.MEMBER, Action.UPDATE),
    (Resource.MEMBER, Action.DELETE),
    (Resource.INVITATION, Action.CREATE),
    (Resource.INVITATION, Action.CANCEL),
}
ALLOWED = {
    Role.OWNER: PEOPLE
    | {(Resource.ORGANIZATION, Action.UPDATE), (Resource.ORGANIZATION, Action.DELETE)},
    Role.ADMIN: PEOPLE | {(Resource.ORGANIZATION, Action.UPDATE)},
    Role.MEMBER: set(),
}


@pytest.mark.parametrize(("role", "resource", "action"), list(product(Role, Resource, Action)))
def test_a_role_may_do_what_its_table_says(role: Role, resource: Resource, action: Action) -> None:
    """Nothing more and nothing less, whichever way it is asked."""
    expected = (resource, action) in ALLOWED[role]
    assert roles.may(role, resource, action) is expected
    assert roles.may_all(role, {resource.value: [action.value]}) is expected


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    "permissions",
    [
        {},
        {"member": []},
        {"organization": ["update"], "member": []},
        {"patient": ["update"]},
        {"patient": []},
        {"organization": ["update"], "patient": ["update"]},
        {"organization": ["read"]},
        {"organization": ["update", "read"]},
        {"Organization": ["update"]},
        {"organization": ["UPDATE"]},
        {"": [""]},
    ],
    ids=str,
)
def test_what_is_unknown_or_nothing_is_no_permission(
    role: Role, permissions: dict[str, list[str]]
) -> None:
    """Not even beside something that is allowed."""
    assert roles.may_all(role, permissions) is False


@pytest.mark.parametrize("role", list(Role))
def test_of_several_actions_each_must_be_allowed(role: Role) -> None:
    """One permission that is missing makes the result false."""
    asked = {"organization": ["update", "delete"], "invitation": ["create"]}
    assert roles.may_all(role, asked) is (role is Role.OWNER)
    asked["organization"].remove("delete")
    assert roles.may_all(role, asked) is (role is not Role.MEMBER)


@pytest.mark.parametrize(("role", "other"), list(product(Role, Role)))
def test_only_owners_touch_owners(role: Role, other: Role) -> None:
    """With any other permissions of a role, only owners may change owners."""
    assert roles.may_manage_role(role, other) is (role is Role.OWNER or other is not Role.OWNER)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_invite_sees_invitations(role: Role) -> None:
    """An invitation's id is enough to pass it on."""
    assert roles.may_see_invitations(role) is (role is not Role.MEMBER)

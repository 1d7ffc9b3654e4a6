"""What each role may do in an organization.

Resources and actions have the names of Better Auth's organization plugin.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.auth.models import Role


class Resource(StrEnum):
    ORGANIZATION = "organization"
    MEMBER = "member"
    INVITATION = "invitation"


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CANCEL = "cancel"


_PEOPLE = {
    Resource.MEMBER: {Action.CREATE, Action.UPDATE, Action.DELETE},
    Resource.INVITATION: {Action.CREATE, Action.CANCEL},
}
PERMISSIONS: Mapping[Role, Mapping[Resource, Collection[Action]]] = {
    Role.OWNER: {Resource.ORGANIZATION: {Action.UPDATE, Action.DELETE}, **_PEOPLE},
    Role.ADMIN: {Resource.ORGANIZATION: {Action.UPDATE}, **_PEOPLE},
    Role.MEMBER: {},
}


def may(role: Role, resource: Resource, action: Action) -> bool:
    return action in PERMISSIONS[role].get(resource, ())


def may_all(role: Role, permissions: Mapping[str, Collection[str]]) -> bool:
    """Return whether a role has all of these permissions; False if none are given."""
    allowed = {str(resource): set(actions) for resource, actions in PERMISSIONS[role].items()}
    return bool(permissions) and all(
        actions and set(actions) <= allowed.get(resource, set())
        for resource, actions in permissions.items()
    )


def may_manage_role(role: Role, other: Role) -> bool:
    """Only owners may add, change, invite and remove owners."""
    return role is Role.OWNER or other is not Role.OWNER


def may_see_invitations(role: Role) -> bool:
    """Only roles that may invite: the id of an invitation can be passed on."""
    return may(role, Resource.INVITATION, Action.CREATE)


def may_edit_hours(role: Role, *, own: bool) -> bool:
    """Practitioners may change their own availability, owners and admins everyone's."""
    return own or may(role, Resource.MEMBER, Action.UPDATE)


def may_edit_rooms(role: Role) -> bool:
    """Only owners and admins may change rooms and appointment types."""
    return may(role, Resource.ORGANIZATION, Action.UPDATE)

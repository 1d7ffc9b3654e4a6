"""What a role may do in an organization: the one place that decides it.

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
    """Tell of actions on each of several resources; asking for none is no permission."""
    allowed = {str(resource): set(actions) for resource, actions in PERMISSIONS[role].items()}
    return bool(permissions) and all(
        actions and set(actions) <= allowed.get(resource, set())
        for resource, actions in permissions.items()
    )


def may_concern(role: Role, other: Role) -> bool:
    """Owners are made, changed, invited and removed by owners alone."""
    return role is Role.OWNER or other is not Role.OWNER


def may_see_invitations(role: Role) -> bool:
    """Who knows an invitation's id could pass it on, as who may invite can."""
    return may(role, Resource.INVITATION, Action.CREATE)


def may_keep_hours(role: Role, *, own: bool) -> bool:
    """Practitioners keep their own availability; who may change members keeps anyone's."""
    return own or may(role, Resource.MEMBER, Action.UPDATE)

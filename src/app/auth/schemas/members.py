"""The requests and responses of members."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.openapi.spec import OpenAPIType, Schema
from msgspec import UNSET, Meta, UnsetType

from app.auth.models import Member, Role, User
from app.auth.organization_errors import RoleNotFound
from app.auth.schemas.common import ActiveByDefault, Id, IdentityRequestBody
from app.web.schemas import ResponseBody, Text

_ROLES = [role.value for role in Role]
_ROLE = Schema(type=OpenAPIType.STRING, enum=_ROLES)
_ONE_ROLE = Schema(type=OpenAPIType.ARRAY, enum=[[role] for role in _ROLES])
# Documented only: `read_role` refuses other names with the code of the protocol.
AnyRole = Annotated[
    str | list[str],
    Meta(extra_json_schema={"extra": {"one_of": [_ROLE, _ONE_ROLE]}}),
]


class UpdateRoleRequest(IdentityRequestBody):
    member_id: Id
    role: AnyRole
    organization_id: ActiveByDefault = None


class RemoveMemberRequest(IdentityRequestBody):
    member_id_or_email: Annotated[Text, Meta(examples=["ada@example.com"])]
    organization_id: ActiveByDefault = None


class MemberResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    user_id: UUID
    role: Role
    created_at: datetime


class MemberUser(ResponseBody):
    id: UUID
    name: str
    email: str
    image: str | None


class MemberWithUser(MemberResponse):
    user: MemberUser


class FormerMember(MemberResponse):
    """`user` is only present if the request had the email address of the member."""

    user: MemberUser | UnsetType = UNSET


class RemovedMember(ResponseBody):
    member: FormerMember


class MemberPage(ResponseBody):
    members: list[MemberWithUser]
    total: int


class MemberRole(ResponseBody):
    role: Role


def with_user(member: Member, user: User) -> MemberWithUser:
    return MemberWithUser(
        **msgspec.structs.asdict(MemberResponse.of(member)),
        user=msgspec.convert(user, MemberUser, from_attributes=True),
    )


def read_role(given: str | list[str]) -> Role:
    """Return the role of this name, or raise `RoleNotFound`."""
    try:
        [name] = [given] if isinstance(given, str) else given
        return Role(name.strip())
    except ValueError:
        raise RoleNotFound from None

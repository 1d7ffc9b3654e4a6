"""Members over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, members
from app.auth.authentication import active_or
from app.auth.controllers.parameters import OrganizationId, OrganizationSlug
from app.auth.member_filters import MAX_VALUES, FilterOperator, read_filter
from app.auth.members import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, MemberField, MemberQuery
from app.auth.openapi import INVALID, change, read
from app.auth.organization_errors import (
    CallerNotAMember,
    LastOwnerCannotChangeRole,
    LastOwnerCannotLeave,
    MemberNotFound,
    NoActiveOrganization,
    NotAllowedToDeleteMember,
    NotAllowedToUpdateMember,
    OrganizationNotFound,
    RoleNotFound,
)
from app.auth.organizations import get_id_by_slug
from app.auth.schemas.members import (
    FormerMember,
    MemberPage,
    MemberResponse,
    MemberRole,
    MemberUser,
    MemberWithUser,
    RemovedMember,
    RemoveMemberRequest,
    UpdateRoleRequest,
    read_role,
    with_user,
)
from app.auth.schemas.organizations import OrganizationRequest
from app.auth.sessions import SignedIn
from app.ids import read_id
from app.web.openapi import OrderedController

SortDirection = Literal["asc", "desc"]


class MemberController(OrderedController):
    path = "/organization"
    tags = ("Members",)

    @read(
        "/list-members",
        "listMembers",
        "List the members of an organization",
        NoActiveOrganization(),
        OrganizationNotFound(),
        CallerNotAMember(),
        INVALID,
        description="`filterField`, `filterOperator` and `filterValue` filter members, for example "
        "`createdAt`, `gt` and `2026-11-25T00:00:00.000Z`. `in` and `not_in` take several "
        "`filterValue`s. Dates are in UTC unless they have an offset.",
        response={"members": [examples.OWNER_WITH_USER, examples.COLLEAGUE_WITH_USER], "total": 4},
    )
    async def list_members(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
        organization_slug: OrganizationSlug = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
        offset: Annotated[int, QueryParameter(ge=0, le=MAX_OFFSET)] = 0,
        sort_by: Annotated[MemberField, QueryParameter(name="sortBy")] = MemberField.CREATED_AT,
        sort_direction: Annotated[SortDirection, QueryParameter(name="sortDirection")] = "asc",
        filter_field: Annotated[MemberField | None, QueryParameter(name="filterField")] = None,
        filter_operator: Annotated[
            FilterOperator, QueryParameter(name="filterOperator")
        ] = FilterOperator.EQUAL,
        filter_value: Annotated[
            list[str] | None, QueryParameter(name="filterValue", max_items=MAX_VALUES)
        ] = None,
    ) -> MemberPage:
        wanted = await _organization_named(session, signed_in, organization_id, organization_slug)
        page = MemberQuery(
            limit=limit,
            offset=offset,
            sort_by=sort_by,
            descending=sort_direction == "desc",
            filter=read_filter(filter_field, filter_operator, filter_value or []),
        )
        rows, total = await members.list_members(session, signed_in.user.id, wanted, page)
        return MemberPage(members=[with_user(*row) for row in rows], total=total)

    @read(
        "/get-active-member",
        "getActiveMember",
        "Get my membership of the active organization",
        NoActiveOrganization(),
        MemberNotFound(),
        response=examples.OWNER_WITH_USER,
    )
    async def get_active_member(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> MemberWithUser:
        active = active_or(signed_in, None)
        member = await members.get_member(session, active, signed_in.user.id)
        return with_user(member, signed_in.user)

    @read(
        "/get-active-member-role",
        "getActiveMemberRole",
        "Get my role, or another member's",
        NoActiveOrganization(),
        OrganizationNotFound(),
        CallerNotAMember(),
        response={"role": "owner"},
    )
    async def get_active_member_role(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
        organization_slug: OrganizationSlug = None,
        user_id: Annotated[
            str | None, QueryParameter(name="userId", description="By default the caller.")
        ] = None,
    ) -> MemberRole:
        wanted = await _organization_named(session, signed_in, organization_id, organization_slug)
        caller_id = signed_in.user.id
        asked = read_id(user_id) if user_id else caller_id
        return MemberRole(role=await members.get_role(session, caller_id, wanted, asked))

    @change(
        "/update-member-role",
        "updateMemberRole",
        "Update a member's role",
        NoActiveOrganization(),
        MemberNotFound(),
        RoleNotFound(),
        NotAllowedToUpdateMember(),
        LastOwnerCannotChangeRole(),
        INVALID,
        description="Only an owner can make or change an owner. An organization keeps at least "
        "one owner.",
        request={"memberId": examples.COLLEAGUE_MEMBER_ID, "role": "owner"},
        response={**examples.COLLEAGUE, "role": "owner"},
    )
    async def update_member_role(
        self,
        data: JSONBody[UpdateRoleRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> MemberResponse:
        member = await members.update_role(
            session,
            signed_in.user.id,
            active_or(signed_in, data.organization_id),
            read_id(data.member_id),
            read_role(data.role),
        )
        return MemberResponse.of(member)

    @change(
        "/remove-member",
        "removeMember",
        "Remove a member from an organization",
        NoActiveOrganization(),
        MemberNotFound(),
        LastOwnerCannotLeave(),
        NotAllowedToDeleteMember(),
        INVALID,
        description="Send the email address or the id of the membership. The last owner cannot "
        "be removed. This also deletes the availability of the member in the organization.",
        request={"memberIdOrEmail": examples.COLLEAGUE_EMAIL},
        response={"member": examples.COLLEAGUE_WITH_USER},
    )
    async def remove_member(
        self,
        data: JSONBody[RemoveMemberRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> RemovedMember:
        named = data.member_id_or_email
        by_email = "@" in named
        member, user = await members.remove_member(
            session,
            signed_in.user.id,
            active_or(signed_in, data.organization_id),
            named if by_email else read_id(named),
        )
        removed = msgspec.convert(member, FormerMember, from_attributes=True)
        if by_email:
            removed.user = msgspec.convert(user, MemberUser, from_attributes=True)
        return RemovedMember(member=removed)

    @change(
        "/leave",
        "leaveOrganization",
        "Leave an organization",
        MemberNotFound(),
        LastOwnerCannotLeave(),
        INVALID,
        description="The last owner cannot leave: make another member an owner first. This also "
        "deletes my availability in the organization.",
        request=examples.ONE_CLINIC,
        response=examples.OWNER_WITH_USER,
    )
    async def leave(
        self,
        data: JSONBody[OrganizationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> MemberWithUser:
        member = await members.leave(session, signed_in.user.id, read_id(data.organization_id))
        return with_user(member, signed_in.user)


async def _organization_named(
    session: AsyncSession, signed_in: SignedIn, organization_id: str | None, slug: str | None
) -> UUID:
    # The slug takes precedence over the id, as in Better Auth.
    if slug:
        return await get_id_by_slug(session, slug)
    return active_or(signed_in, organization_id)

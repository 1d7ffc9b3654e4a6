"""Organizations over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, invitations, members, organizations, sessions
from app.auth.authentication import active_or
from app.auth.controllers.parameters import OrganizationId, OrganizationSlug
from app.auth.members import DEFAULT_LIMIT, MAX_LIMIT, MemberQuery, NewMember
from app.auth.models import Role
from app.auth.openapi import INVALID, change, read
from app.auth.organization_errors import (
    NoActiveOrganization,
    NotAllowedToDeleteOrganization,
    NotAllowedToUpdateOrganization,
    NotAMember,
    NotAMemberBadRequest,
    NotAMemberUnauthorized,
    OrganizationAlreadyExists,
    OrganizationLimitReached,
    OrganizationNotFound,
    SlugTaken,
)
from app.auth.organizations import MAX_LISTED, MAX_OWNED, NewOrganization
from app.auth.schemas.account import Done
from app.auth.schemas.invitations import InvitationResponse
from app.auth.schemas.members import MemberResponse, with_user
from app.auth.schemas.organizations import (
    ChangedOrganization,
    CheckSlugRequest,
    CreatedOrganization,
    CreateOrganizationRequest,
    FullOrganization,
    OrganizationRequest,
    OrganizationResponse,
    Permission,
    PermissionRequest,
    SetActiveRequest,
    UpdateOrganizationRequest,
    changed_organization,
    organization_response,
)
from app.auth.sessions import SignedIn
from app.ids import read_id
from app.web.openapi import OrderedController


class OrganizationController(OrderedController):
    path = "/organization"
    tags = ("Organizations",)

    @change(
        "/create",
        "createOrganization",
        "Create an organization",
        OrganizationAlreadyExists(),
        OrganizationLimitReached(MAX_OWNED),
        INVALID,
        description="The caller becomes its owner. It becomes the active organization unless "
        f"`keepCurrentActiveOrganization` is true. A user can own {MAX_OWNED} "
        "organizations.",
        request=examples.NEW_CLINIC,
        response=examples.CREATED_CLINIC,
    )
    async def create_organization(
        self,
        data: JSONBody[CreateOrganizationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> CreatedOrganization:
        new_organization = NewOrganization(
            name=data.name, slug=data.slug, logo=data.logo, details=data.metadata
        )
        owner = NewMember(
            organization_id=new_organization.id, user_id=signed_in.user.id, role=Role.OWNER
        )
        organization, member = await organizations.create_organization(
            session, new_organization, owner
        )
        if not data.keep_current_active_organization:
            await sessions.activate(session, signed_in, organization.id)
        created = msgspec.structs.asdict(changed_organization(organization))
        return CreatedOrganization(**created, members=[MemberResponse.of(member)])

    @change(
        "/check-slug",
        "checkSlug",
        "Check whether a slug is free",
        SlugTaken(),
        INVALID,
        description="The response is 400 if another organization has it.",
        request={"slug": "yarra-physiotherapy"},
        response=examples.DONE,
    )
    async def check_slug(
        self,
        data: JSONBody[CheckSlugRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],  # noqa: ARG002 - requires a session
    ) -> Done:
        if await organizations.is_taken(session, data.slug):
            raise SlugTaken
        return Done()

    @read(
        "/list",
        "listOrganizations",
        "List my organizations",
        description=f"At most {MAX_LISTED:,}, in the order of joining.",
        response=[examples.CLINIC],
    )
    async def list_organizations(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[OrganizationResponse]:
        rows = await organizations.list_organizations(session, signed_in.user.id)
        return [organization_response(row) for row in rows]

    @change(
        "/set-active",
        "setActiveOrganization",
        "Set the active organization",
        OrganizationNotFound(),
        NotAMember(),
        INVALID,
        description="Send `organizationId` or `organizationSlug`. The id null clears it.",
        request={"organizationSlug": examples.CLINIC_SLUG},
        response=examples.CLINIC,
    )
    async def set_active(
        self,
        data: JSONBody[SetActiveRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> OrganizationResponse | None:
        given_id = data.organization_id
        if given_id is None:
            await sessions.activate(session, signed_in, None)
            return None
        # The id takes precedence over the slug, in this call only, as in Better Auth.
        slug = None if given_id else data.organization_slug
        wanted = await _organization_named(session, signed_in, given_id or None, slug)
        if wanted is None:
            return None
        try:
            organization = await organizations.lock_membership(session, signed_in.user.id, wanted)
        except OrganizationNotFound:
            raise NotAMember from None  # as in Better Auth, for an id but not for a slug
        await sessions.activate(session, signed_in, organization.id)
        return organization_response(organization)

    @read(
        "/get-organization",
        "getOrganization",
        "Get an organization",
        OrganizationNotFound(),
        NotAMember(),
        description="By default the active organization; null if there is none.",
        response=examples.CLINIC,
    )
    async def get_organization(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
        organization_slug: OrganizationSlug = None,
    ) -> OrganizationResponse | None:
        wanted = await _organization_named(session, signed_in, organization_id, organization_slug)
        if wanted is None:
            return None
        organization, _ = await organizations.get_organization(session, signed_in.user.id, wanted)
        return organization_response(organization)

    @read(
        "/get-full-organization",
        "getFullOrganization",
        "Get an organization with its members and invitations",
        INVALID,
        OrganizationNotFound(),
        NotAMember(),
        description="By default the active organization; null if there is none. `invitations` is "
        "empty for members who may not see them. It has at most the newest "
        f"{invitations.MAX_LISTED}, oldest first.",
        response={
            **examples.CLINIC,
            "members": [examples.OWNER_WITH_USER, examples.COLLEAGUE_WITH_USER],
            "invitations": [examples.SENT_INVITATION],
        },
    )
    async def get_full_organization(
        self,
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
        organization_id: OrganizationId = None,
        organization_slug: OrganizationSlug = None,
        members_limit: Annotated[
            int, QueryParameter(name="membersLimit", ge=1, le=MAX_LIMIT)
        ] = DEFAULT_LIMIT,
    ) -> FullOrganization | None:
        wanted = await _organization_named(session, signed_in, organization_id, organization_slug)
        if wanted is None:
            return None
        organization, member = await organizations.get_organization(
            session, signed_in.user.id, wanted
        )
        page = MemberQuery(limit=members_limit)
        found, _ = await members.list_members(session, signed_in.user.id, wanted, page)
        visible = await invitations.visible_invitations(session, member)
        return FullOrganization(
            **msgspec.structs.asdict(organization_response(organization)),
            members=[with_user(*row) for row in found],
            invitations=msgspec.convert(visible, list[InvitationResponse], from_attributes=True),
        )

    @change(
        "/update",
        "updateOrganization",
        "Update an organization",
        OrganizationNotFound(),
        NotAMemberBadRequest(),
        NotAllowedToUpdateOrganization(),
        SlugTaken(),
        INVALID,
        request={"data": examples.CLINIC_CHANGES},
        response={**examples.CLINIC, **examples.CLINIC_CHANGES},
    )
    async def update_organization(
        self,
        data: JSONBody[UpdateOrganizationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> ChangedOrganization:
        organization_id = active_or(signed_in, data.organization_id, OrganizationNotFound)
        organization = await organizations.update_organization(
            session, signed_in.user.id, organization_id, data.data
        )
        return changed_organization(organization)

    @change(
        "/delete",
        "deleteOrganization",
        "Delete an organization",
        NotAMember(),
        NotAllowedToDeleteOrganization(),
        INVALID,
        description="This also deletes its patients, treatment plans and availability.",
        request=examples.ONE_CLINIC,
        response=examples.CLINIC,
    )
    async def delete_organization(
        self,
        data: JSONBody[OrganizationRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> OrganizationResponse:
        organization = await organizations.delete_organization(
            session, signed_in.user.id, read_id(data.organization_id)
        )
        return organization_response(organization)

    @change(
        "/has-permission",
        "hasPermission",
        "Check my permissions in an organization",
        NotAMemberUnauthorized(),
        NoActiveOrganization(),
        INVALID,
        request={"permissions": {"member": ["update"], "invitation": ["create"]}},
        response={"success": True, "error": None},
    )
    async def has_permission(
        self,
        data: JSONBody[PermissionRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> Permission:
        organization_id = active_or(signed_in, data.organization_id)
        may = await members.has_permission(
            session, signed_in.user.id, organization_id, data.permissions
        )
        return Permission(success=may)


async def _organization_named(
    session: AsyncSession, signed_in: SignedIn, organization_id: str | None, slug: str | None
) -> UUID | None:
    """Return the organization in the request, or the active one, or `None`.

    The slug takes precedence over the id, as in Better Auth.
    """
    if slug:
        return await organizations.get_id_by_slug(session, slug)
    if organization_id:
        return read_id(organization_id)
    return signed_in.session.active_organization_id

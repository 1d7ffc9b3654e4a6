"""The requests and responses of organizations."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.auth.models import Organization
from app.auth.schemas.common import ActiveByDefault, Id, IdentityRequestBody
from app.auth.schemas.invitations import InvitationResponse
from app.auth.schemas.members import MemberResponse, MemberWithUser
from app.web.schemas import ResponseBody, Text
from app.web.texts import TEXT, TEXTS

OrganizationName = Annotated[
    Text, Meta(min_length=1, max_length=200, examples=["Harbour Physiotherapy"])
]
Metadata = Annotated[
    dict[str, Any],
    Meta(
        description="Any JSON object. No text in it may contain the character NUL.",
        extra_json_schema={"extra": {"property_names": TEXT}},
    ),
]
Slug = Annotated[Text, Meta(min_length=1, max_length=200, examples=["harbour-physiotherapy"])]


class CreateOrganizationRequest(IdentityRequestBody):
    name: OrganizationName
    slug: Slug
    logo: Text | None = None
    metadata: Metadata | None = None
    keep_current_active_organization: bool = False


class CheckSlugRequest(IdentityRequestBody):
    slug: Slug


class SetActiveRequest(IdentityRequestBody):
    """Send the id or the slug of an organization. The id null clears the active organization."""

    organization_id: Text | UnsetType | None = UNSET
    organization_slug: Text | None = None


class OrganizationChanges(IdentityRequestBody):
    """Fields that are left out do not change."""

    name: OrganizationName | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    logo: Text | UnsetType | None = UNSET
    metadata: Metadata | UnsetType = UNSET

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        if "metadata" in columns:
            columns["details"] = columns.pop("metadata")
        return columns


class UpdateOrganizationRequest(IdentityRequestBody):
    data: OrganizationChanges
    organization_id: ActiveByDefault = None


class OrganizationRequest(IdentityRequestBody):
    organization_id: Id


class PermissionRequest(IdentityRequestBody):
    permissions: Annotated[
        dict[str, list[str]],
        Meta(
            description="Actions by resource: `organization` (`update`, `delete`), `member` "
            "(`create`, `update`, `delete`), `invitation` (`create`, `cancel`).",
            examples=[{"member": ["update"], "invitation": ["create"]}],
            extra_json_schema={"extra": {"property_names": TEXT, "additional_properties": TEXTS}},
        ),
    ]
    organization_id: ActiveByDefault = None


class OrganizationSummary(ResponseBody):
    id: UUID
    name: str
    slug: str
    logo: str | None
    created_at: datetime


class OrganizationResponse(OrganizationSummary):
    """As Better Auth returns it when read: `metadata` is JSON text."""

    metadata: Annotated[str | None, Meta(examples=['{"city":"Melbourne"}'])]


class ChangedOrganization(OrganizationSummary):
    """As Better Auth returns it when created or updated: `metadata` is an object."""

    metadata: Annotated[dict[str, Any] | None, Meta(examples=[{"city": "Melbourne"}])]


class CreatedOrganization(ChangedOrganization):
    members: list[MemberResponse]


class FullOrganization(OrganizationResponse):
    """`invitations` is empty for members who may not see them."""

    members: list[MemberWithUser]
    invitations: list[InvitationResponse]


class Permission(ResponseBody):
    success: bool
    error: None = None


def organization_response(organization: Organization) -> OrganizationResponse:
    details = organization.details
    metadata = None if details is None else msgspec.json.encode(details).decode()
    return OrganizationResponse(**_columns(organization), metadata=metadata)


def changed_organization(organization: Organization) -> ChangedOrganization:
    return ChangedOrganization(**_columns(organization), metadata=organization.details)


def _columns(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "logo": organization.logo,
        "created_at": organization.created_at,
    }

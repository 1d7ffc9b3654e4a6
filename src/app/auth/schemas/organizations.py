"""Organizations, and what their members may do."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.auth.schemas.common import ActiveByDefault, Id, IdentityQuestion
from app.auth.schemas.invitations import InvitationAnswer
from app.auth.schemas.members import MemberAnswer, MemberWithUser
from app.web.schemas import TEXT, TEXTS, Answer, Text

Name = Annotated[Text, Meta(min_length=1, max_length=200, examples=["Harbour Physiotherapy"])]
Metadata = Annotated[
    dict[str, Any],
    Meta(
        description="Anything of one's own; no text in it may hold the character NUL.",
        extra_json_schema={"extra": {"property_names": TEXT}},
    ),
]
Slug = Annotated[Text, Meta(min_length=1, max_length=200, examples=["harbour-physiotherapy"])]


class CreateOrganizationRequest(IdentityQuestion):
    name: Name
    slug: Slug
    logo: Text | None = None
    metadata: Metadata | None = None
    keep_current_active_organization: bool = False


class CheckSlugRequest(IdentityQuestion):
    slug: Slug


class SetActiveRequest(IdentityQuestion):
    """Names an organization by id or slug; the id null leaves none active."""

    organization_id: Text | UnsetType | None = UNSET
    organization_slug: Text | None = None


class OrganizationChanges(IdentityQuestion):
    """What is left out stays as it is."""

    name: Name | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    logo: Text | UnsetType | None = UNSET
    metadata: Metadata | UnsetType = UNSET


class UpdateOrganizationRequest(IdentityQuestion):
    data: OrganizationChanges
    organization_id: ActiveByDefault = None


class OrganizationRequest(IdentityQuestion):
    organization_id: Id


class PermissionRequest(IdentityQuestion):
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


class OrganizationSummary(Answer):
    id: UUID
    name: str
    slug: str
    logo: str | None
    created_at: datetime


class OrganizationAnswer(OrganizationSummary):
    """An organization as Better Auth reads it: the metadata are JSON text."""

    metadata: Annotated[str | None, Meta(examples=['{"city":"Melbourne"}'])]


class ChangedOrganization(OrganizationSummary):
    """An organization as Better Auth answers who has written it: the metadata are an object."""

    metadata: Annotated[dict[str, Any] | None, Meta(examples=[{"city": "Melbourne"}])]


class CreatedOrganization(ChangedOrganization):
    members: list[MemberAnswer]


class FullOrganization(OrganizationAnswer):
    """`invitations` are empty for who may not see them."""

    members: list[MemberWithUser]
    invitations: list[InvitationAnswer]


class Permission(Answer):
    success: bool
    error: None = None

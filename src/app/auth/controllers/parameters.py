"""Query parameters of several routes of the identity API."""

from typing import Annotated

from litestar.params import QueryParameter

from app.web.schemas import WITHOUT_NUL

OrganizationId = Annotated[
    str | None,
    QueryParameter(name="organizationId", description="By default the active organization."),
]
OrganizationSlug = Annotated[
    str | None,
    QueryParameter(
        name="organizationSlug",
        description="Takes precedence over `organizationId`.",
        pattern=WITHOUT_NUL,
    ),
]

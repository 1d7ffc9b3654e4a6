"""Clinics, each created with its owner."""

import re
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache

from app.auth.organizations import NewOrganization, create_organizations
from app.database.bulk import Row
from app.seed.audit.identities import ORGANIZATION_RULES
from app.seed.constants import MAX_ORGANIZATIONS
from app.seed.data.clinics import CLINIC_PLACES, CLINIC_STYLES, ClinicPlace
from app.seed.data.places import REGIONS, Suburb
from app.seed.randomness import permuted_cell, row_id
from app.seed.rows.kind import SeedContext, ServiceKind, in_batches
from app.seed.seeders.memberships import new_member
from app.tables import METADATA


async def create_clinics(context: SeedContext) -> AsyncIterator[Sequence[Row]]:
    """Create clinics and the memberships of their owners; the latter count as memberships."""
    request = context.request
    owned = (
        (new_organization(request.random_seed, index), new_member(request, index))
        for index in range(request.organizations)
    )
    for batch in in_batches(owned):
        await create_organizations(context.session, batch)
        for organization, _ in batch:
            yield [{"id": organization.id, "name": organization.name, "slug": organization.slug}]


def new_organization(random_seed: int, index: int) -> NewOrganization:
    place, style = _place_and_style(random_seed, index)
    name = f"{place.name} {style}"
    return NewOrganization(
        id=row_id(random_seed, "organization", index),
        name=name,
        slug=re.sub(r"[^a-z0-9]+", "-", name.lower()),
    )


# The clinics of patients are repeated.
@lru_cache(maxsize=MAX_ORGANIZATIONS)
def suburbs_near(random_seed: int, index: int) -> tuple[Suburb, ...]:
    """Return the suburbs in which the patients of a clinic live."""
    place, _ = _place_and_style(random_seed, index)
    return REGIONS[place.region]


def _place_and_style(random_seed: int, index: int) -> tuple[ClinicPlace, str]:
    place, style = permuted_cell(
        random_seed, "clinics", index, len(CLINIC_PLACES), len(CLINIC_STYLES)
    )
    return CLINIC_PLACES[place], CLINIC_STYLES[style]


KIND = ServiceKind(
    name="organizations",
    table=METADATA.tables["organizations"],
    expected=lambda request: request.organizations,
    rules=ORGANIZATION_RULES,
    create=create_clinics,
)

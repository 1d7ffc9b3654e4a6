"""Clinics, each created together with its owner."""

import re

from app.auth.organizations import NewOrganization, create_organizations
from app.seed.data.clinics import CLINIC_PLACES, CLINIC_STYLES
from app.seed.data_set import DataSet, batches
from app.seed.randomness import row_id, scattered
from app.seed.seeders.memberships import membership_content, new_member


async def seed_organizations(data_set: DataSet) -> None:
    request = data_set.request
    owned = (
        (new_organization(request.random_seed, index), new_member(request, index))
        for index in range(request.organizations)
    )
    for batch in batches(owned):
        await create_organizations(data_set.session, batch)
        for organization, owner in batch:
            content = {"id": organization.id, "name": organization.name, "slug": organization.slug}
            data_set.note("organizations", [content])
            data_set.note("memberships", [membership_content(owner)])


def new_organization(random_seed: int, index: int) -> NewOrganization:
    place, style = scattered(random_seed, "clinics", index, len(CLINIC_PLACES), len(CLINIC_STYLES))
    name = f"{CLINIC_PLACES[place]} {CLINIC_STYLES[style]}"
    return NewOrganization(
        id=row_id(random_seed, "organization", index),
        name=name,
        slug=re.sub(r"[^a-z0-9]+", "-", name.lower()),
    )

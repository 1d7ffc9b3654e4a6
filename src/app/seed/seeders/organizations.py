"""Clinics, each created together with its owner."""

import re

from app.auth.organizations import NewOrganization, create_organization
from app.seed.data.clinics import CLINIC_PLACES, CLINIC_STYLES
from app.seed.data_set import DataSet
from app.seed.randomness import row_id, scattered
from app.seed.seeders.memberships import membership_content, new_member


async def seed_organizations(data_set: DataSet) -> None:
    request = data_set.request
    for index in range(request.organizations):
        organization = new_organization(request.random_seed, index)
        owner = new_member(request, index)
        await create_organization(data_set.session, organization, owner)
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

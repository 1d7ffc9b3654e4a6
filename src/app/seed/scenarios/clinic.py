"""The content of ordinary clinics, from the seeders."""

from datetime import date

from app.database.bulk import Row
from app.seed import constants
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.scenarios.scenario import ClinicContent
from app.seed.seeders.memberships import new_member
from app.seed.seeders.organizations import new_organization
from app.seed.seeders.users import new_user


def clinic_request(
    random_seed: int,
    as_of: date,
    *,
    practitioners: int = constants.CLINIC_PRACTITIONERS,
    patients: int = constants.CLINIC_PATIENTS,
) -> SeedRequest:
    """Return a request for one clinic."""
    return SeedRequest(
        organizations=1,
        users=practitioners,
        patients=patients,
        random_seed=random_seed,
        as_of=as_of,
    )


def ordinary_content(request: SeedRequest) -> ClinicContent:
    """Return what a seed with this request would create."""
    random_seed, clinics = request.random_seed, range(request.organizations)
    return ClinicContent(
        users=[new_user(random_seed, user) for user in range(request.users)],
        organizations=[
            (new_organization(random_seed, clinic), new_member(request, clinic))
            for clinic in clinics
        ],
        members=[new_member(request, user) for user in range(request.organizations, request.users)],
        rows={kind.name: rows_of(kind, request) for kind in LOADED},
    )


def rows_of(kind: LoadedKind, request: SeedRequest) -> list[Row]:
    return [row for group in range(kind.groups(request)) for row in kind.rows(request, group)]

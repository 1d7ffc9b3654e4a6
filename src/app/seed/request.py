"""The parameters of a seed request."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, field

from app import clock
from app.seed import constants
from app.web.schemas import RequestBody


class ResetMode(StrEnum):
    DELETE = "delete"
    DROP = "drop"


RandomSeed = Annotated[
    int,
    Meta(
        ge=0,
        le=constants.MAX_RANDOM_SEED,
        description="The same number and the same `asOf` give the same rows and ids.",
    ),
]
AsOf = Annotated[
    date,
    Meta(
        description='The data set\'s "today", from '
        f"{constants.FIRST_AS_OF} to {constants.LAST_AS_OF}. The default is today in UTC.",
        # For the document only: `__post_init__` has the clearer message.
        extra_json_schema={"extra": {"pattern": constants.AS_OF_PATTERN}},
    ),
]


class SeedRequest(RequestBody):
    """Quantities, random seed and date; all have defaults.

    There must be at least as many users as organizations, and the date must be within the limits.
    """

    users: Annotated[
        int,
        Meta(
            ge=1,
            le=constants.MAX_USERS,
            description="Practitioners; each belongs to one organization. "
            "At least as many as organizations.",
        ),
    ] = constants.USERS
    organizations: Annotated[
        int, Meta(ge=1, le=constants.MAX_ORGANIZATIONS, description="Clinics.")
    ] = constants.ORGANIZATIONS
    patients: Annotated[
        int, Meta(ge=0, le=constants.MAX_PATIENTS, description="Patients of all clinics together.")
    ] = constants.PATIENTS
    plans_per_patient: Annotated[
        int,
        Meta(
            ge=constants.MIN_PLANS_PER_PATIENT,
            le=constants.MAX_PLANS_PER_PATIENT,
            description="Treatment plans of each patient, each in another status.",
        ),
    ] = constants.PLANS_PER_PATIENT
    appointment_weeks: Annotated[
        int,
        Meta(
            ge=0,
            le=constants.MAX_APPOINTMENT_WEEKS,
            description="Appointments from this many weeks before `asOf` to as many after it.",
        ),
    ] = constants.APPOINTMENT_WEEKS
    random_seed: RandomSeed = constants.RANDOM_SEED
    as_of: AsOf = field(default_factory=clock.today)

    def __post_init__(self) -> None:
        if self.users < self.organizations:
            raise ValueError(
                f"`users` ({self.users}) must be at least `organizations` ({self.organizations}), "
                "because each clinic needs an owner"
            )
        first, last = constants.FIRST_AS_OF, constants.LAST_AS_OF
        if not date.fromisoformat(first) <= self.as_of <= date.fromisoformat(last):
            raise ValueError(f"`asOf` ({self.as_of}) must be a date from {first} to {last}")

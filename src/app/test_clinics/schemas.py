"""The requests and responses of clinics for tests."""

import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from app import clock
from app.auth.models import InvitationStatus, Role
from app.auth.schemas.organizations import OrganizationName
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import DayOfWeek, Location
from app.clinic.treatment_plans.models import PlanStatus
from app.names import DEFAULT_SCENARIO
from app.seed import constants
from app.seed.request import AsOf, SeedRequest
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.clinic import clinic_request
from app.seed.scenarios.names import WITH_SIZES
from app.seed.scenarios.scenario import Scenario, ScenarioRequest
from app.test_sessions.schemas import CreatedSession
from app.web.schemas import RequestBody, ResponseBody, Text

ONLY_WITH_SIZES = f"Only for {', '.join(f'`{name}`' for name in WITH_SIZES)}."


class AddClinic(RequestBody):
    """All fields have defaults. The quantities can be chosen for some scenarios only."""

    scenario: Annotated[
        Text,
        Meta(description="What is in it.", extra_json_schema={"extra": {"enum": [*SCENARIOS]}}),
    ] = DEFAULT_SCENARIO
    practitioners: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=constants.MAX_HASHES,
                description=f"{ONLY_WITH_SIZES} The default is {constants.CLINIC_PRACTITIONERS}.",
            ),
        ]
        | UnsetType
    ) = UNSET
    patients: (
        Annotated[
            int,
            Meta(
                ge=0,
                le=constants.MAX_CLINIC_PATIENTS,
                description=f"{ONLY_WITH_SIZES} The default is {constants.CLINIC_PATIENTS}.",
            ),
        ]
        | UnsetType
    ) = UNSET
    random_seed: Annotated[
        int,
        Meta(
            ge=0,
            le=constants.MAX_RANDOM_SEED,
            description="The same number and the same `asOf` give the same names, dates and texts. "
            "Ids and email addresses are new each time.",
        ),
    ] = constants.RANDOM_SEED
    as_of: AsOf = field(default_factory=clock.today)
    name: Annotated[
        OrganizationName | None, Meta(description="The name of the clinic. By default a usual one.")
    ] = None

    def __post_init__(self) -> None:
        scenario = SCENARIOS.get(self.scenario)
        if scenario is None:
            known = ", ".join(SCENARIOS)
            raise ValueError(f'`scenario` ("{self.scenario}") must be one of {known}')
        for name, value in self._sizes().items():
            if not scenario.has_sizes:
                raise ValueError(
                    f"`{name}` ({value}) must be left out: the scenario {self.scenario} has a "
                    "fixed size"
                )
        self.seed_request()  # checks the date

    def chosen(self) -> Scenario:
        return SCENARIOS[self.scenario]

    def seed_request(self) -> SeedRequest:
        return clinic_request(self.random_seed, self.as_of, **self._sizes())

    def _sizes(self) -> dict[str, int]:
        sizes = {"practitioners": self.practitioners, "patients": self.patients}
        return {name: size for name, size in sizes.items() if size is not UNSET}


class AddedOrganization(ResponseBody):
    id: UUID
    name: str
    slug: str


class AddedInvitation(ResponseBody):
    id: UUID
    email: str
    role: Role
    status: InvitationStatus


class AddedPatient(ResponseBody):
    id: UUID
    name: str


class AddedPlan(ResponseBody):
    id: UUID
    therapist_id: UUID
    title: str
    status: PlanStatus


class AddedAppointment(ResponseBody):
    id: UUID
    patient_id: UUID
    date: datetime.date
    start_time: datetime.time
    end_time: datetime.time
    status: AppointmentStatus


class AddedRoom(ResponseBody):
    id: UUID
    name: str


class AddedAppointmentType(ResponseBody):
    id: UUID
    code: str
    duration_minutes: int


class AddedTemplate(ResponseBody):
    id: UUID
    day_of_week: DayOfWeek
    start_time: datetime.time
    end_time: datetime.time
    location: Location


class AddedException(ResponseBody):
    id: UUID
    date: datetime.date
    start_time: datetime.time | None
    end_time: datetime.time | None
    is_available: bool


class AddedClinic(ResponseBody):
    """Deleted rows are left out."""

    organization: AddedOrganization
    users: Annotated[
        list[CreatedSession],
        Meta(description="All members, the owner first, each with a session."),
    ]
    invitations: list[AddedInvitation]
    patients: list[AddedPatient]
    treatment_plans: Annotated[
        dict[UUID, list[AddedPlan]], Meta(description="By the id of their patient.")
    ]
    appointments: Annotated[
        dict[UUID, list[AddedAppointment]], Meta(description="By the id of their practitioner.")
    ]
    rooms: list[AddedRoom]
    appointment_types: list[AddedAppointmentType]
    weekly_templates: Annotated[
        dict[UUID, list[AddedTemplate]], Meta(description="By the id of their practitioner.")
    ]
    availability_exceptions: Annotated[
        dict[UUID, list[AddedException]], Meta(description="By the id of their practitioner.")
    ]


class AddedClinics(AddedClinic):
    """The first clinic of a scenario; `otherClinics` has those that a few scenarios add."""

    scenario: str
    random_seed: int
    as_of: datetime.date
    password: Annotated[str, Meta(description="Of all users.")]
    requests: Annotated[
        list[ScenarioRequest],
        Meta(description="API requests that show what is special about the scenario, if any."),
    ]
    other_clinics: list[AddedClinic]

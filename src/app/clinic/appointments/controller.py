"""Appointments over HTTP."""

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET

from app.clinic import routes
from app.clinic.appointments import examples, service, status
from app.clinic.appointments.error_responses import (
    INVALID_APPOINTMENT,
    INVALID_CHANGE,
    INVALID_STATUS_CHANGE,
    NO_APPOINTMENT,
    NO_DAY,
)
from app.clinic.appointments.lists import (
    AppointmentFilter,
    AppointmentSort,
    count_appointments,
    list_appointments,
)
from app.clinic.appointments.locks import get_appointment, lock_appointment, lock_to_move
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.schemas import (
    AppointmentPage,
    AppointmentResponse,
    CreateAppointment,
    UpdateAppointment,
    UpdateAppointmentStatus,
)
from app.clinic.changes import CurrentChange
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    From,
    IncludeTotal,
    Limit,
    TherapistId,
    To,
)
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import EXAMPLE, OrderedController


class AppointmentController(OrderedController):
    path = "/appointments"
    tags = ("Appointments",)
    opt = {EXAMPLE: examples.APPOINTMENT}

    @routes.read_list(
        "listAppointments",
        "List appointments",
        NO_DAY,
        description="Appointments in every status, by date and time. Those of deleted patients are "
        "listed as well, because they take up time until they are cancelled.",
    )
    async def list_appointments(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        from_: From = None,
        to: To = None,
        therapist_id: TherapistId = None,
        patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
        room_id: Annotated[UUID | None, QueryParameter(name="roomId")] = None,
        treatment_plan_id: Annotated[UUID | None, QueryParameter(name="treatmentPlanId")] = None,
        status: FromQuery[AppointmentStatus | None] = None,
        sort: FromQuery[AppointmentSort] = AppointmentSort.START,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
        include_total: IncludeTotal = False,
    ) -> AppointmentPage:
        wanted = AppointmentFilter(
            first=from_,
            last=to,
            therapist_id=therapist_id,
            patient_id=patient_id,
            room_id=room_id,
            treatment_plan_id=treatment_plan_id,
            status=status,
        )
        page = await list_appointments(session, caller, wanted, sort, cursor, limit)
        body = AppointmentPage.of(page)
        if include_total:
            body.total = await count_appointments(session, caller, wanted)
        return body

    @routes.create(
        "createAppointment",
        "Book an appointment",
        *INVALID_APPOINTMENT,
        description="Members book for anyone in their clinic. An appointment that breaks a rule "
        "is refused: `inTheWay` says which one, `clashesWith` is the other appointment if it "
        "belongs to the clinic, and `nextFree` is the next time that breaks no rule.",
        request=examples.NEW_APPOINTMENT,
        response=examples.CREATED,
    )
    async def create_appointment(
        self, data: JSONBody[CreateAppointment], session: DatabaseSession, caller: CurrentCaller
    ) -> AppointmentResponse:
        return AppointmentResponse.of(await service.create_appointment(session, caller, data))

    @routes.read_row(
        "/{appointment_id:uuid}", "getAppointment", "Get an appointment", NO_APPOINTMENT
    )
    async def get_appointment(
        self, appointment_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> AppointmentResponse:
        return AppointmentResponse.of(await get_appointment(session, caller, appointment_id))

    @routes.update(
        "/{appointment_id:uuid}",
        "updateAppointment",
        "Move or update an appointment",
        *INVALID_CHANGE,
        description="Scheduled and confirmed appointments can be moved. A new start keeps the "
        "length, and a new type brings its duration, unless `endTime` is sent as well. "
        "`primaryConcern` can change until the end, `observations` and `sessionNotes` from the "
        "start of the session on. Changing only these does not check the rules of bookings again.",
        request=examples.CHANGES,
    )
    async def update_appointment(
        self,
        appointment_id: FromPath[UUID],
        data: JSONBody[UpdateAppointment],
        change: CurrentChange,
    ) -> AppointmentResponse:
        therapist_id = None if data.therapist_id is UNSET else data.therapist_id
        lock = partial(lock_to_move, therapist_id=therapist_id)
        row = await change.lock(lock, appointment_id, AppointmentResponse)
        return AppointmentResponse.of(
            await service.update_appointment(change.session, change.caller, row, data)
        )

    @routes.act(
        "/{appointment_id:uuid}/status",
        "updateAppointmentStatus",
        "Update the status of an appointment",
        *INVALID_STATUS_CHANGE,
        description="A scheduled appointment can become confirmed, in_progress, cancelled or "
        "no_show. A confirmed one can become in_progress, cancelled or no_show, and one that is "
        "in_progress can become finished. Finished, cancelled and no_show are final. A session "
        "can start, finish or be missed once its date has started in any time zone. Cancelled and "
        "missed appointments take up no time.",
        request=examples.STATUS,
    )
    async def update_appointment_status(
        self,
        appointment_id: FromPath[UUID],
        data: JSONBody[UpdateAppointmentStatus],
        change: CurrentChange,
    ) -> AppointmentResponse:
        row = await change.lock(lock_appointment, appointment_id, AppointmentResponse)
        return AppointmentResponse.of(
            await status.update_appointment_status(change.session, row, data)
        )

"""Appointments over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET

from app import clock
from app.clinic import routes
from app.clinic.appointment_types.examples import TYPE_ID
from app.clinic.appointments import examples, service, status
from app.clinic.appointments.error_responses import (
    INVALID_APPOINTMENT,
    INVALID_CHANGE,
    INVALID_STATUS_CHANGE,
    MISSING_TYPE,
    NO_APPOINTMENT,
    NO_DAY,
    NO_TYPE,
    TOO_MANY_FREE_DAYS,
)
from app.clinic.appointments.free import (
    MAX_FREE_DAYS,
    FreeSearch,
    FreeStarts,
    find_free_starts,
)
from app.clinic.appointments.lists import (
    AppointmentFilter,
    AppointmentSort,
    count_appointments,
    list_appointments,
)
from app.clinic.appointments.locks import get_appointment, lock_appointment, lock_to_move
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.rules import STEP_MINUTES
from app.clinic.appointments.schemas import (
    AppointmentPage,
    AppointmentResponse,
    CreateAppointment,
    FreeDay,
    FreeTime,
    FreeTimes,
    UpdateAppointment,
    UpdateAppointmentStatus,
)
from app.clinic.availability.rules import clock_time
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
from app.clinic.patients.error_responses import NO_PATIENT
from app.clinic.rooms.error_responses import NO_ROOM
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import EXAMPLE, REQUIRED, OrderedController


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

    @routes.read(
        "/free",
        "listFreeTimes",
        "List the times that can be booked",
        MISSING_TYPE,
        NO_DAY,
        TOO_MANY_FREE_DAYS,
        routes.NO_PRACTITIONER,
        NO_PATIENT,
        NO_ROOM,
        NO_TYPE,
        description=f"Starts in steps of {STEP_MINUTES} minutes at which an appointment of a type "
        "breaks no rule, with the locations that the practitioner offers, for at most "
        f"{MAX_FREE_DAYS} days. With a room only the location `clinic`. With a patient, other "
        "appointments of the patient are in the way as well.",
        response=examples.FREE,
        opt={REQUIRED: {"typeId": TYPE_ID}},
    )
    async def list_free_times(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        type_id: Annotated[
            UUID, QueryParameter(name="typeId", description="Its duration is the length.")
        ],
        user_id: Annotated[
            UUID | None, QueryParameter(name="userId", description="By default the caller.")
        ] = None,
        from_: Annotated[
            date | None,
            QueryParameter(name="from", description="By default today, in UTC."),
        ] = None,
        to: Annotated[
            date | None,
            QueryParameter(name="to", description="The last date, included. By default `from`."),
        ] = None,
        room_id: Annotated[UUID | None, QueryParameter(name="roomId")] = None,
        patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
    ) -> FreeTimes:
        first = from_ or clock.today()
        search = FreeSearch(
            user_id=user_id or caller.user_id,
            type_id=type_id,
            first=first,
            last=to or first,
            room_id=room_id,
            patient_id=patient_id,
        )
        found = await find_free_starts(session, caller, search)
        return respond_with_free_times(search.user_id, found)

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
        response=examples.CANCELLED,
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


def respond_with_free_times(user_id: UUID, found: FreeStarts) -> FreeTimes:
    length = found.duration_minutes * 60
    return FreeTimes(
        user_id=user_id,
        duration_minutes=found.duration_minutes,
        days=[
            FreeDay(
                date=day,
                times=[
                    FreeTime(
                        start_time=clock_time(start),
                        end_time=clock_time(start + length),
                        locations=list(locations),
                    )
                    for start, locations in starts.items()
                ],
            )
            for day, starts in found.days
        ],
    )

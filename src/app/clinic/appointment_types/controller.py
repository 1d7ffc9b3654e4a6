"""Appointment types over HTTP."""

from typing import Annotated
from uuid import UUID

from litestar.params import FromPath, JSONBody, QueryParameter

from app.clinic import routes
from app.clinic.appointment_types import examples, service
from app.clinic.appointment_types.error_responses import INVALID_CHANGE, INVALID_TYPE, NO_TYPE
from app.clinic.appointment_types.schemas import (
    AppointmentTypePage,
    AppointmentTypeResponse,
    CreateAppointmentType,
    ReplaceAppointmentType,
)
from app.clinic.changes import CurrentChange
from app.clinic.parameters import CurrentCaller, Cursor, DatabaseSession, Limit
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import EXAMPLE, OrderedController

IsActive = Annotated[
    bool | None,
    QueryParameter(
        name="isActive", description="Only active types, or only others. By default all."
    ),
]


class AppointmentTypeController(OrderedController):
    path = "/appointment-types"
    tags = ("Appointment types",)
    opt = {EXAMPLE: examples.TYPE}

    @routes.read_list(
        "listAppointmentTypes", "List appointment types", description="Sorted by code."
    )
    async def list_types(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        is_active: IsActive = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> AppointmentTypePage:
        page = await service.list_types(session, caller, is_active, cursor, limit)
        return AppointmentTypePage.of(page)

    @routes.create(
        "createAppointmentType",
        "Create an appointment type",
        *INVALID_TYPE,
        request=examples.NEW_TYPE,
    )
    async def create_type(
        self,
        data: JSONBody[CreateAppointmentType],
        session: DatabaseSession,
        caller: CurrentCaller,
    ) -> AppointmentTypeResponse:
        return AppointmentTypeResponse.of(await service.create_type(session, caller, data))

    @routes.read_row("/{type_id:uuid}", "getAppointmentType", "Get an appointment type", NO_TYPE)
    async def get_type(
        self, type_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> AppointmentTypeResponse:
        return AppointmentTypeResponse.of(await service.get_type(session, caller, type_id))

    @routes.replace(
        "/{type_id:uuid}",
        "replaceAppointmentType",
        "Replace an appointment type",
        *INVALID_CHANGE,
        description="Appointments keep their times. Types cannot be deleted; with `isActive` "
        "false, a type cannot be booked any more.",
        request=examples.REPLACEMENT,
    )
    async def replace_type(
        self,
        type_id: FromPath[UUID],
        data: JSONBody[ReplaceAppointmentType],
        change: CurrentChange,
    ) -> AppointmentTypeResponse:
        row = await change.lock(service.lock_to_edit, type_id, AppointmentTypeResponse)
        return AppointmentTypeResponse.of(await service.replace_type(change.session, row, data))

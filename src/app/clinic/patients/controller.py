"""Patients over HTTP."""

import datetime
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.clinic import routes
from app.clinic.changes import CurrentChange
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Deleted,
    GetDeleted,
    IncludeTotal,
    Limit,
    Search,
    TherapistId,
)
from app.clinic.patients import examples, service
from app.clinic.patients.error_responses import INVALID_CHANGE, INVALID_PATIENT, NO_PATIENT
from app.clinic.patients.models import PatientStatus
from app.clinic.patients.schemas import CreatePatient, PatientPage, PatientResponse, UpdatePatient
from app.clinic.patients.service import PatientFilter, PatientSort
from app.clinic.rows import restore, soft_delete
from app.database.pagination import DEFAULT_LIMIT
from app.names import MAX_LIMIT
from app.web.etags import empty_response
from app.web.openapi import EXAMPLE, OrderedController

PatientIds = Annotated[
    Sequence[UUID],
    QueryParameter(max_items=MAX_LIMIT, description="Only rows with these ids. Repeatable."),
]
BornFrom = Annotated[
    datetime.date | None, QueryParameter(name="bornFrom", description="Born on this date or later.")
]
BornTo = Annotated[
    datetime.date | None, QueryParameter(name="bornTo", description="Born on this date or earlier.")
]


class PatientController(OrderedController):
    path = "/patients"
    tags = ("Patients",)
    opt = {EXAMPLE: examples.PATIENT}

    @routes.read_list("listPatients", "List patients", routes.INVALID_SEARCH)
    async def list_patients(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        search: Search = None,
        status: FromQuery[PatientStatus | None] = None,
        therapist_id: TherapistId = None,
        born_from: BornFrom = None,
        born_to: BornTo = None,
        ids: PatientIds = (),
        deleted: Deleted = False,
        sort: FromQuery[PatientSort] = PatientSort.NAME,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
        include_total: IncludeTotal = False,
    ) -> PatientPage:
        wanted = PatientFilter(
            ids=ids,
            search=search,
            status=status,
            therapist_id=therapist_id,
            born_from=born_from,
            born_to=born_to,
            deleted=deleted,
        )
        page = await service.list_patients(session, caller, wanted, sort, cursor, limit)
        body = PatientPage.of(page)
        if include_total:
            body.total = await service.count_patients(session, caller, wanted)
        return body

    @routes.create(
        "createPatient", "Create a patient", *INVALID_PATIENT, request=examples.NEW_PATIENT
    )
    async def create_patient(
        self, data: JSONBody[CreatePatient], session: DatabaseSession, caller: CurrentCaller
    ) -> PatientResponse:
        return PatientResponse.of(await service.create_patient(session, caller, data))

    @routes.read_row("/{patient_id:uuid}", "getPatient", "Get a patient", NO_PATIENT)
    async def get_patient(
        self,
        patient_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: GetDeleted = False,
    ) -> PatientResponse:
        return PatientResponse.of(
            await service.get_patient(session, caller, patient_id, deleted=deleted)
        )

    @routes.replace(
        "/{patient_id:uuid}",
        "replacePatient",
        "Replace a patient",
        *INVALID_CHANGE,
        request=examples.REPLACEMENT,
    )
    async def replace_patient(
        self, patient_id: FromPath[UUID], data: JSONBody[CreatePatient], change: CurrentChange
    ) -> PatientResponse:
        patient = await change.lock(service.lock_patient, patient_id, PatientResponse)
        return PatientResponse.of(await service.update_patient(change.session, patient, data))

    @routes.update(
        "/{patient_id:uuid}",
        "updatePatient",
        "Update a patient",
        *INVALID_CHANGE,
        request=examples.CHANGES,
    )
    async def update_patient(
        self, patient_id: FromPath[UUID], data: JSONBody[UpdatePatient], change: CurrentChange
    ) -> PatientResponse:
        patient = await change.lock(service.lock_patient, patient_id, PatientResponse)
        return PatientResponse.of(await service.update_patient(change.session, patient, data))

    @routes.soft_delete(
        "/{patient_id:uuid}",
        "deletePatient",
        "Delete a patient and their treatment plans",
        NO_PATIENT,
        description="`restorePatient` restores them.",
    )
    async def delete_patient(
        self, patient_id: FromPath[UUID], change: CurrentChange
    ) -> Response[None]:
        patient = await change.lock(service.lock_patient, patient_id, PatientResponse)
        await soft_delete(change.session, patient)
        return empty_response(PatientResponse.of(patient))

    @routes.act(
        "/{patient_id:uuid}/restore", "restorePatient", "Restore a deleted patient", NO_PATIENT
    )
    async def restore_patient(
        self, patient_id: FromPath[UUID], change: CurrentChange
    ) -> PatientResponse:
        patient = await change.lock(service.lock_deleted_patient, patient_id, PatientResponse)
        await restore(change.session, patient)
        return PatientResponse.of(patient)

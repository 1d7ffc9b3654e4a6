"""Patients over HTTP."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.clinic import routes
from app.clinic.parameters import (
    BornFrom,
    BornTo,
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Deleted,
    GetDeleted,
    IncludeTotal,
    Limit,
    PatientIds,
    Search,
    TherapistId,
)
from app.clinic.patients import examples, service
from app.clinic.patients.error_responses import INVALID_CHANGE, INVALID_PATIENT, NO_PATIENT
from app.clinic.patients.models import Patient, PatientStatus
from app.clinic.patients.schemas import CreatePatient, PatientPage, PatientResponse, UpdatePatient
from app.clinic.patients.service import PatientFilter, PatientSort
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import ANY_VERSION, IfMatch, check_version, hidden, tagged
from app.web.openapi import EXAMPLE_ID, OrderedController


class PatientController(OrderedController):
    path = "/patients"
    tags = ("Patients",)
    opt = {EXAMPLE_ID: examples.PATIENT_ID}

    @routes.read_list(
        "listPatients", "List patients", routes.INVALID_SEARCH, response=examples.PAGE
    )
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
        organization_id = caller.organization_id
        page = await service.list_patients(session, organization_id, wanted, sort, cursor, limit)
        body = PatientPage.of(page)
        if include_total:
            body.total = await service.count_patients(session, organization_id, wanted)
        return body

    @routes.create(
        "createPatient",
        "Create a patient",
        *INVALID_PATIENT,
        request=examples.NEW_PATIENT,
        response=examples.CREATED_PATIENT,
    )
    async def create_patient(
        self, data: JSONBody[CreatePatient], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[PatientResponse]:
        patient = await service.create_patient(session, caller.organization_id, data)
        return tagged(PatientResponse.of(patient), 201)

    @routes.read_row(
        "/{patient_id:uuid}", "getPatient", "Get a patient", NO_PATIENT, response=examples.PATIENT
    )
    async def get_patient(
        self,
        patient_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: GetDeleted = False,
    ) -> Response[PatientResponse]:
        patient = await service.get_patient(
            session, caller.organization_id, patient_id, deleted=deleted
        )
        return tagged(PatientResponse.of(patient))

    @routes.replace(
        "/{patient_id:uuid}",
        "replacePatient",
        "Replace a patient",
        *INVALID_CHANGE,
        NO_PATIENT,
        request=examples.REPLACEMENT,
        response=examples.REPLACED_PATIENT,
    )
    async def replace_patient(
        self,
        patient_id: FromPath[UUID],
        data: JSONBody[CreatePatient],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        patient = await _get_to_change(session, caller, patient_id, if_match)
        return tagged(PatientResponse.of(await service.change_patient(session, patient, data)))

    @routes.update(
        "/{patient_id:uuid}",
        "changePatient",
        "Update a patient",
        *INVALID_CHANGE,
        NO_PATIENT,
        request=examples.CHANGES,
        response={**examples.PATIENT, **examples.CHANGES},
    )
    async def update_patient(
        self,
        patient_id: FromPath[UUID],
        data: JSONBody[UpdatePatient],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        patient = await _get_to_change(session, caller, patient_id, if_match)
        return tagged(PatientResponse.of(await service.change_patient(session, patient, data)))

    @routes.soft_delete(
        "/{patient_id:uuid}",
        "deletePatient",
        "Delete a patient and their treatment plans",
        NO_PATIENT,
        description="They are kept, and `restorePatient` brings them back.",
    )
    async def delete_patient(
        self,
        patient_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[None]:
        patient = await _get_to_change(session, caller, patient_id, if_match)
        await service.delete_patient(session, patient)
        return hidden(PatientResponse.of(patient))

    @routes.act(
        "/{patient_id:uuid}/restore",
        "restorePatient",
        "Restore a deleted patient",
        NO_PATIENT,
        response=examples.PATIENT,
    )
    async def restore_patient(
        self,
        patient_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        patient = await _get_to_change(session, caller, patient_id, if_match, deleted=True)
        return tagged(PatientResponse.of(await service.restore_patient(session, patient)))


async def _get_to_change(
    session: AsyncSession,
    caller: Caller,
    patient_id: UUID,
    if_match: str,
    *,
    deleted: bool = False,
) -> Patient:
    """Lock a patient, and raise `StaleVersion` if it is not the version to change."""
    patient = await service.get_patient(
        session, caller.organization_id, patient_id, deleted=deleted, to_change=True
    )
    check_version(if_match, PatientResponse.of(patient))
    return patient

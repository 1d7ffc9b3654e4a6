"""Patients over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.openapi import SIGNED_IN
from app.clinic.error_responses import CHANGED, CREATED, FOUND, READ, SEARCHED, refusals
from app.clinic.patients import service
from app.clinic.patients.error_responses import NO_PATIENT, REWRITTEN, WRITTEN
from app.clinic.patients.models import Patient, PatientStatus
from app.clinic.patients.schemas import CreatePatient, PatientPage, PatientResponse, UpdatePatient
from app.clinic.patients.search import MAX_SEARCH
from app.clinic.patients.service import PatientFilter, PatientSort
from app.database.pagination import DEFAULT_LIMIT, Cursor, Deleted, Limit
from app.web.etags import ANY_VERSION, IfMatch, hidden, refuse_stale, tagged
from app.web.openapi import ExampleOperation, HidingOperation, OrderedController, TaggedOperation
from app.web.schemas import WITHOUT_NUL, fields_of


class PatientController(OrderedController):
    path = "/patients"
    tags = ("Patients",)
    security = SIGNED_IN

    @get(
        "/",
        operation_id="listPatients",
        operation_class=ExampleOperation,
        summary="The patients of the active organization",
        responses=refusals(*FOUND, query=SEARCHED),
    )
    async def list_patients(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        search: Annotated[
            str | None,
            QueryParameter(
                pattern=WITHOUT_NUL,
                max_length=MAX_SEARCH,
                description="Words of the name, the e-mail address or the phone number, in any "
                "order. The beginning of a word is enough, and every word must match. Case, "
                "accents, apostrophes and other punctuation are ignored: `obrien mary` finds "
                "Mary O'Brien, `jones` finds Smith-Jones, and `9555 1234` finds +61 3 9555 1234.",
            ),
        ] = None,
        status: FromQuery[PatientStatus | None] = None,
        therapist_id: Annotated[UUID | None, QueryParameter(name="therapistId")] = None,
        deleted: Deleted = False,
        sort: FromQuery[PatientSort] = PatientSort.NAME,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> PatientPage:
        wanted = PatientFilter(
            search=search, status=status, therapist_id=therapist_id, deleted=deleted
        )
        page = await service.list_patients(
            session, caller.organization_id, wanted, sort, cursor, limit
        )
        return PatientPage(items=[_answer(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createPatient",
        operation_class=TaggedOperation,
        summary="Write a patient down",
        responses=refusals(*WRITTEN, *CREATED),
    )
    async def create_patient(
        self,
        data: JSONBody[CreatePatient],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[PatientResponse]:
        patient = await service.create_patient(session, caller.organization_id, fields_of(data))
        return tagged(_answer(patient), 201)

    @get(
        "/{patient_id:uuid}",
        operation_id="getPatient",
        operation_class=TaggedOperation,
        summary="A patient",
        responses=refusals(*READ, NO_PATIENT),
    )
    async def get_patient(
        self,
        patient_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[PatientResponse]:
        patient = await service.get_patient(session, caller.organization_id, patient_id)
        return tagged(_answer(patient))

    @put(
        "/{patient_id:uuid}",
        operation_id="replacePatient",
        operation_class=TaggedOperation,
        summary="Write all of a patient anew",
        responses=refusals(*REWRITTEN, *CHANGED, NO_PATIENT),
    )
    async def replace_patient(
        self,
        patient_id: FromPath[UUID],
        data: JSONBody[CreatePatient],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        return await _change(session, caller, patient_id, if_match, fields_of(data))

    @patch(
        "/{patient_id:uuid}",
        operation_id="changePatient",
        operation_class=TaggedOperation,
        summary="Change some of a patient",
        responses=refusals(*REWRITTEN, *CHANGED, NO_PATIENT),
    )
    async def change_patient(
        self,
        patient_id: FromPath[UUID],
        data: JSONBody[UpdatePatient],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        return await _change(session, caller, patient_id, if_match, fields_of(data))

    @delete(
        "/{patient_id:uuid}",
        operation_id="deletePatient",
        operation_class=HidingOperation,
        summary="Hide a patient, with all plans",
        description="Nothing is lost: `restorePatient` shows them again.",
        responses=refusals(*CHANGED, NO_PATIENT),
    )
    async def delete_patient(
        self,
        patient_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[None]:
        patient = await _held(session, caller, patient_id, if_match)
        await service.delete_patient(session, patient)
        return hidden(_answer(patient))

    @post(
        "/{patient_id:uuid}/restore",
        operation_id="restorePatient",
        operation_class=TaggedOperation,
        summary="Show a patient again that was deleted",
        status_code=200,
        responses=refusals(*CHANGED, NO_PATIENT),
    )
    async def restore_patient(
        self,
        patient_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PatientResponse]:
        patient = await _held(session, caller, patient_id, if_match, deleted=True)
        return tagged(_answer(await service.restore_patient(session, patient)))


async def _change(
    session: AsyncSession,
    caller: Caller,
    patient_id: UUID,
    if_match: str,
    fields: dict[str, Any],
) -> Response[PatientResponse]:
    patient = await _held(session, caller, patient_id, if_match)
    return tagged(_answer(await service.change_patient(session, patient, fields)))


async def _held(
    session: AsyncSession,
    caller: Caller,
    patient_id: UUID,
    if_match: str,
    *,
    deleted: bool = False,
) -> Patient:
    """Find a patient to change, in the version that the change is for."""
    patient = await service.get_patient(
        session, caller.organization_id, patient_id, deleted=deleted, to_change=True
    )
    refuse_stale(if_match, _answer(patient))
    return patient


def _answer(patient: Patient) -> PatientResponse:
    return msgspec.convert(patient, PatientResponse, from_attributes=True)

"""Locks of an appointment and of the rows that it depends on, until the transaction ends.

The rules are checked after that, so that simultaneous bookings run one after the other. Every
transaction takes the locks in the same order: the appointment, if there is one; the practitioner,
because one works for one patient at a time in all organizations; the membership; the room; and the
treatment plan together with its patient, or the patient alone.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.locks import lock_user
from app.auth.members import lock_member
from app.clinic.appointments.booking import Parties
from app.clinic.appointments.models import Appointment
from app.clinic.errors import NotFound
from app.clinic.patients.models import Patient
from app.clinic.patients.service import get_patient, lock_patient
from app.clinic.rooms.service import lock_room
from app.clinic.rows import get_row
from app.clinic.treatment_plans.models import TreatmentPlan
from app.clinic.treatment_plans.service import PATIENT_OF_PLAN, TREATMENT_PLAN, lock_plan


async def get_appointment(
    session: AsyncSession, caller: Caller, appointment_id: UUID, *, lock: bool = False
) -> Appointment:
    """Raise `NotFound`."""
    found = select(Appointment).where(
        Appointment.id == appointment_id,
        Appointment.organization_id == caller.organization_id,
    )
    return await get_row(session, found, "appointment", lock=lock)


lock_appointment = partial(get_appointment, lock=True)


async def lock_to_move(
    session: AsyncSession, caller: Caller, appointment_id: UUID, therapist_id: UUID | None = None
) -> Appointment:
    """Lock an appointment and the practitioner it will be with. Raise `NotFound`."""
    row = await lock_appointment(session, caller, appointment_id)
    await lock_user(session, therapist_id or row.therapist_id)
    return row


async def lock_practitioner(
    session: AsyncSession, caller: Caller, user_id: UUID, *, required: bool = True
) -> None:
    """A practitioner who has left keeps existing appointments, so is not always `required`."""
    if not await lock_member(session, caller.organization_id, user_id) and required:
        raise NotFound("practitioner")


async def lock_parties(
    session: AsyncSession,
    caller: Caller,
    columns: Mapping[str, Any],
    *,
    kept_plan: bool = False,
) -> Parties:
    """Raise `NotFound`. A plan that the appointment has already may be deleted."""
    room = plan = None
    if room_id := columns["room_id"]:
        room = await lock_room(session, caller, room_id)
    if plan_id := columns["treatment_plan_id"]:
        plan = await _lock_plan(session, caller, plan_id, kept=kept_plan)
    # The patient of a locked plan is locked as well.
    of_patient = lock_patient if plan is None else get_patient
    patient = await of_patient(session, caller, columns["patient_id"])
    return Parties(patient=patient, plan=plan, room=room)


async def _lock_plan(
    session: AsyncSession, caller: Caller, plan_id: UUID, *, kept: bool
) -> TreatmentPlan:
    if not kept:
        return await lock_plan(session, caller, plan_id)
    found = select(TreatmentPlan).where(
        TreatmentPlan.id == plan_id, TreatmentPlan.organization_id == caller.organization_id
    )
    return await get_row(session, found.join(Patient, PATIENT_OF_PLAN), TREATMENT_PLAN, lock=True)

"""What breaks each rule of appointments: one statement or several."""

from collections.abc import Mapping

ORDER = "ORDER BY date, start_time, id LIMIT 1"


def appointment(condition: str) -> str:
    return f"(SELECT id FROM appointments WHERE {condition} {ORDER})"


def change(values: str, condition: str) -> str:
    return f"UPDATE appointments SET {values} WHERE id = {appointment(condition)}"


CLINIC = "location = 'clinic'"
FINISHED = "status = 'finished'"
COUNTS = "status NOT IN ('cancelled', 'no_show')"
# All appointments of one practitioner, on one day.
ONE_THERAPIST = f"(SELECT therapist_id FROM appointments WHERE {COUNTS} {ORDER})"
ONE_DAY = (
    "UPDATE appointments SET date = '2025-12-30', status = 'finished'"
    f" WHERE therapist_id = {ONE_THERAPIST}"
)
ONE_CLINIC = f"(SELECT organization_id FROM appointments {ORDER})"

OF_APPOINTMENTS: Mapping[str, tuple[str, ...]] = {
    "appointments lie in the weeks around asOf": (
        change("date = '2026-01-29'", "status = 'scheduled'"),
    ),
    "an appointment belongs to a plan of its patient and therapist": (
        change("treatment_plan_id = NULL", FINISHED),
    ),
    "appointments lie within the dates of their plan": (
        "UPDATE treatment_plans SET end_date = start_date",
    ),
    "patients with appointments can be booked": (
        "UPDATE patients SET status = 'discharged' WHERE id ="
        f" (SELECT patient_id FROM appointments {ORDER})",
    ),
    "the first appointment of a plan is its initial assessment": (
        "UPDATE appointments SET appointment_type_id = (SELECT id FROM appointment_types AS t"
        " WHERE t.organization_id = appointments.organization_id"
        " AND t.code = 'INITIAL_ASSESSMENT')",
    ),
    "an appointment lasts as long as its type says": (change("end_time = '19:55:00'", FINISHED),),
    "the type of an appointment fits its location": (
        change(
            "location = 'home', room_id = NULL, appointment_type_id = (SELECT id FROM"
            " appointment_types AS t WHERE t.organization_id = appointments.organization_id"
            " AND t.code = 'FOLLOW_UP')",
            CLINIC,
        ),
    ),
    "the status of an appointment fits its date": (
        change("status = 'scheduled', confirmed_at = NULL", FINISHED),
    ),
    "an appointment records what its status needs": (change("session_notes = NULL", FINISHED),),
    "appointments are confirmed and cancelled before they begin, and before asOf": (
        change("confirmed_at = '2026-01-01 00:00:00'", FINISHED),
    ),
    "sessions begin and end about when they are planned": (
        change("actual_start_time = '07:00:00'", FINISHED),
    ),
    "pain is rated from 0 to 10, before a session and after it": (
        "{without:appointments.pain_before}",
        change("pain_before = 11", "pain_before IS NOT NULL"),
    ),
    "one session of each clinic is in progress if it has any on asOf": (
        change("date = '2026-01-01'", FINISHED),
    ),
    "on asOf, sessions before the one in progress are over and later ones are confirmed": (
        "UPDATE appointments SET date = '2026-01-01', status = 'finished',"
        f" start_time = '10:00:00', end_time = '11:00:00' WHERE organization_id = {ONE_CLINIC}",
        change("status = 'in_progress', start_time = '09:00:00'", "date = '2026-01-01'"),
    ),
    "appointments lie within offered hours at their location": (
        change("start_time = '07:00:00'", FINISHED),
    ),
    "no practitioner has an appointment while unavailable": (
        "UPDATE availability_exceptions SET is_available = FALSE, start_time = NULL,"
        " end_time = NULL",
        "UPDATE appointments SET status = 'confirmed', date = (SELECT min(e.date)"
        " FROM availability_exceptions AS e WHERE e.user_id = therapist_id)",
    ),
    "a template holds no more appointments than it offers": (
        "UPDATE weekly_availability_templates SET max_sessions = 1",
    ),
    "at most two thirds of the offered sessions of a week are booked": (
        "UPDATE weekly_availability_templates SET max_sessions = 1",
    ),
    "appointments of a practitioner are 5 minutes apart": (
        ONE_DAY,
        "UPDATE appointments SET start_time = '09:00:00', end_time = '10:00:00'"
        f" WHERE therapist_id = {ONE_THERAPIST}",
        change("start_time = '10:04:00', end_time = '10:30:00'", "date = '2025-12-30'"),
    ),
    "appointments of a patient do not overlap": (
        "UPDATE appointments SET date = '2025-12-30', start_time = '09:00:00',"
        " end_time = '10:00:00', status = 'finished'",
    ),
    "no room is fuller than its capacity": (
        "UPDATE appointments SET date = '2025-12-30', start_time = '09:00:00',"
        " end_time = '10:00:00', status = 'finished'",
    ),
    "rooms are booked only at the clinic": (
        "{without:appointments.room_only_at_clinic}",
        change("location = 'home'", "room_id IS NOT NULL"),
    ),
    "a plan has no more appointments than sessions": (
        "UPDATE treatment_plans SET number_of_sessions = 1",
    ),
    "a plan has no more appointments a week than its frequency": (
        "UPDATE appointments SET date = '2025-12-30'",
    ),
}

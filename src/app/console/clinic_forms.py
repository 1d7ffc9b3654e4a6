"""The fields of the forms for the rows of a clinic."""

from app.clinic.appointment_types.schemas import CreateAppointmentType
from app.clinic.patients.schemas import CreatePatient
from app.clinic.rooms.schemas import CreateRoom
from app.clinic.treatment_plans.schemas import CreatePlan, ReplacePlan
from app.console.forms import Form, FormField, Section

ONE_PER_LINE = "One per line."
DATES_AND_SESSIONS = Section(
    "Dates and sessions",
    [
        FormField("startDate", "Start", "date"),
        FormField("endDate", "End", "date"),
        FormField("numberOfSessions", "Sessions", "number"),
        FormField("sessionFrequency", "Sessions per week", "number"),
    ],
)
PRESCRIPTION = Section(
    "Prescription and coverage",
    [
        FormField("prescribingDoctor", "Prescribing doctor"),
        FormField("prescriptionDate", "Prescription date", "date"),
        FormField("coverageStatus", "Coverage", "select"),
        FormField("insuranceInfo", "Insurance information", "textarea"),
    ],
)
NOTES = Section("Notes", [FormField("notes", "Notes", "textarea")])
PLAN_FIELDS = (
    FormField("title", "Title"),
    FormField("therapistId", "Practitioner", "therapist"),
    FormField("diagnosis", "Diagnosis", "textarea"),
    FormField("objective", "Objective", "textarea"),
)

PATIENT_FORM = Form(
    CreatePatient,
    Section(
        "Person",
        [
            FormField("firstName", "First name"),
            FormField("lastName", "Last name"),
            FormField("dateOfBirth", "Date of birth", "date"),
            FormField("gender", "Gender"),
            FormField("status", "Status", "select"),
        ],
    ),
    Section(
        "Contact",
        [
            FormField("phone", "Phone", "tel"),
            FormField("email", "Email"),
            FormField("address", "Address"),
            FormField("city", "City"),
            FormField("postalCode", "Postal code"),
            FormField("country", "Country"),
        ],
    ),
    Section("Emergency contacts", [FormField("emergencyContacts", "Contact", "contacts")]),
    Section(
        "Health",
        [
            FormField("medicalConditions", "Conditions", "lines", ONE_PER_LINE),
            FormField("surgeries", "Surgeries", "lines", ONE_PER_LINE),
            FormField("allergies", "Allergies", "lines", ONE_PER_LINE),
            FormField("medications", "Medications", "lines", ONE_PER_LINE),
        ],
    ),
    Section(
        "Administration",
        [
            FormField("insuranceProvider", "Insurance"),
            FormField("insuranceNumber", "Insurance number"),
            FormField("referralSource", "Referred by"),
        ],
    ),
    NOTES,
)
NEW_PLAN_FORM = Form(
    CreatePlan,
    Section("Plan", [*PLAN_FIELDS, FormField("status", "Status", "select")]),
    DATES_AND_SESSIONS,
    PRESCRIPTION,
    NOTES,
)
PLAN_FORM = Form(ReplacePlan, Section("Plan", PLAN_FIELDS), DATES_AND_SESSIONS, PRESCRIPTION, NOTES)
ROOM_FORM = Form(
    CreateRoom,
    Section(
        "Room",
        [
            FormField("name", "Name"),
            FormField("capacity", "Capacity", "number", "Patients at once."),
            FormField("wheelchairAccessible", "Wheelchair accessible", "checkbox"),
            FormField("equipment", "Equipment", "lines", ONE_PER_LINE),
        ],
    ),
    NOTES,
)
TYPE_FORM = Form(
    CreateAppointmentType,
    Section(
        "Appointment type",
        [
            FormField("title", "Title"),
            FormField("code", "Code", "text", "Letters A to Z, digits and _, such as FOLLOW_UP."),
            FormField("durationMinutes", "Minutes", "number", "A multiple of 5."),
            FormField("isActive", "Can be booked", "checkbox"),
        ],
    ),
)

"""The equipment of rooms, and the types of appointments that every clinic offers."""

from typing import NamedTuple

TREATMENT_TABLE = "Height-adjustable treatment table"
TREATMENT_EQUIPMENT: tuple[str, ...] = (
    "Ultrasound unit",
    "TENS unit",
    "Resistance bands",
    "Hot and cold packs",
    "Anatomical models",
    "Foam rollers",
    "Balance cushion",
    "Traction belt",
    "Pressure biofeedback unit",
    "Taping and splinting trolley",
    "Full-length mirror",
    "Shockwave therapy unit",
)
TREATMENT_NOTES: tuple[str | None, ...] = (
    None,
    None,
    None,
    "Quiet room at the back",
    "Has a wash basin",
    "The window faces the street; close the blinds",
    "The door sticks in wet weather",
)
GYM_CAPACITY = 4
GYM_NAMES: tuple[str, ...] = ("Gym", "Exercise studio", "Rehabilitation gym", "Movement studio")
GYM_EQUIPMENT: tuple[str, ...] = (
    "Treadmill",
    "Upright bike",
    "Recumbent bike",
    "Leg press",
    "Cable machine",
    "Parallel bars",
    "Pilates reformer",
    "Wall bars",
    "Dumbbells and kettlebells",
    "Mini trampoline",
    "Balance boards",
    "Practice stairs",
)


class AppointmentKind(NamedTuple):
    code: str
    title: str
    minutes: int


APPOINTMENT_TYPES: tuple[AppointmentKind, ...] = (
    AppointmentKind("INITIAL_ASSESSMENT", "Initial assessment", 60),
    AppointmentKind("FOLLOW_UP", "Follow-up", 30),
    AppointmentKind("EXTENDED", "Extended follow-up", 45),
    AppointmentKind("TELEHEALTH", "Telehealth session", 30),
    AppointmentKind("HOME_VISIT", "Home visit", 60),
)

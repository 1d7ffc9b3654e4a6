"""The guarantees of `extreme-text`. The numbers are those that the documentation has."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from app.database.bulk import Row
from seed.scenarios.clinic_rows import ClinicRows, Sentence, Sentences
from seed.scenarios.content_changes import change, change_clinic, change_users

LINE, NOTE, ENTRIES, CODE, EMAIL = 200, 10_000, 100, 64, 254
OF_PATIENT = {
    "first_name": LINE,
    "last_name": LINE,
    "gender": LINE,
    "email": LINE,
    "phone": LINE,
    "address": LINE,
    "city": LINE,
    "postal_code": LINE,
    "country": LINE,
    "insurance_provider": LINE,
    "insurance_number": LINE,
    "referral_source": LINE,
    "notes": NOTE,
}
LISTS_OF_PATIENT = ("medical_conditions", "surgeries", "allergies", "medications")
OF_PLAN = {
    "title": LINE,
    "diagnosis": NOTE,
    "objective": NOTE,
    "prescribing_doctor": LINE,
    "insurance_info": NOTE,
    "notes": NOTE,
}
OF_ROOM = {"name": LINE, "notes": NOTE, "equipment": ENTRIES}
OF_APPOINTMENT = {"primary_concern": NOTE, "observations": NOTE, "session_notes": NOTE}


def fits(row: Row, lengths: Mapping[str, int]) -> bool:
    return all(len(row[name] or "") == length for name, length in lengths.items())


def longest(kind: str, table: str, lengths: Mapping[str, int]) -> Sentence:
    """Say that a row has texts and lists of these lengths; each shorter one breaks it."""
    return Sentence(
        lambda clinic: any(fits(row, lengths) for row in clinic[table]),
        tuple(change(kind, has(name), shorter(name)) for name in lengths),
    )


def has(name: str) -> Callable[[Row], bool]:
    return lambda row: bool(row[name])


def shorter(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda row: {name: (row[name] if isinstance(row, dict) else getattr(row, name))[:-1]}


def named(what: Callable[[str], bool]) -> Sentence:
    """Say that the first and the last name of a patient have such text."""
    return Sentence(
        lambda clinic: any(
            what(patient["first_name"]) and what(patient["last_name"])
            for patient in clinic["patients"]
        ),
        tuple(
            change(
                "patients",
                lambda row: what(row["first_name"]) and what(row["last_name"]),
                replaced(name),
            )
            for name in ("first_name", "last_name")
        ),
    )


def replaced(name: str, text: str = "Ada") -> Callable[[Row], dict[str, Any]]:
    return lambda _: {name: text}


def has_category(*bidirectional: str) -> Callable[[str], bool]:
    return lambda text: any(unicodedata.bidirectional(each) in bidirectional for each in text)


def has_combining(text: str) -> bool:
    return any(map(unicodedata.combining, text)) and unicodedata.is_normalized("NFD", text)


def has_any(*texts: str) -> Callable[[str], bool]:
    return lambda text: any(each in text for each in texts)


def has_lines(clinic: ClinicRows, table: str, column: str) -> bool:
    return any((row[column] or "").count("\n") >= 5 for row in clinic[table])


def one_line(kind: str, column: str) -> Any:
    return change(kind, lambda row: "\n" in (row[column] or ""), replaced(column, "One line only"))


EXTREME_TEXT: Sentences = {
    "the slug of the clinic is as long as the API accepts": Sentence(
        lambda clinic: [len(each["slug"]) for each in clinic["organizations"]] == [LINE],
        (change_clinic(shorter("slug")),),
    ),
    "a practitioner has names and an email address as long as the API accepts": Sentence(
        lambda clinic: any(
            fits(user, {"name": LINE, "first_name": LINE, "last_name": LINE, "email": EMAIL})
            for user in clinic["users"]
        ),
        (
            *(change_users(shorter(name)) for name in ("name", "first_name", "last_name")),
            change_users(lambda user: {"email": user.email[1:]}),
        ),
    ),
    "every text of a patient is as long as the API accepts": longest(
        "patients", "patients", OF_PATIENT
    ),
    "every list of a patient has as many entries as the API accepts": longest(
        "patients", "patients", dict.fromkeys(LISTS_OF_PATIENT, ENTRIES)
    ),
    "every text of a treatment plan is as long as the API accepts": longest(
        "treatment_plans", "treatment_plans", OF_PLAN
    ),
    "every text and list of a room is as long as the API accepts": longest(
        "rooms", "rooms", OF_ROOM
    ),
    "code and title of a type of appointment are as long as the API accepts": longest(
        "appointment_types", "appointment_types", {"code": CODE, "title": LINE}
    ),
    "the notes of an availability exception are as long as the API accepts": longest(
        "availability_exceptions", "availability_exceptions", {"notes": NOTE}
    ),
    "every text of an appointment is as long as the API accepts": longest(
        "appointments", "appointments", OF_APPOINTMENT
    ),
    "a patient has names of one letter": named(lambda text: len(text) == 1 and text.isalpha()),
    "a patient has names with right-to-left text": named(has_category("R", "AL")),
    "a patient has names with combining characters": named(has_combining),
    "a patient has names with emoji with joiners": named(has_any("\u200d")),
    "a patient has names with East Asian scripts": named(
        lambda text: any(
            unicodedata.east_asian_width(each) in "WH" and each.isalpha() for each in text
        )
    ),
    "a patient has names with HTML": named(
        lambda text: "<" in text and ">" in text and ("alert(" in text)
    ),
    "a patient has names with quotes": named(
        lambda text: sum(each in text for each in "'\"`«»„“\\") >= 3
    ),
    "a patient has names with SQL": named(has_any("DROP TABLE", "' OR '1'='1")),
    "a patient has names with formulas of spreadsheets": named(
        lambda text: text[0] in "=+-@" and "(" in text
    ),
    "a patient has names with invisible characters": named(
        has_any("\u200b", "\u00ad", "\u202e", "\ufeff")
    ),
    "notes of a patient, a plan and an appointment have several lines": Sentence(
        lambda clinic: (
            has_lines(clinic, "patients", "notes")
            and has_lines(clinic, "treatment_plans", "notes")
            and has_lines(clinic, "appointments", "session_notes")
        ),
        (
            one_line("patients", "notes"),
            one_line("treatment_plans", "notes"),
            one_line("appointments", "session_notes"),
        ),
    ),
}

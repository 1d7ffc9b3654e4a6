"""The statistics of a data set, counted from its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from seeded_data import bookings
from seeded_data.bookings import times
from seeded_data.rows import Row, Rows
from seeded_data.seeded_set import WEEKDAYS, SeededSet, Volumes

APPOINTMENT_STATUSES = (
    "scheduled",
    "confirmed",
    "in_progress",
    "finished",
    "cancelled",
    "no_show",
)
STATUSES = ("planned", "ongoing", "completed", "paused", "cancelled")


def decade(born: date, as_of: date) -> int:
    """Count tens of birthdays."""
    birthdays = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    return max(birthdays, 0) // 10


def most(rows: Iterable[Any], key: str, *names: str) -> list[Any]:
    return sorted(rows, key=lambda row: (-row[key], *(row[name] for name in names)))


def counted(rows: Rows, as_of: date) -> dict[str, Any]:
    """Count it all again, in rows that are not hidden."""
    patients = {row["id"]: row for row in rows["patients"] if row["deleted_at"] is None}
    plans = [
        row
        for row in rows["treatment_plans"]
        if row["deleted_at"] is None and row["patient_id"] in patients
    ]
    names = {row["id"]: row["name"] for row in rows["users"] + rows["organizations"]}
    per_clinic = Counter(row["organization_id"] for row in patients.values())
    members = Counter(row["organization_id"] for row in rows["members"])
    clinics = [
        {"id": str(id_), "name": names[id_], "patients": per_clinic[id_], "practitioners": of}
        for id_, of in members.items()
    ]
    care = Counter((row["therapist_id"], row["organization_id"]) for row in plans)
    pairs = {(row["therapist_id"], row["organization_id"], row["patient_id"]) for row in plans}
    cared_for = Counter((therapist, clinic) for therapist, clinic, _ in pairs)
    practitioners = [
        {
            "id": str(therapist),
            "name": names[therapist],
            "organizationId": str(clinic),
            "clinic": names[clinic],
            "patients": cared_for[therapist, clinic],
            "plans": number,
        }
        for (therapist, clinic), number in care.items()
    ]
    statuses = Counter(row["status"] for row in plans)
    ages = Counter(decade(row["date_of_birth"], as_of) for row in patients.values())
    booked = Counter(row["status"] for row in rows["appointments"])
    diagnoses = Counter(row["diagnosis"] for row in plans if row["diagnosis"] is not None)
    frequent = [{"diagnosis": each, "plans": number} for each, number in diagnoses.items()]
    return {
        "totals": {
            "clinics": len(rows["organizations"]),
            "practitioners": len(rows["users"]),
            "patients": len(patients),
            "plans": len(plans),
            "appointments": len(rows["appointments"]),
        },
        "clinics": most(clinics, "patients", "name", "id")[:20],
        "practitioners": most(practitioners, "patients", "name", "clinic", "id")[:30],
        "plansByStatus": [{"status": each, "plans": statuses[each]} for each in STATUSES],
        "appointmentsByStatus": [
            {"status": each, "appointments": booked[each]} for each in APPOINTMENT_STATUSES
        ],
        "bookedHours": most(booked_hours(rows, as_of), "bookedMinutes", "name", "clinic", "id")[
            :30
        ],
        "asOf": as_of.isoformat(),
        "ages": [
            {"from": 10 * each, "to": 10 * each + 9, "patients": ages[each]}
            for each in range(min(ages), max(ages) + 1)
        ],
        "diagnoses": most(frequent, "plans", "diagnosis")[:20],
    }


def booked_hours(rows: Rows, as_of: date) -> list[dict[str, Any]]:
    """Count the minutes of the 28 days from `as_of` on, one by one."""
    names = {row["id"]: row["name"] for row in rows["users"] + rows["organizations"]}
    days = [as_of + timedelta(days=ahead) for ahead in range(28)]
    data = SeededSet(rows, Volumes(), as_of)
    return [
        {
            "id": str(row["user_id"]),
            "name": names[row["user_id"]],
            "organizationId": str(row["organization_id"]),
            "clinic": names[row["organization_id"]],
            "bookedMinutes": sum(
                times(each)[1] - times(each)[0]
                for each in bookings.counted(data)
                if (each["therapist_id"], each["organization_id"])
                == (row["user_id"], row["organization_id"])
                and each["date"] in days
            ),
            "offeredMinutes": sum(
                len(offered_minutes(data, row["user_id"], row["organization_id"], day))
                for day in days
            ),
        }
        for row in rows["members"]
    ]


def offered_minutes(data: SeededSet, user: UUID, clinic: UUID, day: date) -> set[int]:
    def among(slots: list[Row]) -> Iterator[Row]:
        return (slot for slot in slots if slot["organization_id"] == clinic)

    exceptions = [each for each in among(data.exceptions[user]) if each["date"] == day]
    weekday = WEEKDAYS[day.weekday()]
    offered = [each for each in among(data.templates[user]) if each["day_of_week"] == weekday]
    offered += [each for each in exceptions if each["is_available"]]
    taken = [each for each in exceptions if not each["is_available"]]
    free, away = ({m for each in some for m in range(*times(each))} for some in (offered, taken))
    return free - away

"""Rules for appointments beside each other, and within the hours of their practitioner."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import pairwise
from uuid import UUID

from seeded_data.rows import Row
from seeded_data.seeded_set import WEEKDAYS, SeededSet, grouped, is_whole_day, named

NOT_COUNTED = ("cancelled", "no_show")
APPOINTMENTS = "appointments"
CLINIC = "organization_id"
MINUTES_APART = 5
Range = tuple[int, int]


def appointments_lie_in_hours(data: SeededSet) -> Iterator[str]:
    """An appointment lies in what its practitioner offers at its location, minus absences."""
    for row in counted(data):
        start, end = times(row)
        exceptions = _exceptions(data, row)
        offered = [times(template) for template in _templates(data, row)]
        offered += [times(each) for each in exceptions if each["is_available"]]
        taken = [times(each) for each in exceptions if not each["is_available"]]
        free = set(_minutes(offered)) - set(_minutes(taken))
        if not free.issuperset(range(start, end)):
            yield f"{named(APPOINTMENTS, row)}: {row['date']} {row['start_time']} is not offered"


def templates_are_not_overbooked(data: SeededSet) -> Iterator[str]:
    """On one date a template holds no more appointments than its sessions."""
    held: Counter[tuple[object, date]] = Counter()
    most = {row["id"]: row["max_sessions"] for row in data.rows["weekly_availability_templates"]}
    for row in counted(data):
        for template in _templates(data, row):
            if _overlap(times(row), times(template)):
                held[template["id"], row["date"]] += 1
    for (template_id, day), number in held.items():
        if number > most[template_id]:
            yield f"weekly_availability_templates {template_id}: holds {number} on {day}"


def two_thirds_are_booked_at_most(data: SeededSet) -> Iterator[str]:
    """In a week a practitioner has two thirds of the offered sessions at most, rounded up."""
    offered = {
        user: sum(template["max_sessions"] for template in templates)
        for user, templates in data.templates.items()
    }
    for (user, week), rows in _by_week(counted(data), "therapist_id").items():
        if len(rows) > math.ceil(offered[user] * 2 / 3):
            yield f"users {user}: has {len(rows)} of {offered[user]} sessions in week {week}"


def practitioners_have_time_between(data: SeededSet) -> Iterator[str]:
    """Two appointments of a practitioner are at least 5 minutes apart, across all clinics."""
    for rows in grouped(counted(data), lambda row: (row["therapist_id"], row["date"])).values():
        yield from _too_close(rows, MINUTES_APART)


def patients_are_at_one_place(data: SeededSet) -> Iterator[str]:
    """Two appointments of a patient do not overlap; nor are there two on one day."""
    for rows in grouped(counted(data), lambda row: (row["patient_id"], row["date"])).values():
        yield from _too_close(rows, 0)
        if len(rows) > 1:
            yield f"{named(APPOINTMENTS, rows[0])}: its patient has another one on that day"


def rooms_are_not_overfull(data: SeededSet) -> Iterator[str]:
    """At no minute there are more patients in a room than its capacity."""
    capacities = {row["id"]: row["capacity"] for row in data.rows["rooms"]}
    in_rooms = [row for row in counted(data) if row["room_id"]]
    for (room, day), rows in grouped(in_rooms, lambda row: (row["room_id"], row["date"])).items():
        present = Counter(minute for row in rows for minute in range(*times(row)))
        if max(present.values()) > capacities[room]:
            yield f"rooms {room}: has {max(present.values())} patients at once on {day}"


def rooms_are_at_the_clinic(data: SeededSet) -> Iterator[str]:
    """Only an appointment at the clinic has a room."""
    for row in data.rows[APPOINTMENTS]:
        if row["room_id"] and row["location"] != "clinic":
            yield f"{named(APPOINTMENTS, row)}: has a room, at {row['location']}"


def appointments_follow_their_plan(data: SeededSet) -> Iterator[str]:
    """A plan is of the patient and the therapist, and its dates and numbers are kept."""
    plans = {row["id"]: row for row in data.rows["treatment_plans"]}
    sessions = Counter(row["treatment_plan_id"] for row in counted(data))
    for row in data.rows[APPOINTMENTS]:
        plan = plans[row["treatment_plan_id"]]
        if any(row[column] != plan[column] for column in ("patient_id", "therapist_id")):
            yield f"{named(APPOINTMENTS, row)}: its plan is another patient's or therapist's"
        if not plan["start_date"] <= row["date"] <= (plan["end_date"] or date.max):
            yield f"{named(APPOINTMENTS, row)}: {row['date']} is not within its plan"
    for plan_id, number in sessions.items():
        if number > plans[plan_id]["number_of_sessions"]:
            yield f"treatment_plans {plan_id}: has {number} appointments"
    for (plan_id, week), rows in _by_week(data.rows[APPOINTMENTS], "treatment_plan_id").items():
        if len(rows) > plans[plan_id]["session_frequency"]:
            yield f"treatment_plans {plan_id}: has {len(rows)} appointments in week {week}"


def appointments_stay_in_their_clinic(data: SeededSet) -> Iterator[str]:
    """Patient, plan, practitioner, room and type are of the clinic of the appointment."""
    clinics = {
        row["id"]: row["organization_id"]
        for table in ("patients", "treatment_plans", "rooms", "appointment_types")
        for row in data.rows[table]
    }
    columns = ("patient_id", "treatment_plan_id", "room_id", "appointment_type_id")
    for row in data.rows[APPOINTMENTS]:
        foreign = [each for each in columns if row[each] and clinics[row[each]] != row[CLINIC]]
        if (row[CLINIC], row["therapist_id"]) not in data.memberships:
            foreign.append("therapist_id")
        for column in foreign:
            yield f"{named(APPOINTMENTS, row)}: its {column} is of another clinic"


def counted(data: SeededSet) -> list[Row]:
    """Return the appointments that take up time."""
    return [row for row in data.rows[APPOINTMENTS] if row["status"] not in NOT_COUNTED]


def times(slot: Row) -> Range:
    """Return start and end in minutes from midnight; whole days have neither."""
    if is_whole_day(slot):
        return 0, 24 * 60
    return _minute(slot["start_time"]), _minute(slot["end_time"])


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _minutes(ranges: Iterable[Range]) -> Iterator[int]:
    return (minute for each in ranges for minute in range(*each))


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _templates(data: SeededSet, row: Row) -> list[Row]:
    day = WEEKDAYS[row["date"].weekday()]
    return [
        template
        for template in data.templates[row["therapist_id"]]
        if (template["day_of_week"], template["location"]) == (day, row["location"])
    ]


def _exceptions(data: SeededSet, row: Row) -> list[Row]:
    of_user = data.exceptions[row["therapist_id"]]
    return [exception for exception in of_user if exception["date"] == row["date"]]


def _by_week(rows: Iterable[Row], column: str) -> dict[tuple[UUID, object], list[Row]]:
    return grouped(rows, lambda row: (row[column], row["date"].isocalendar()[:2]))


def _too_close(rows: list[Row], gap: int) -> Iterator[str]:
    in_order = sorted(rows, key=times)
    for earlier, row in pairwise(in_order):
        if times(row)[0] < times(earlier)[1] + gap:
            yield f"{named(APPOINTMENTS, row)}: is too soon after {named(APPOINTMENTS, earlier)}"

"""Rules for what is recorded about appointments: types, statuses, times, pain."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from seeded_data.bookings import APPOINTMENTS, times
from seeded_data.rooms import TYPES
from seeded_data.rows import Row
from seeded_data.seeded_set import SeededSet, grouped, named

LOCATIONS = {
    "FOLLOW_UP": "clinic",
    "EXTENDED": "clinic",
    "TELEHEALTH": "telehealth",
    "HOME_VISIT": "home",
}
OVER = ("finished", "cancelled", "no_show")
TO_COME = ("scheduled", "confirmed", "cancelled")
STARTED = ("in_progress", "finished")
MANY = 150  # of which shares are about what they should be
PAIN = range(10 + 1)
MINUTES_OFF = 15


def appointments_are_in_the_window(data: SeededSet) -> Iterator[str]:
    """They are from so many weeks before the day of the set to as many after it."""
    window = timedelta(weeks=data.volumes.appointment_weeks)
    for row in data.rows[APPOINTMENTS]:
        if not data.as_of - window <= row["date"] < data.as_of + window:
            yield f"{named(APPOINTMENTS, row)}: {row['date']} is out of range"


def types_fit_the_appointment(data: SeededSet) -> Iterator[str]:
    """An appointment is as long as its type, and at the location of it."""
    codes = _codes(data)
    for row in data.rows[APPOINTMENTS]:
        code, (start, end) = codes[row["appointment_type_id"]], times(row)
        if end - start != TYPES[code]:
            yield f"{named(APPOINTMENTS, row)}: {code} lasts {end - start} minutes"
        if LOCATIONS.get(code, row["location"]) != row["location"]:
            yield f"{named(APPOINTMENTS, row)}: {code} is at {row['location']}"


def plans_begin_with_an_assessment(data: SeededSet) -> Iterator[str]:
    """The first appointment of a plan that begins in the window is the only assessment."""
    codes, starts = _codes(data), {row["id"]: row["start_date"] for row in _plans(data)}
    begin = data.as_of - timedelta(weeks=data.volumes.appointment_weeks)
    for plan_id, rows in grouped(
        data.rows[APPOINTMENTS], lambda row: row["treatment_plan_id"]
    ).items():
        first, *later = sorted(rows, key=lambda row: (row["date"], row["start_time"]))
        is_first = codes[first["appointment_type_id"]] == "INITIAL_ASSESSMENT"
        if starts[plan_id] >= begin and not is_first:
            yield f"treatment_plans {plan_id}: does not begin with an assessment"
        if any(codes[row["appointment_type_id"]] == "INITIAL_ASSESSMENT" for row in later):
            yield f"treatment_plans {plan_id}: has a later assessment"


def statuses_fit_the_date(data: SeededSet) -> Iterator[str]:
    """Past ones are over, coming ones are not; on the day itself one in a clinic is going on."""
    for row in data.rows[APPOINTMENTS]:
        allowed = OVER if row["date"] < data.as_of else TO_COME
        if row["date"] != data.as_of and row["status"] not in allowed:
            yield f"{named(APPOINTMENTS, row)}: is {row['status']} on {row['date']}"
    on_the_day = [row for row in data.rows[APPOINTMENTS] if row["date"] == data.as_of]
    for clinic, rows in grouped(on_the_day, lambda row: row["organization_id"]).items():
        now = [row["start_time"] for row in rows if row["status"] == "in_progress"]
        if len(now) != 1:
            yield f"organizations {clinic}: {len(now)} appointments are in progress"
        for row in rows:
            if not _is_coherent(row, min(now, default=time.min)):
                yield f"{named(APPOINTMENTS, row)}: is {row['status']} at {row['start_time']}"


def _is_coherent(row: Row, now: time) -> bool:
    """Return whether the status fits the time of the session that is going on."""
    match row["status"]:
        case "confirmed":
            return bool(row["start_time"] >= now)
        case "finished":
            return bool(row["end_time"] <= now)
        case "no_show":
            return bool(row["start_time"] < now)
        case status:
            return bool(status == "in_progress")


def statuses_are_as_frequent_as_they_should_be(data: SeededSet) -> Iterator[str]:
    """Past ones are mostly finished, those of the next week confirmed, later ones scheduled."""
    week = data.as_of + timedelta(days=7)
    rows = data.rows[APPOINTMENTS]
    for name, some, status, least in (
        ("past", [row for row in rows if row["date"] < data.as_of], "finished", 0.78),
        ("coming", [row for row in rows if data.as_of < row["date"] <= week], "confirmed", 0.65),
        ("later", [row for row in rows if row["date"] > week], "scheduled", 0.7),
    ):
        share = Counter(row["status"] for row in some)[status] / max(len(some), 1)
        if len(some) >= MANY and not least <= share < 1:
            yield f"{share:.0%} of {len(some)} {name} appointments are {status}"


def records_fit_the_status(data: SeededSet) -> Iterator[str]:
    """What belongs to a status is there, and only then."""
    for row in data.rows[APPOINTMENTS]:
        status = row["status"]
        wanted = {
            "cancelled_at": status == "cancelled",
            "cancellation_reason": status == "cancelled",
            "no_show_reason": status == "no_show",
            "confirmed_at": status not in ("scheduled", "cancelled"),
            "actual_start_time": status in STARTED,
            "actual_end_time": status == "finished",
            "observations": status in STARTED,
            "session_notes": status == "finished",
        }
        for column, is_there in wanted.items():
            if (row[column] is not None) is not is_there:
                yield f"{named(APPOINTMENTS, row)}: is {status}, and {column} is {row[column]!r}"


def instants_come_before_the_appointment(data: SeededSet) -> Iterator[str]:
    """Nothing was confirmed or cancelled after the day of the set, nor after the appointment."""
    for row in data.rows[APPOINTMENTS]:
        for column in ("confirmed_at", "cancelled_at"):
            if row[column] and row[column] >= _midnight(min(row["date"], data.as_of)):
                yield f"{named(APPOINTMENTS, row)}: {column} is {row[column]}"


def sessions_keep_their_time(data: SeededSet) -> Iterator[str]:
    """A session begins and ends within a quarter of an hour of its plan."""
    for row in data.rows[APPOINTMENTS]:
        for planned in ("start_time", "end_time"):
            actual = f"actual_{planned}"
            if row[actual] and abs(_minute(row[actual]) - _minute(row[planned])) > MINUTES_OFF:
                yield f"{named(APPOINTMENTS, row)}: {actual} is {row[actual]}"


def pain_is_rated(data: SeededSet) -> Iterator[str]:
    """Pain is a number from 0 to 10 on both sides of a session, or on neither."""
    for row in data.rows[APPOINTMENTS]:
        before, after = row["pain_before"], row["pain_after"]
        if any(pain is not None and pain not in PAIN for pain in (before, after)):
            yield f"{named(APPOINTMENTS, row)}: pain is {before} and {after}"
        if before is not None and row["status"] not in STARTED:
            yield f"{named(APPOINTMENTS, row)}: is {row['status']}, with a pain of {before}"
        if (after is not None) is not (before is not None and row["status"] == "finished"):
            yield f"{named(APPOINTMENTS, row)}: pain is {before} before and {after} after"


def patients_can_be_booked(data: SeededSet) -> Iterator[str]:
    """Nobody with an appointment is deleted, discharged or archived."""
    for row in data.rows[APPOINTMENTS]:
        patient = data.patients[row["patient_id"]]
        if patient["deleted_at"] or patient["status"] in ("discharged", "archived"):
            yield f"{named(APPOINTMENTS, row)}: its patient is {patient['status']}"


def _codes(data: SeededSet) -> dict[object, str]:
    return {row["id"]: row["code"] for row in data.rows["appointment_types"]}


def _plans(data: SeededSet) -> list[Row]:
    return data.rows["treatment_plans"]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute

"""The guarantees of `calendar-edges`. Days of clock changes are those of the time zone database."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from app.database.bulk import Row
from seed.scenarios.clinic_rows import Change, ClinicRows, Sentence, Sentences
from seed.scenarios.content_changes import change, drop
from seeded_data.seeded_set import SeededSet

MELBOURNE = ZoneInfo("Australia/Melbourne")
DAY = timedelta(days=1)
OnDay = Callable[[date], bool]
MIDNIGHT, LAST_SECOND = time(0), time(23, 59, 59)


def hours_gained(day: date) -> float:
    """Return by how much the clocks of Melbourne go back on a day, in hours."""
    begin, end = (
        datetime.combine(each, MIDNIGHT, MELBOURNE).astimezone(UTC) for each in (day, day + DAY)
    )
    return (end - begin).total_seconds() / 3600 - 24


def in_each_year(month: int, day: int) -> OnDay:
    return lambda each: (each.month, each.day) == (month, day)


def clocks_forward(day: date) -> bool:
    return hours_gained(day) == -1


def clocks_back(day: date) -> bool:
    return hours_gained(day) == 1


DAYS: dict[str, OnDay] = {
    "29 February": in_each_year(2, 29),
    "31 December": in_each_year(12, 31),
    "1 January": in_each_year(1, 1),
    "the day on which daylight saving begins in Melbourne": clocks_forward,
    "the day on which daylight saving ends in Melbourne": clocks_back,
}


def on(column: str, is_on: OnDay) -> Callable[[Row], bool]:
    return lambda row: bool(row[column]) and is_on(row[column])


def busy_on(is_on: OnDay) -> Sentence:
    columns = {
        "treatment_plans": ("start_date", "end_date"),
        "availability_exceptions": ("date",),
        "appointments": ("date",),
    }
    return Sentence(
        lambda clinic: all(
            any(map(on(column, is_on), clinic[table]))
            for table, names in columns.items()
            for column in names
        ),
        (
            moved("treatment_plans", "start_date", is_on, -1),
            moved("treatment_plans", "end_date", is_on, 1),
            drop("availability_exceptions", on("date", is_on)),
            drop("appointments", on("date", is_on)),
        ),
    )


def moved(kind: str, column: str, is_on: OnDay, days: int) -> Change:
    return change(kind, on(column, is_on), lambda row: {column: row[column] + days * DAY})


def week_of_new_year(clinic: ClinicRows) -> set[date]:
    """Return the days with appointments, from Monday to Saturday, of the week of 1 January."""
    days = {row["date"] for row in clinic["appointments"]}
    [new_year] = filter(in_each_year(1, 1), days)
    same_week = (day for day in days if day.isocalendar()[:2] == new_year.isocalendar()[:2])
    return {day for day in same_week if day.isoweekday() <= 6}


def times(clinic: ClinicRows, column: str) -> set[tuple[object, date, time]]:
    return {(row["therapist_id"], row["date"], row[column]) for row in clinic["appointments"]}


def at_edge_of_hours(clinic: ClinicRows, column: str) -> bool:
    """Return whether an appointment begins or ends with a template of its weekday."""
    edges = {
        (row["user_id"], str(row["day_of_week"]), row[column])
        for row in clinic["weekly_availability_templates"]
    }
    return any(
        (therapist, f"{day:%a}".lower(), at) in edges
        for therapist, day, at in times(clinic, column)
    )


def in_changed_hour(clinic: ClinicRows, is_on: OnDay) -> bool:
    return any(
        is_on(row["date"]) and time(2) <= row["start_time"] < row["end_time"] <= time(3)
        for row in clinic["appointments"]
    )


def sessions_of_a_patient_do_not_overlap(data: SeededSet) -> Iterator[str]:
    """Allow two sessions on one day, which ordinary data sets do not have."""
    for one, other in combinations(data.rows["appointments"], 2):
        is_same = all(one[name] == other[name] for name in ("patient_id", "date"))
        if (
            is_same
            and one["start_time"] < other["end_time"]
            and other["start_time"] < one["end_time"]
        ):
            yield f"{one['id']} overlaps {other['id']}"


def later(column: str, at: Callable[[Row], bool] = lambda _: True, minutes: int = 1) -> Change:
    def to(row: Row) -> dict[str, time]:
        moment = datetime.combine(row["date"], row[column]) + timedelta(minutes=minutes)
        return {column: moment.time()}

    return change("appointments", at, to)


CALENDAR_EDGES: Sentences = {
    **{
        f"plans start and end, hours change and appointments take place on {name}": busy_on(is_on)
        for name, is_on in DAYS.items()
    },
    "appointments take place on every day from Monday to Saturday in the week of 1 January": (
        Sentence(
            lambda clinic: len(week_of_new_year(clinic)) == 6,
            (
                drop("appointments", on("date", lambda day: day == date(2026, 1, 2))),
                drop("appointments", on("date", lambda day: day == date(2025, 12, 29))),
            ),
        )
    ),
    "appointments begin in the first minute of the hours and end in their last one": Sentence(
        lambda clinic: all(at_edge_of_hours(clinic, each) for each in ("start_time", "end_time")),
        (later("start_time"), later("end_time", minutes=-1)),
    ),
    "appointments begin at 00:00:00 and end at 23:59:59": Sentence(
        lambda clinic: (
            MIDNIGHT in {at for _, _, at in times(clinic, "start_time")}
            and LAST_SECOND in {at for _, _, at in times(clinic, "end_time")}
        ),
        (
            later("start_time", lambda row: row["start_time"] == MIDNIGHT),
            later("end_time", lambda row: row["end_time"] == LAST_SECOND, minutes=-1),
        ),
    ),
    "appointments take place in the hour in which the clocks change": Sentence(
        lambda clinic: (
            in_changed_hour(clinic, clocks_forward) and in_changed_hour(clinic, clocks_back)
        ),
        (
            later("end_time", on("date", clocks_forward), minutes=60),
            later("start_time", on("date", clocks_back), minutes=-60),
        ),
    ),
}

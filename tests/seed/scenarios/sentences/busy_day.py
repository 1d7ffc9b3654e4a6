"""What `busy-day` guarantees, as queries of the stored rows and as changes that break it."""

from collections.abc import Iterator, Mapping

from seed.scenarios.sentences.guarantee import AS_OF, Guarantee
from seed.scenarios.stored import Stored, minutes

PAUSE, SESSION = 5, 30
ONE_USER = (
    "(SELECT user_id FROM members WHERE organization_id IN ({clinics}) ORDER BY user_id LIMIT 1)"
)


def free_minutes(stored: Stored) -> Iterator[int]:
    """Yield how long each session can be at most that begins at a time of the day.

    Only the first such time of each pause counts.
    """
    for hours in stored.hours(AS_OF):
        booked = sorted(
            (minutes(row.start_time), minutes(row.end_time))
            for row in stored.counted()
            if row.date == AS_OF
            and row.therapist_id == hours.user_id
            and hours.start_time <= row.start_time < hours.end_time
        )
        first = minutes(hours.start_time)
        for start, end in booked:
            yield start - PAUSE - first
            first = end + PAUSE
        yield minutes(hours.end_time) - first


SENTENCES: Mapping[str, Guarantee] = {
    "every practitioner has hours on asOf": Guarantee(
        lambda stored: (
            {row.user_id for row in stored.hours(AS_OF)} == {row.id for row in stored.users}
        ),
        "DELETE FROM weekly_availability_templates WHERE organization_id IN ({clinics})"
        f" AND day_of_week = 'thu' AND user_id = {ONE_USER}",
    ),
    "no time of asOf is free, except one that fits a half hour exactly": Guarantee(
        lambda stored: [length for length in free_minutes(stored) if length > 0] in ([], [SESSION]),
        "UPDATE appointments SET status = 'no_show', start_time = '08:31:00'"
        " WHERE organization_id IN ({clinics}) AND start_time = '08:30:00'",
        "UPDATE weekly_availability_templates SET end_time = '16:30:00'"
        " WHERE organization_id IN ({clinics}) AND end_time = '16:15:00'",
    ),
    "one half hour of asOf is free": Guarantee(
        lambda stored: SESSION in free_minutes(stored),
        "UPDATE appointments SET status = 'confirmed'"
        " WHERE organization_id IN ({clinics}) AND status = 'cancelled'",
    ),
    "an appointment of asOf is cancelled": Guarantee(
        lambda stored: any(
            row.status == "cancelled" and row.date == AS_OF for row in stored.appointments
        ),
        "UPDATE appointments SET status = 'no_show'"
        " WHERE organization_id IN ({clinics}) AND status = 'cancelled'",
    ),
    "all appointments are on asOf": Guarantee(
        lambda stored: {row.date for row in stored.appointments} == {AS_OF},
        "UPDATE appointments SET date = '2026-01-02'"
        " WHERE organization_id IN ({clinics}) AND start_time = '08:30:00'",
    ),
}

"""What `shared-practitioner` guarantees, as queries of the rows and as changes that break it."""

from collections import Counter
from collections.abc import Mapping
from itertools import permutations

from seed.scenarios.sentences.guarantee import AS_OF, Guarantee
from seed.scenarios.stored import Stored, minutes, weekday

SHARED = (
    "(SELECT user_id FROM members WHERE organization_id IN ({clinics})"
    " GROUP BY user_id HAVING count(*) = 2)"
)


def shared(stored: Stored) -> list[str]:
    memberships = Counter(row.user_id for row in stored.members)
    return [user for user, count in memberships.items() if count == len(stored.organizations)]


def has_hours_in_both(stored: Stored) -> bool:
    return any(
        row.user_id == other.user_id
        and row.day_of_week == other.day_of_week
        and row.organization_id != other.organization_id
        and minutes(other.start_time) - minutes(row.end_time) == 15
        for row, other in permutations(stored.weekly_availability_templates, 2)
    )


def is_away_from_one_clinic(stored: Stored) -> bool:
    for absence in stored.availability_exceptions:
        if absence.is_available or absence.start_time or absence.date <= AS_OF:
            continue
        offering = {
            row.organization_id
            for row in stored.weekly_availability_templates
            if row.user_id == absence.user_id and row.day_of_week == weekday(absence.date)
        }
        booked = {
            row.organization_id
            for row in stored.counted()
            if row.therapist_id == absence.user_id and row.date == absence.date
        }
        others = {row.id for row in stored.organizations} - {absence.organization_id}
        if offering > others and booked == others:
            return True
    return False


SENTENCES: Mapping[str, Guarantee] = {
    "there are two clinics": Guarantee(
        lambda stored: len(stored.organizations) == 2,
        "DELETE FROM organizations WHERE id IN ({clinics}) AND slug ="
        " (SELECT max(slug) FROM organizations WHERE id IN ({clinics}))",
    ),
    "exactly one practitioner is a member of both clinics": Guarantee(
        lambda stored: len(shared(stored)) == 1,
        f"DELETE FROM members WHERE user_id IN {SHARED} AND role = 'member'",
    ),
    "a practitioner has hours in both clinics on one weekday, 15 minutes apart": Guarantee(
        has_hours_in_both,
        f"DELETE FROM weekly_availability_templates WHERE user_id IN {SHARED}",
    ),
    "on a day after asOf, the practitioner is absent from one clinic and has hours and an "
    "appointment in the other": Guarantee(
        is_away_from_one_clinic,
        f"DELETE FROM availability_exceptions WHERE start_time IS NULL AND user_id IN {SHARED}",
        f"UPDATE appointments SET status = 'cancelled' WHERE therapist_id IN {SHARED}",
        "UPDATE availability_exceptions SET date = '2025-06-05' WHERE start_time IS NULL"
        f" AND user_id IN {SHARED}",
    ),
}

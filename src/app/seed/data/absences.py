"""Reasons and notes of availability exceptions that fit the kind of exception and its place."""

from dataclasses import dataclass

from app.clinic.availability.models import Location
from app.seed.randomness import Weighted


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a day differs from the weekly template: time taken off or, in EXTRA_HOURS, added."""

    reason: str
    note: str


# Estimated: employees have four weeks of annual leave a year (National Employment Standards), and
# physiotherapists train for 20 hours (Physiotherapy Board of Australia).
WHOLE_DAY_ABSENCES: Weighted[Absence] = Weighted(
    (
        (Absence("vacation", "Annual leave"), 8),
        (Absence("vacation", "A day in the Grampians"), 2),
        (Absence("vacation", "Day trip along the Great Ocean Road"), 2),
        (Absence("vacation", "Visiting relatives interstate"), 2),
        (Absence("training", "Dry needling course"), 1.5),
        (Absence("training", "Vestibular rehabilitation workshop"), 1.5),
        (Absence("training", "Physiotherapy conference in Sydney"), 1.5),
        (Absence("training", "Clinical Pilates instructor course"), 1.5),
        (Absence("personal", "Moving house"), 1),
        (Absence("personal", "Family celebration interstate"), 1.5),
        (Absence("personal", "Hospital appointment of a relative"), 1.5),
        (Absence("other", "Team physiotherapist at a sports carnival"), 1),
        (Absence("other", "Volunteering at a community health event"), 0.5),
    )
)
# Within a week of `asOf` a practitioner may be known to be sick.
WHOLE_DAYS_AT_SHORT_NOTICE: Weighted[Absence] = Weighted(
    (
        (Absence("sick", "Unwell, expected back the day after"), 4),
        (Absence("sick", "Day procedure"), 1),
        (Absence("personal", "Carer's leave"), 3),
        (Absence("personal", "Funeral of a relative"), 1),
        (Absence("vacation", "Annual leave"), 3),
        (Absence("training", "Manual handling refresher"), 1),
    )
)
WEEKS_AWAY: tuple[Absence, ...] = (
    Absence("vacation", "Annual leave: a week in Tasmania"),
    Absence("vacation", "Annual leave: a week on the Great Ocean Road"),
    Absence("vacation", "Annual leave: a week with the family"),
    Absence("vacation", "Annual leave: a week at home"),
    Absence("training", "Week-long manual therapy course in Adelaide"),
)

PART_DAY_ABSENCES: dict[Location, tuple[Absence, ...]] = {
    Location.CLINIC: (
        Absence("meeting", "Team meeting"),
        Absence("meeting", "Case conference with a rehabilitation hospital"),
        Absence("meeting", "Meeting with referring doctors"),
        Absence("training", "First aid and CPR refresher"),
        Absence("training", "Peer supervision"),
        Absence("personal", "Dental appointment"),
        Absence("personal", "Family commitment"),
        Absence("reduced_hours", "Reduced hours to catch up on reports"),
        Absence("reduced_hours", "Shorter clinic session by arrangement"),
        Absence("reduced_hours", "Reduced hours while supervising a student"),
    ),
    Location.HOME: (
        Absence("meeting", "Case conference at an aged care home"),
        Absence("meeting", "Handover with a community nurse"),
        Absence("training", "Manual handling refresher"),
        Absence("personal", "Car booked in for a service"),
        Absence("personal", "Family commitment"),
        Absence("reduced_hours", "Shorter round of home visits by arrangement"),
        Absence("reduced_hours", "Fewer home visits to catch up on reports"),
        Absence("other", "Collecting walking aids from the equipment library"),
    ),
    Location.TELEHEALTH: (
        Absence("meeting", "Video conference with a rehabilitation hospital"),
        Absence("meeting", "Online team meeting"),
        Absence("training", "Online seminar on tendon rehabilitation"),
        Absence("personal", "Appointment with a specialist"),
        Absence("personal", "Family commitment"),
        Absence("reduced_hours", "Shorter telehealth session by arrangement"),
        Absence("other", "Internet connection being replaced"),
    ),
}

# An exception that adds time offers every location, so these name none.
EXTRA_HOURS: tuple[Absence, ...] = (
    Absence("other", "Extra session to shorten the waiting list"),
    Absence("other", "Additional appointments for new patients"),
    Absence("other", "Additional time for exercise programme reviews"),
    Absence("other", "Additional follow-up appointments"),
    Absence("other", "Catch-up session for rescheduled appointments"),
    Absence("other", "Additional appointments for patients after surgery"),
    Absence("other", "Extra session for initial assessments"),
    Absence("other", "Additional hours at patients' request"),
)

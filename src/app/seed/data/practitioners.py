"""Specializations of practitioners, and the reasons for their availability exceptions."""

from dataclasses import dataclass

SPECIALIZATIONS: tuple[str, ...] = (
    "Musculoskeletal physiotherapy",
    "Sports physiotherapy",
    "Neurological physiotherapy",
    "Cardiorespiratory physiotherapy",
    "Women's health",
    "Men's health",
    "Continence and pelvic floor",
    "Gerontology and falls prevention",
    "Vestibular rehabilitation",
    "Hand and upper limb therapy",
    "Orthopaedic rehabilitation",
    "Occupational health",
    "Pain management",
    "Headache and jaw disorders",
    "Spinal manual therapy",
    "Clinical Pilates",
    "Hydrotherapy",
    "Dry needling",
    "Lymphoedema management",
    "Cancer rehabilitation",
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a day differs from the weekly template: time taken off or, in EXTRA_HOURS, added."""

    reason: str
    note: str


# The dates lie in the future and are arbitrary: no one can know of a sick day yet, and a
# public holiday would be on the wrong date.
WHOLE_DAY_ABSENCES: tuple[Absence, ...] = (
    Absence("vacation", "Annual leave"),
    Absence("vacation", "Family trip to the Grampians"),
    Absence("vacation", "Camping along the Great Ocean Road"),
    Absence("vacation", "Visiting relatives interstate"),
    Absence("training", "Dry needling course"),
    Absence("training", "Vestibular rehabilitation workshop"),
    Absence("training", "Physiotherapy conference in Sydney"),
    Absence("training", "Clinical Pilates instructor course"),
    Absence("personal", "Moving house"),
    Absence("personal", "Family celebration interstate"),
    Absence("other", "Team physiotherapist at a sports carnival"),
    Absence("other", "Volunteering at a community health event"),
)

PART_DAY_ABSENCES: tuple[Absence, ...] = (
    Absence("training", "First aid and CPR refresher"),
    Absence("training", "Online seminar on tendon rehabilitation"),
    Absence("training", "Peer supervision"),
    Absence("meeting", "Team meeting"),
    Absence("meeting", "Case conference with a rehabilitation hospital"),
    Absence("meeting", "Meeting with referring doctors"),
    Absence("personal", "Dental appointment"),
    Absence("personal", "Family commitment"),
    Absence("personal", "Appointment with a specialist"),
    Absence("reduced_hours", "Reduced hours to catch up on reports"),
    Absence("reduced_hours", "Shorter clinic session by arrangement"),
    Absence("reduced_hours", "Reduced hours while supervising a student"),
)

EXTRA_HOURS: tuple[Absence, ...] = (
    Absence("other", "Extra clinic session to shorten the waiting list"),
    Absence("other", "Additional appointments for new patients"),
    Absence("other", "Additional time for exercise programme reviews"),
    Absence("other", "Additional follow-up appointments"),
    Absence("other", "Catch-up session for rescheduled appointments"),
    Absence("other", "Additional appointments for patients after surgery"),
    Absence("other", "Extra session for initial assessments"),
    Absence("other", "Additional hours at patients' request"),
)

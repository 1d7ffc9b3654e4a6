"""Texts of appointments: reasons, concerns, notes and observations."""

from collections.abc import Mapping
from typing import NamedTuple

from app.clinic.availability.models import Location

# Adults and children give them alike.
CANCELLATION_REASONS: tuple[str, ...] = (
    "Unwell with a cold",
    "Unwell with a fever",
    "Clash with another medical appointment",
    "Family commitment",
    "No transport on the day",
    "Away from Melbourne that week",
    "Asked for a later date",
    "Symptoms have settled; will call if they return",
    "Waiting for approval of the funding",
    "Stomach bug in the household",
)
NO_SHOW_REASONS: tuple[str, ...] = (
    "Did not attend and did not call",
    "Could not be reached by phone",
    "Forgot the appointment; rebooked by phone",
    "Mixed up the day; apologised by phone",
    "Stuck in traffic and arrived after the session",
)
NO_SHOW_REASONS_AT: Mapping[Location, tuple[str, ...]] = {
    Location.CLINIC: NO_SHOW_REASONS,
    Location.HOME: ("Nobody opened the door", "Was out when the practitioner arrived"),
    Location.TELEHEALTH: (
        "Did not join the video call",
        "Could not connect to the video call",
        "Forgot the video call; rebooked by phone",
    ),
}


class Texts(NamedTuple):
    """`has_pain` says whether pain is rated before and after a session."""

    has_pain: bool
    concerns: tuple[str, ...]
    notes: tuple[str, ...]
    observations: tuple[str, ...]


LOWER_LIMB = Texts(
    True,
    (
        "Pain on stairs and after long walks",
        "Stiffness in the morning and after sitting",
        "Does not trust the leg on uneven ground",
        "Pain the day after being active",
        "Wants to walk further without a rest",
    ),
    (
        "Reviewed the home programme and progressed the strengthening exercises.",
        "Soft tissue treatment, then step-ups and balance work; tolerated well.",
        "Increased the load by one level; pain settled within a day last time.",
        "Gait training in front of the mirror; corrected the step length.",
        "Joint mobilisation, then range of motion exercises on the table.",
        "Repeated the functional tests; better than at the last session.",
    ),
    (
        "Mild swelling, no warmth",
        "Walks without a limp on the flat",
        "Single-leg stance shorter than on the other side",
        "Full range of motion, slight pain at the end",
        "Squat even on both sides, to a moderate depth",
    ),
)
UPPER_LIMB = Texts(
    True,
    (
        "Pain when reaching overhead",
        "Wakes when lying on that side",
        "Weak grip when carrying bags",
        "Stiffness in the morning",
        "Pain when lifting a kettle",
    ),
    (
        "Progressed the resistance exercises; technique is good.",
        "Joint mobilisation and stretching, then active exercises in the new range.",
        "Soft tissue treatment; reviewed the exercises for home and reduced them to three.",
        "Advice on sleeping positions and on pacing during the day.",
        "Isometric holds replaced by slow loading with a light weight.",
        "Taping as a trial until the next session.",
    ),
    (
        "Active range improved, still limited at the end",
        "Compensates with the shoulder blade when tired",
        "Grip strength nearly that of the other side",
        "Tender to touch, no swelling",
        "Resisted movements painful but strong",
    ),
)
SPINE = Texts(
    True,
    (
        "Pain after sitting for more than half an hour",
        "Stiffness when turning the head",
        "Wakes at night when turning over",
        "Worried that bending will do harm",
        "Pain by the end of the day",
    ),
    (
        "Manual therapy, then mobility exercises; moved more freely afterwards.",
        "Explained the findings and encouraged normal movement.",
        "Progressed the trunk exercises to standing.",
        "Reviewed how the workplace is set up, and agreed on short breaks.",
        "Breathing and relaxation exercises added before going to bed.",
        "Graded walking programme extended by five minutes.",
    ),
    (
        "Movement limited by stiffness more than by pain",
        "Muscle tension on both sides",
        "Reflexes, strength and sensation normal",
        "Moves with less guarding than last time",
        "Posture relaxed, breathing calm",
    ),
)
BALANCE = Texts(
    False,
    (
        "Unsteady when turning",
        "Afraid of falling in the shower",
        "Tires quickly",
        "Wants to walk to the shops alone",
        "Drops things when hurrying",
    ),
    (
        "Balance exercises on firm ground, then on foam with supervision.",
        "Practised turning, standing up and stepping over objects.",
        "Walking practice with attention to the length of steps.",
        "Task practice in short blocks with rests; keeps the quality for longer.",
        "Reviewed safety at home and agreed on two changes.",
        "Strength exercises in sitting and standing; written programme updated.",
    ),
    (
        "Needs a hand nearby for tandem stance",
        "Stands up without using the arms",
        "Steady on the flat, careful when turning",
        "Concentrates well, tires after twenty minutes",
        "Steps more even than at the last session",
    ),
)
GENERAL = Texts(
    False,
    (
        "Wants to be more active in daily life",
        "Unsure whether the exercises are done correctly",
        "Symptoms vary from day to day",
        "Would like a shorter home programme",
    ),
    (
        "Reviewed the home programme; two exercises replaced.",
        "Practised the technique with feedback; understood well.",
        "Progress discussed and the next goal agreed.",
        "Education on pacing and on signs to watch for.",
        "Exercises progressed in number, not in difficulty.",
    ),
    (
        "Follows instructions well",
        "Technique correct after one correction",
        "Breathes calmly during the exercises",
        "Motivated, has kept a diary",
    ),
)
CHILDREN = Texts(
    False,
    (
        "Pain after sports lessons at school",
        "Tires earlier than the other children",
        "Trips often when running",
        "Parents are unsure how much activity is allowed",
        "Does not like the exercises at home",
    ),
    (
        "Exercises practised as a game; a parent repeats them at home.",
        "Obstacle course and ball games for strength and coordination; took part gladly.",
        "New exercises shown to the parent, with a chart to tick off.",
        "Talked about breaks at school and about which sports are fine.",
        "Repeated the tests of the first visit; better in most of them.",
    ),
    (
        "Plays without noticing it, stops when tired",
        "Hops on both legs, less steady on one side",
        "Cooperates well, needs short tasks",
        "Moves freely, no swelling",
        "Shy at first, then at ease",
    ),
)
FIRST_NOTES: tuple[str, ...] = (
    "History taken and goals agreed. Explained the diagnosis and the plan.",
    "Assessment completed; baseline of function recorded. First exercises given.",
    "Discussed expectations, the number of sessions and the home programme.",
    "Examined, warning signs excluded. Advice on activity until the next session.",
)
LAST_NOTES: tuple[str, ...] = (
    "Goals reviewed; most of them reached. Independent programme from here.",
    "Final tests done. Knows what to do if symptoms return.",
    "Summary for the referring doctor prepared. Discharged to a home programme.",
)
TEXTS: Mapping[str, Texts] = {
    **dict.fromkeys(("knee", "ankle", "foot", "leg", "thigh", "hip"), LOWER_LIMB),
    **dict.fromkeys(("shoulder", "elbow", "wrist"), UPPER_LIMB),
    **dict.fromkeys(("neck", "back", "head", "jaw"), SPINE),
    **dict.fromkeys(("balance", "nerves", "coordination"), BALANCE),
}

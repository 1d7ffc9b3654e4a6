"""Allergies and notes of patients."""

from app.seed.randomness import Weighted

# Penicillin is the most frequent drug allergy recorded (Australasian Society of Clinical Immunology
# and Allergy); the others are estimated.
ALLERGIES: Weighted[str] = Weighted(
    (
        ("Penicillin", 20),
        ("Grass pollen", 12),
        ("House dust mites", 11),
        ("Adhesive tape", 8),
        ("Sulfonamide antibiotics", 6),
        ("Peanuts", 6),
        ("Shellfish", 6),
        ("Bee stings", 6),
        ("Cat dander", 6),
        ("Nickel", 5),
        ("Latex", 4),
        ("Codeine", 4),
        ("Cefalexin", 3),
        ("Iodinated contrast", 2),
        ("Chlorhexidine", 1),
    )
)
# One person in five has an allergy (Australasian Society of Clinical Immunology and Allergy).
HOW_MANY_ALLERGIES: Weighted[int] = Weighted(((0, 72), (1, 21), (2, 7)))

PATIENT_NOTES: tuple[str, ...] = (
    "Prefers morning appointments.",
    "Prefers to be contacted in writing.",
    "Appreciates a reminder before each appointment.",
    "Would like exercises in writing.",
    "Likes exercise videos for the home programme.",
    "Arrives by public transport.",
    "Prefers to pay by card.",
    "Asks for a quiet treatment room.",
    "Happy to see any practitioner of the clinic.",
    "Can come at short notice when another patient cancels.",
    "Asks for a receipt after each session.",
    "Consented to reports being shared with the GP.",
    "Prefers a firm pillow when lying down.",
    "Keeps an exercise diary.",
    "Has light exercise equipment at home.",
    "Sensitive to cold packs; use heat instead.",
    "Prefers to have each technique explained beforehand.",
    "Would rather not have dry needling.",
    "Open to telehealth follow-ups.",
    "Consented to student observers.",
)

# What the parents of a child say, or a physiotherapist of it.
PATIENT_NOTES_OF_CHILDREN: tuple[str, ...] = (
    "Prefers appointments after school.",
    "A parent stays in the room during the session.",
    "Exercises to be shown to both parents.",
    "Likes exercises that are games.",
    "Likes exercise videos for the home programme.",
    "School asks for a note about sports.",
    "Brings a favourite toy; shy at first.",
    "Consented by the parent to reports being shared with the GP.",
    "Plays in a sports club twice a week.",
    "A sibling comes along sometimes.",
)

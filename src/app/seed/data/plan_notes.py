"""Notes and coverage of treatment plans."""

from app.seed.data.funding import SCHEMES, THE_FUND, Payer
from app.seed.randomness import Weighted

PLAN_NOTES: dict[str, tuple[str, ...]] = {
    "planned": (
        "Initial assessment to be confirmed with the patient.",
        "Goals to be agreed at the first session.",
        "Session dates to be arranged with the patient.",
        "Patient asked to bring earlier reports and imaging.",
        "Starting measures to be taken at the first session.",
    ),
    "ongoing": (
        "Goals agreed with the patient at the first session.",
        "Home programme explained and handed over in writing.",
        "Exercises advanced as tolerated.",
        "Progress to be reviewed with the patient halfway through the plan.",
        "Patient motivated; family supportive.",
    ),
    "completed": (
        "Goals reached; discharged with a home programme.",
        "All sessions attended; patient satisfied with the result.",
        "Final measures recorded; no further sessions needed.",
        "Main goal reached; advised to keep exercising independently.",
        "Plan completed; patient to get in touch if problems recur.",
    ),
    "paused": (
        "Paused at the patient's request; to resume by arrangement.",
        "On hold while another problem takes priority.",
        "Paused to limit the number of visits a week.",
        "On hold pending a review by the treating doctor.",
        "Paused by agreement; home programme continues.",
    ),
    "cancelled": (
        "Cancelled by the patient for personal reasons.",
        "Replaced by another plan after reassessment.",
        "Cancelled at the patient's request before the last sessions.",
        "Cancelled on the treating doctor's advice.",
        "Patient chose a different course of treatment.",
    ),
}

# Estimated. A plan that somebody pays for is mostly covered in part: the patient pays the gap.
COVERAGE: dict[str, Weighted[str]] = {
    "planned": Weighted(
        (
            ("partially_covered", 30),
            ("to_verify", 25),
            ("awaiting_agreement", 20),
            ("covered", 15),
            ("not_provided", 7),
            ("not_required", 3),
        )
    ),
    "ongoing": Weighted(
        (
            ("partially_covered", 48),
            ("covered", 30),
            ("awaiting_agreement", 7),
            ("to_verify", 6),
            ("not_provided", 3),
            ("refused", 3),
            ("not_required", 3),
        )
    ),
    "completed": Weighted(
        (
            ("partially_covered", 52),
            ("covered", 35),
            ("expired", 6),
            ("refused", 4),
            ("not_required", 3),
        )
    ),
    "paused": Weighted(
        (
            ("partially_covered", 42),
            ("covered", 28),
            ("expired", 12),
            ("to_verify", 8),
            ("refused", 6),
            ("not_required", 4),
        )
    ),
    "cancelled": Weighted(
        (
            ("cancelled", 55),
            ("refused", 20),
            ("expired", 15),
            ("not_provided", 6),
            ("not_required", 4),
        )
    ),
}
# Medicare and DVA agree to a referral, not to single requests. Medicare pays a part of few sessions
# a year, and DVA and compensation schemes pay in full.
INSTEAD: dict[Payer, dict[str, str]] = {
    Payer.MEDICARE: {"awaiting_agreement": "to_verify", "covered": "partially_covered"},
    Payer.DVA: {"awaiting_agreement": "to_verify", "partially_covered": "covered"},
    Payer.WORKCOVER: {"partially_covered": "covered"},
    Payer.TAC: {"partially_covered": "covered"},
    Payer.NDIS: {"partially_covered": "covered"},
}
# What a patient pays without a claim needs no cover.
NOT_REQUIRED = "not_required"
COVERAGE_NOTES: dict[str, str | None] = {
    NOT_REQUIRED: "Paid privately; no claim is made.",
    "not_provided": None,
    "to_verify": "Extent of cover to be checked with {payer}.",
    "awaiting_agreement": "Request for cover sent; {payer} has not replied yet.",
    "covered": "All sessions of this plan are approved by {payer}.",
    "partially_covered": "Part of each session is paid by {payer}; the patient pays the gap.",
    "refused": "Declined by {payer}; sessions are at the patient's own cost.",
    "expired": "The approval by {payer} has run out.",
    "cancelled": "Approval by {payer} withdrawn when the plan was cancelled.",
}
NOTES_BY_PAYER: dict[tuple[str, str], str | None] = {
    (coverage, who): note and note.format(payer=who)
    for coverage, note in COVERAGE_NOTES.items()
    for who in (THE_FUND, *(scheme.who for scheme in SCHEMES.values()))
}

"""How patients come to the clinic."""

from app.seed.data.funding import Payer
from app.seed.randomness import Weighted

BY_GP = "GP referral"
# Medicare and DVA pay for physiotherapy only on the referral of a general practitioner.
BY_GP_ONLY = {Payer.MEDICARE, Payer.DVA}

# Estimated. General practitioners come first: physiotherapists receive more of their referrals to
# allied health than any other profession (Bettering the Evaluation and Care of Health, 2015-16).
# Patients may also come without a referral.
REFERRALS: Weighted[str] = Weighted(
    (
        (BY_GP, 48),
        ("Self-referral", 18),
        ("Specialist referral", 11),
        ("Friend or family", 8),
        ("Hospital discharge", 7),
        ("Allied health referral", 4),
        ("Online search", 4),
    )
)
# Over 65: no referrals by sports clubs or online searches, and more after a stay in hospital.
REFERRALS_OF_THE_OLD: Weighted[str] = Weighted(
    (
        (BY_GP, 55),
        ("Hospital discharge", 15),
        ("Specialist referral", 12),
        ("Friend or family", 9),
        ("Self-referral", 6),
        ("Allied health referral", 3),
    )
)
REFERRALS_OF_CHILDREN: Weighted[str] = Weighted(
    (
        (BY_GP, 50),
        ("Specialist referral", 14),
        ("Sports club", 12),
        ("Friend or family", 12),
        ("Hospital discharge", 7),
        ("Allied health referral", 5),
    )
)

"""Who pays for the treatment of patients."""

from dataclasses import dataclass
from enum import StrEnum

from app.seed.randomness import Weighted


class Payer(StrEnum):
    PRIVATE = "private"
    MEDICARE = "medicare"
    WORKCOVER = "workcover"
    TAC = "tac"
    NDIS = "ndis"
    DVA = "dva"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Scheme:
    """`provider` is its name in a patient's file, and `who` the one that the clinic writes to."""

    provider: str
    who: str


SCHEMES: dict[Payer, Scheme] = {
    Payer.MEDICARE: Scheme("Medicare chronic disease plan", "Medicare"),
    Payer.WORKCOVER: Scheme("WorkCover (WorkSafe Victoria)", "the WorkCover agent"),
    Payer.TAC: Scheme("Transport Accident Commission (TAC)", "the TAC"),
    Payer.NDIS: Scheme("National Disability Insurance Scheme (NDIS)", "the NDIS plan manager"),
    Payer.DVA: Scheme("Department of Veterans' Affairs (DVA)", "DVA"),
}
THE_FUND = "the health fund"

# Shares of the market in percent: Australian Prudential Regulation Authority, Operations of Private
# Health Insurers, 2024. HBF has most of its members in Western Australia, and less here.
HEALTH_FUNDS: Weighted[str] = Weighted(
    (
        ("Medibank", 27.1),
        ("Bupa", 24.9),
        ("HCF", 12.5),
        ("nib", 9.6),
        ("HBF", 2),
        ("Teachers Health", 2.6),
        ("GMHBA", 2.2),
        ("Australian Unity", 2.2),
        ("Defence Health", 2),
        ("CBHS Health Fund", 1.5),
        ("Westfund", 0.9),
        ("Latrobe Health Services", 0.7),
    )
)

# Up to an age. Estimated: 55 % of people have general treatment cover, which pays for physiotherapy
# (Australian Prudential Regulation Authority, 2024); one patient in ten pays without a claim, as
# the specification has it. WorkCover is for people of working age, the NDIS accepts nobody from 65
# on, and most veterans are over 75 (Department of Veterans' Affairs, statistical summary).
PAYERS: tuple[tuple[int, Weighted[Payer]], ...] = (
    (
        17,
        Weighted(
            (
                (Payer.PRIVATE, 62),
                (Payer.MEDICARE, 20),
                (Payer.NDIS, 8),
                (Payer.PATIENT, 10),
            )
        ),
    ),
    (
        39,
        Weighted(
            (
                (Payer.PRIVATE, 52),
                (Payer.MEDICARE, 17),
                (Payer.WORKCOVER, 11),
                (Payer.TAC, 6),
                (Payer.NDIS, 4),
                (Payer.PATIENT, 10),
            )
        ),
    ),
    (
        64,
        Weighted(
            (
                (Payer.PRIVATE, 53),
                (Payer.MEDICARE, 21),
                (Payer.WORKCOVER, 9),
                (Payer.TAC, 4),
                (Payer.NDIS, 3),
                (Payer.PATIENT, 10),
            )
        ),
    ),
    (
        74,
        Weighted(
            (
                (Payer.PRIVATE, 51),
                (Payer.MEDICARE, 36),
                (Payer.TAC, 1),
                (Payer.DVA, 2),
                (Payer.PATIENT, 10),
            )
        ),
    ),
    (
        120,
        Weighted(
            (
                (Payer.PRIVATE, 43),
                (Payer.MEDICARE, 34),
                (Payer.TAC, 1),
                (Payer.DVA, 12),
                (Payer.PATIENT, 10),
            )
        ),
    ),
)

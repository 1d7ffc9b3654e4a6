"""Who pays for the treatment of patients, and how they came to the clinic."""

from bisect import bisect_left
from typing import NamedTuple

from app.seed.data.ages import CHILDHOOD_ENDS, OLD_AGE
from app.seed.data.funding import HEALTH_FUNDS, PAYERS, SCHEMES, THE_FUND, Payer
from app.seed.data.plan_notes import COVERAGE, COVERAGE_NOTES, INSTEAD, NOT_REQUIRED, NOTES_BY_PAYER
from app.seed.data.referrals import (
    BY_GP,
    BY_GP_ONLY,
    REFERRALS,
    REFERRALS_OF_CHILDREN,
    REFERRALS_OF_THE_OLD,
)
from app.seed.randomness import RandomDraws

ENDS_OF_AGES = tuple(age for age, _ in PAYERS)
# The check digit of a Medicare number; invented numbers have a wrong one.
MEDICARE_FACTORS = (1, 3, 7, 9, 1, 3, 7, 9)

# How the numbers of the others are written, with eight digits.
NUMBERS = {
    Payer.PRIVATE: "{}",
    Payer.WORKCOVER: "WC {}",
    Payer.TAC: "TAC {}",
    Payer.NDIS: "4{}",
    Payer.DVA: "VX{}",
}


class Funding(NamedTuple):
    """`provider` is None if the patient pays."""

    payer: Payer
    provider: str | None


def draw_funding(draws: RandomDraws, age: int) -> Funding:
    payer = draws.weighted(PAYERS[bisect_left(ENDS_OF_AGES, age)][1])
    if payer is Payer.PATIENT:
        return Funding(payer, None)
    if payer is Payer.PRIVATE:
        return Funding(payer, draws.weighted(HEALTH_FUNDS))
    return Funding(payer, SCHEMES[payer].provider)


def insurance_number(draws: RandomDraws, payer: Payer) -> str | None:
    """Return an invented number of a member or claim."""
    digits = draws.between(10_000_000, 99_999_999)
    match payer:
        case Payer.PATIENT:
            return None
        case Payer.MEDICARE:
            return _medicare_number(draws, digits)
        case _:
            return NUMBERS[payer].format(digits)


def _medicare_number(draws: RandomDraws, digits: int) -> str:
    number = str(digits % 50_000_000 + 20_000_000)
    check = sum(map(int.__mul__, map(int, number), MEDICARE_FACTORS)) % 10
    return f"{number[:4]} {number[4:]}{(check + 1) % 10} {draws.between(1, 5)}"


def coverage(draws: RandomDraws, status: str, paid_by: Funding) -> tuple[str, str | None]:
    """Return how a plan is covered, and a note about it."""
    if paid_by.payer is Payer.PATIENT:
        return NOT_REQUIRED, COVERAGE_NOTES[NOT_REQUIRED]
    drawn = draws.weighted(COVERAGE[status])
    drawn = INSTEAD.get(paid_by.payer, {}).get(drawn, drawn)
    who = SCHEMES[paid_by.payer].who if paid_by.payer in SCHEMES else THE_FUND
    return drawn, NOTES_BY_PAYER[drawn, who]


def referral(draws: RandomDraws, paid_by: Funding, age: int) -> str:
    if paid_by.payer in BY_GP_ONLY:
        return BY_GP
    if age < CHILDHOOD_ENDS:
        return draws.weighted(REFERRALS_OF_CHILDREN)
    return draws.weighted(REFERRALS_OF_THE_OLD if age >= OLD_AGE else REFERRALS)

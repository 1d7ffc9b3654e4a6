"""What a treatment plan treats."""

from dataclasses import dataclass

from app.seed.people.names import SHARES_OF_SEXES


@dataclass(frozen=True, slots=True)
class Condition:
    """Sessions and ages (in years) are ranges with both ends included; no gender means any.

    `weight` says how many patients have it, compared with the others, and `women` which share of
    them are women. A patient has one plan per region of the body. The surgery or illness that a
    plan follows is also in the patient's record. The Transport Accident Commission pays for what
    occurs in traffic.
    """

    title: str
    diagnosis: str
    objective: str
    region: str
    sessions: tuple[int, int]
    per_week: tuple[int, ...]
    ages: tuple[int, int]
    weight: float
    women: float | None = None
    gender: str | None = None
    surgery: str | None = None
    illness: str | None = None
    after_traffic: bool = False

    def weight_for(self, sex: str) -> float:
        """Return the weight for patients of a sex, of which the seed has unequal numbers."""
        if self.women is None:
            return self.weight
        share = self.women if sex == "female" else 1 - self.women
        return self.weight * share / SHARES_OF_SEXES[sex]

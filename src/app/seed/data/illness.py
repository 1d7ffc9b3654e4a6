"""A condition of a patient's medical history, and how often people of an age have it."""

from dataclasses import dataclass

from app.seed.randomness import Weighted

# A treatment is a list of medications.
Treatment = tuple[str, ...]
Treatments = Weighted[Treatment]


@dataclass(frozen=True, slots=True)
class MedicalCondition:
    """`percent` is how many have it at 5 to 17, 18 to 39, 40 to 64, 65 to 79, and 80 and over.

    `women` is the share of women among them. `treatments` are for adults. A patient has at most one
    condition of a group. `surgery` comes with the condition.
    """

    name: str
    percent: tuple[float, float, float, float, float]
    treatments: Treatments | None = None
    treatment_of_children: Treatment = ()
    women: float = 0.5
    youngest: int = 5
    group: str | None = None
    surgery: str | None = None


def one_of(*treatments: tuple[float, Treatment]) -> Treatments:
    return Weighted((treatment, weight) for weight, treatment in treatments)


def only(*medications: str) -> Treatments:
    return Weighted([(medications, 1)])

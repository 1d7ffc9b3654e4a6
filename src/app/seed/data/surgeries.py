"""Earlier surgeries of patients."""

from dataclasses import dataclass

from app.seed.randomness import Weighted


@dataclass(frozen=True, slots=True)
class Surgery:
    """Ages are those at the time of the surgery, in years, both ends included."""

    name: str
    ages: tuple[int, int]
    weight: float
    sex: str | None = None


# Weights after the most frequent procedures in Australian hospitals (Australian Institute of Health
# and Welfare, Admitted patient care: procedures; Elective surgery), estimated.
SURGERIES: tuple[Surgery, ...] = (
    Surgery("Tonsillectomy", (5, 25), 8),
    Surgery("Adenoidectomy", (5, 12), 4),
    Surgery("Appendicectomy", (8, 60), 7),
    Surgery("Internal fixation of a forearm fracture", (6, 16), 3),
    Surgery("Strabismus correction", (5, 14), 1),
    Surgery("Wisdom tooth extraction", (16, 35), 10),
    Surgery("Septoplasty", (18, 50), 2),
    Surgery("Caesarean section", (22, 42), 14, "female"),
    Surgery("Hysterectomy", (38, 65), 5, "female"),
    Surgery("Vasectomy", (30, 50), 6, "male"),
    Surgery("Internal fixation of a clavicle fracture", (16, 50), 1),
    Surgery("Knee arthroscopy", (18, 60), 6),
    Surgery("Shoulder stabilisation", (18, 35), 1),
    Surgery("Internal fixation of an ankle fracture", (18, 70), 2),
    Surgery("Cholecystectomy", (30, 75), 6),
    Surgery("Inguinal hernia repair", (25, 80), 6, "male"),
    Surgery("Varicose vein surgery", (35, 70), 2),
    Surgery("Carpal tunnel release", (35, 75), 3),
    Surgery("Lumbar microdiscectomy", (30, 65), 1.5),
    Surgery("Bunion correction", (35, 70), 2),
    Surgery("Skin cancer excision", (40, 88), 10),
    Surgery("Cataract surgery", (60, 88), 16),
)

# How many a patient has had, up to an age (estimated: hospital separations rise with age).
HOW_MANY: tuple[tuple[int, Weighted[int]], ...] = (
    (17, Weighted(((0, 85), (1, 15)))),
    (39, Weighted(((0, 60), (1, 32), (2, 8)))),
    (64, Weighted(((0, 42), (1, 38), (2, 20)))),
    (120, Weighted(((0, 22), (1, 40), (2, 38)))),
)

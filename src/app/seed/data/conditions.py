"""All conditions that are treated, each with a matching plan."""

from app.seed.data.adult_conditions import ADULT_CONDITIONS
from app.seed.data.child_conditions import CHILD_CONDITIONS
from app.seed.data.condition import Condition

CONDITIONS: tuple[Condition, ...] = ADULT_CONDITIONS + CHILD_CONDITIONS

"""The rules of seeded data that a scenario keeps."""

from app.seed.audit.checks import ALL_RULES
from app.seed.audit.rule import CatalogueRule, Rule


def ordinary_rules(*besides: str) -> tuple[Rule | CatalogueRule, ...]:
    """Return the rules of seeded data, except those with these names."""
    kept = tuple(rule for rule in ALL_RULES if rule.name not in besides)
    if len(kept) + len(besides) != len(ALL_RULES):
        raise ValueError(f"not all of these are rules of seeded data: {besides}")
    return kept

"""What the rules of several scenarios share."""

from sqlalchemy import ColumnElement, Exists, FromClause, Table, exists, not_, select

from app.seed.audit.rule import Rule, table

organizations = table("organizations")


def none_of(rows: Table) -> Rule:
    return Rule(f"the clinic has no {rows.name.replace('_', ' ')}", rows.name, rows)


def any_of(sentence: str, rows: Table, *conditions: ColumnElement[bool]) -> Rule:
    """Return a rule that some of these rows meet all conditions."""
    return all_true(sentence, rows, some(rows, *conditions))


def all_true(sentence: str, about: Table, *facts: ColumnElement[bool]) -> Rule:
    """Return a rule that all these facts about a clinic are true."""
    broken = not_(facts[0])
    for fact in facts[1:]:
        broken |= not_(fact)
    return Rule(sentence, about.name, organizations, broken)


def some(rows: FromClause, *conditions: ColumnElement[bool]) -> Exists:
    # Otherwise a condition about a table two queries further out would be about any of its rows.
    return exists(select(rows.c.id).where(*conditions)).correlate_except(rows)

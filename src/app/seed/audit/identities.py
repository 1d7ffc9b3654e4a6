"""Rules of users, organizations and memberships."""

from sqlalchemy import func, select

from app.auth.models import Role
from app.seed.audit.rule import Rule, count_not_between, repeated, table

users, accounts = table("users"), table("accounts")
organizations, members = table("organizations"), table("members")

sizes = (
    select(
        organizations.c.id,
        select(func.count())
        .where(members.c.organization_id == organizations.c.id)
        .scalar_subquery()
        .label("members"),
    )
    .group_by(organizations.c.id)
    .subquery()
)
largest = select(func.max(sizes.c.members)).scalar_subquery()

RULES = (
    Rule(
        "every user has one password, hashed with argon2id",
        "users",
        count_not_between(
            users,
            accounts,
            "user_id",
            1,
            1,
            accounts.c.password.like("$argon2id$%"),
        ),
    ),
    Rule("e-mail addresses of users are distinct", "users", repeated(users, users.c.email)),
    Rule(
        "e-mail addresses of users are in a domain reserved for examples",
        "users",
        select(users.c.id).where(users.c.email.not_like("%@example.com")),
    ),
    Rule(
        "names of organizations are distinct",
        "organizations",
        repeated(organizations, func.lower(organizations.c.name)),
    ),
    Rule("slugs are distinct", "organizations", repeated(organizations, organizations.c.slug)),
    Rule(
        "every user belongs to one organization",
        "users",
        count_not_between(users, members, "user_id", 1, 1),
    ),
    Rule(
        "every organization has one owner",
        "organizations",
        count_not_between(
            organizations, members, "organization_id", 1, 1, members.c.role == Role.OWNER
        ),
    ),
    Rule(
        "users are spread over organizations as evenly as can be",
        "organizations",
        select(sizes.c.id).where(sizes.c.members < largest - 1),
    ),
)

"""Rules of users, organizations and memberships."""

from sqlalchemy import func, select

from app.auth.models import Role
from app.seed.audit.rule import Rule, count_if, repeated, table, with_counts

users, accounts = table("users"), table("accounts")
organizations, members = table("organizations"), table("members")

logins = with_counts(
    users,
    {accounts.c.user_id: users.c.id},
    passwords=count_if(accounts.c.password.like("$argon2id$%")),
)
belongings = with_counts(users, {members.c.user_id: users.c.id}, members=func.count())
sizes = with_counts(
    organizations,
    {members.c.organization_id: organizations.c.id},
    members=func.count(),
    owners=count_if(members.c.role == Role.OWNER),
)
largest = select(func.max(sizes.c.members)).scalar_subquery()

USER_RULES = (
    Rule(
        "every user has one password, hashed with argon2id",
        "users",
        logins,
        logins.c.passwords != 1,
    ),
    Rule("email addresses of users are distinct", "users", repeated(users, users.c.email)),
    Rule(
        "email addresses of users are in a domain reserved for examples",
        "users",
        users,
        users.c.email.not_like("%@example.com") & users.c.email.not_like("%@%.example.com"),
    ),
)
ORGANIZATION_RULES = (
    Rule(
        "names of organizations are distinct",
        "organizations",
        repeated(organizations, func.lower(organizations.c.name)),
    ),
    Rule("slugs are distinct", "organizations", repeated(organizations, organizations.c.slug)),
)
MEMBERSHIP_RULES = (
    Rule(
        "every user belongs to one organization",
        "users",
        belongings,
        belongings.c.members != 1,
    ),
    Rule(
        "every organization has one owner",
        "organizations",
        sizes,
        sizes.c.owners != 1,
    ),
    Rule(
        "users are distributed evenly over organizations",
        "organizations",
        sizes,
        sizes.c.members < largest - 1,
    ),
)

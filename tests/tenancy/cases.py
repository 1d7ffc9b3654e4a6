"""What a row of the tenancy table says: how a route is called, and how each kind of caller fares.

The texts of a row may name what is in the database: `{clinic.id}` of the organization that is
attacked, `{mine.slug}` of the caller's own, `{me.email}` of the caller, `{colleague.member_id}` of
somebody of the attacked one, and of a row of a table the id, `{clinic.rows[patients]}`, or
`{hidden[patients]}` of one that was deleted.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class CallerKind(StrEnum):
    """An outsider owns another organization: nobody has more rights that must not count here."""

    NOBODY = "nobody"
    STRANGER = "stranger"
    OUTSIDER = "outsider"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"
    RECIPIENT = "recipient"  # of an invitation to the attacked organization
    UNVERIFIED = "unverified"  # likewise, but the address may be somebody else's


IN_EVERY_ROW = tuple(CallerKind)[:6]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A response and the tables that the call changes, which are all that it changes.

    `response` is the whole JSON, or `...` where only the status counts. `tells` has the columns, by
    table, which the response may disclose to any caller.
    """

    status: int
    code: str | None = None
    writes: frozenset[str] = frozenset()
    response: Any = ...
    tells: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """`route` is method and path as the application knows them; `url` only where it differs.

    `concerns` names the people besides the caller whose rows an allowed call changes. A body is
    JSON, or what a `form` sends.
    """

    route: str
    note: str
    outcomes: Mapping[CallerKind, Outcome]
    url: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, Any] | None = None
    concerns: Collection[str] = ()

    def __str__(self) -> str:
        return f"{self.route} {self.note}".rstrip()

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.url or self.route.partition(" ")[2]


def allowed(*writes: str, status: int = 200, response: Any = ...) -> Outcome:
    return Outcome(status=status, writes=frozenset(writes), response=response)


def refused(status: int, code: str) -> Outcome:
    return Outcome(status=status, code=code)


def tells(**columns: Collection[str]) -> Outcome:
    """Say what everybody may read, of a set that everybody may replace."""
    return Outcome(status=200, tells=columns)


READS = allowed()
SIGN_IN_FIRST = refused(401, "UNAUTHORIZED")


def anybody(outcome: Outcome, **exceptions: Outcome) -> dict[CallerKind, Outcome]:
    return dict.fromkeys(IN_EVERY_ROW, outcome) | _by_caller(exceptions)


def signed_in(outcome: Outcome, **exceptions: Outcome) -> dict[CallerKind, Outcome]:
    return anybody(outcome, **{"nobody": SIGN_IN_FIRST, **exceptions})


def members(
    *, others: Outcome, member: Outcome, admin: Outcome, owner: Outcome, **exceptions: Outcome
) -> dict[CallerKind, Outcome]:
    """Return the outcomes of the people of the attacked organization, and of all other users."""
    return signed_in(others, member=member, admin=admin, owner=owner, **exceptions)


def _by_caller(outcomes: Mapping[str, Outcome]) -> dict[CallerKind, Outcome]:
    return {CallerKind(name): outcome for name, outcome in outcomes.items()}

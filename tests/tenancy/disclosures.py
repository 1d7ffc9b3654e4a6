"""What a call tells about an organization that the caller does not belong to: that it exists.

The same as Better Auth tells, and no more: names, people and contents are never told.
`docs/threat-model.md` has this list for readers.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

import httpx

from tenancy.cases import CallerKind, Row
from tenancy.people import MADE_UP

# What a row names of the organization that is attacked, by what the name is of.
KINDS: tuple[tuple[str, str], ...] = (
    (r"clinic\.id", "organization id"),
    (r"clinic\.slug", "slug"),
    (r"clinic\.rows\[\w+\]|hidden\[\w+\]", "row id"),
    (r"\w+\.id", "user id"),
    (r"\w+\.member_id", "member id"),
    (r"\w+\.email", "email"),
    (r"\w+\.invitation", "invitation id"),
    (r"\w+\.(token|listed|elsewhere)", "session token"),
)
UNKNOWN: Mapping[str, str] = {
    "slug": "nowhere-physiotherapy",
    "email": "somebody.else@example.net",
    "session token": "made-up",
}
OUTSIDERS = (CallerKind.NOBODY, CallerKind.STRANGER, CallerKind.OUTSIDER)
# What differs from call to call.
VOLATILE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}"
    r"|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=\"token\":\")[^\"]+"
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A response that depends on whether a thing of this kind exists, and who can get it."""

    kind: str
    callers: Collection[CallerKind] = (CallerKind.STRANGER, CallerKind.OUTSIDER)


ORGANIZATION = "/api/auth/organization"
# These two need an active organization of the caller's own.
IN_ONE = (CallerKind.OUTSIDER,)
DISCLOSURES: Mapping[str, tuple[Disclosure, ...]] = {
    "POST /api/auth/sign-up/email": (Disclosure("email", OUTSIDERS),),
    f"GET {ORGANIZATION}/get-organization": (Disclosure("organization id"), Disclosure("slug")),
    f"GET {ORGANIZATION}/get-full-organization": (
        Disclosure("organization id"),
        Disclosure("slug"),
    ),
    f"POST {ORGANIZATION}/set-active": (Disclosure("slug"),),
    f"GET {ORGANIZATION}/list-members": (Disclosure("slug"),),
    f"GET {ORGANIZATION}/get-active-member-role": (Disclosure("slug"),),
    f"POST {ORGANIZATION}/create": (Disclosure("slug"),),
    f"POST {ORGANIZATION}/check-slug": (Disclosure("slug"),),
    f"POST {ORGANIZATION}/update": (Disclosure("slug", IN_ONE),),
    f"POST {ORGANIZATION}/update-member-role": (Disclosure("member id", IN_ONE),),
    f"GET {ORGANIZATION}/get-invitation": (Disclosure("invitation id"),),
    f"POST {ORGANIZATION}/accept-invitation": (Disclosure("invitation id"),),
    f"POST {ORGANIZATION}/reject-invitation": (Disclosure("invitation id"),),
    f"POST {ORGANIZATION}/cancel-invitation": (Disclosure("invitation id"),),
}


def listed_for(route: str) -> set[tuple[str, CallerKind]]:
    """Return what the list has for a route: kinds of things, and who learns of them."""
    listed = DISCLOSURES.get(route, ())
    return {(each.kind, caller) for each in listed for caller in each.callers}


def foreign_names(row: Row, caller: CallerKind) -> dict[str, str]:
    """Return what a row names that is not the caller's, each with its kind."""
    return {name: kind_of(name) for name in _names(row) if not _is_own(name, caller)}


def _is_own(name: str, caller: CallerKind) -> bool:
    # The guest is a member of the outsider's organization, but with another member id.
    is_colleague = caller is CallerKind.OUTSIDER and name in {"guest.id", "guest.email"}
    return is_colleague or name.startswith(("me.", "mine."))


def kind_of(name: str) -> str:
    return next(kind for pattern, kind in KINDS if re.fullmatch(pattern, name))


def without(row: Row, names: Collection[str]) -> Row:
    """Replace these names in the texts of a row by values that nothing in the database has."""
    return replace(
        row,
        url=_without(row.url, names),
        query=_without(row.query, names),
        body=_without(row.body, names),
        form=_without(row.form, names),
    )


def _without(template: Any, names: Collection[str]) -> Any:
    if isinstance(template, str):
        for name in names:
            template = template.replace(f"{{{name}}}", UNKNOWN.get(kind_of(name), MADE_UP))
        return template
    if isinstance(template, dict):
        return {key: _without(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [_without(value, names) for value in template]
    return template


def told(response: httpx.Response, sent: Collection[str]) -> tuple[int, str]:
    """Return what a response says, without what was sent and what differs from call to call."""
    text = response.text
    for value in (*sent, *UNKNOWN.values()):
        text = text.replace(value, "…")
    return response.status_code, VOLATILE.sub("…", text)


def _names(row: Row) -> set[str]:
    texts = _texts([row.url, row.query, row.body, row.form])
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from _texts(value)

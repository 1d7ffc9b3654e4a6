"""Changes of the content of a scenario, which break one of its guarantees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from app.auth.invitations import IssuedInvitation
from app.auth.models import InvitationStatus, Role
from app.database.bulk import Row
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.scenario import ClinicContent
from seed.scenarios.clinic_rows import Change
from seed.scenarios.made import REQUEST

Where = Callable[[Row], bool]


def with_rows(content: ClinicContent, kind: str, rows: list[Row]) -> ClinicContent:
    return replace(content, rows={**content.rows, kind: rows})


def change(kind: str, where: Where, to: Callable[[Row], dict[str, Any]]) -> Change:
    """Change columns of some rows."""

    def changed(content: ClinicContent) -> ClinicContent:
        rows = [{**row, **to(row)} if where(row) else row for row in content.rows[kind]]
        assert rows != content.rows[kind]
        return with_rows(content, kind, rows)

    return changed


def drop(kind: str, where: Where) -> Change:
    def dropped(content: ClinicContent) -> ClinicContent:
        rows = [row for row in content.rows[kind] if not where(row)]
        assert len(rows) < len(content.rows[kind])
        return with_rows(content, kind, rows)

    return dropped


def both(*changes: Change) -> Change:
    def changed(content: ClinicContent) -> ClinicContent:
        for each in changes:
            content = each(content)
        return content

    return changed


def change_users(to: Callable[[Any], dict[str, Any]]) -> Change:
    return lambda content: replace(
        content, users=[replace(user, **to(user)) for user in content.users]
    )


def change_clinic(to: Callable[[Any], dict[str, Any]]) -> Change:
    return lambda content: replace(
        content,
        organizations=[(replace(each, **to(each)), owner) for each, owner in content.organizations],
    )


def ordinary(_content: ClinicContent) -> ClinicContent:
    """Replace everything by an ordinary clinic."""
    return ordinary_content(REQUEST)


def alone(content: ClinicContent) -> ClinicContent:
    """Leave only the owner, without the other practitioners and what is theirs."""
    [(_, owner)] = content.organizations
    rows = {
        kind: [row for row in of_kind if row.get("user_id", owner.user_id) == owner.user_id]
        for kind, of_kind in content.rows.items()
    }
    users = [user for user in content.users if user.id == owner.user_id]
    return replace(content, users=users, members=[], rows=rows)


def invite(content: ClinicContent) -> ClinicContent:
    [(organization, owner)] = content.organizations
    invitation = IssuedInvitation(
        organization_id=organization.id,
        inviter_id=owner.user_id,
        email="invited@example.com",
        role=Role.MEMBER,
        id=uuid4(),
        status=InvitationStatus.PENDING,
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    return replace(content, invitations=[invitation])

"""Effective availability of all practitioners over HTTP."""

import datetime
from typing import Annotated

from litestar.params import QueryParameter

from app import clock
from app.clinic import routes
from app.clinic.availability import examples
from app.clinic.availability.controllers.effective import respond_with_days
from app.clinic.availability.controllers.error_responses import NO_DAY, TOO_MANY_TEAM_DAYS
from app.clinic.availability.effective import MAX_TEAM_DAYS, list_team
from app.clinic.availability.schemas import TeamMemberAvailability, TeamPage
from app.clinic.parameters import CurrentCaller, Cursor, DatabaseSession, Limit
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import OrderedController


class TeamController(OrderedController):
    path = "/availability/team"
    tags = ("Availability",)

    @routes.read_list(
        "listTeamAvailability",
        "List when each practitioner can be booked",
        NO_DAY,
        TOO_MANY_TEAM_DAYS,
        description="Effective availability of all members of the active organization, in the "
        f"order of their names, for at most {MAX_TEAM_DAYS} days.",
        response=examples.TEAM_PAGE,
    )
    async def list_team_availability(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        from_: Annotated[
            datetime.date | None,
            QueryParameter(name="from", description="By default today, in UTC."),
        ] = None,
        to: Annotated[
            datetime.date | None,
            QueryParameter(name="to", description="The last date, included. By default `from`."),
        ] = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> TeamPage:
        first = from_ or clock.today()
        page = await list_team(session, caller, first, to or first, cursor, limit)
        return TeamPage(
            items=[
                TeamMemberAvailability(
                    user_id=member.user.id,
                    name=member.user.name,
                    days=respond_with_days(member.days),
                )
                for member in page.items
            ],
            next=page.next,
        )

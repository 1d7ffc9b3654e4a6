"""Weekly templates over HTTP."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.clinic import routes
from app.clinic.availability import examples, service
from app.clinic.availability.controllers.error_responses import INVALID_TEMPLATE, NOT_OWN
from app.clinic.availability.models import WeeklyAvailabilityTemplate
from app.clinic.availability.schemas import (
    CreateTemplate,
    ReplaceTemplate,
    TemplatePage,
    TemplateResponse,
)
from app.clinic.errors import NotFound
from app.clinic.parameters import CurrentCaller, Cursor, DatabaseSession, Limit, UserId
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import ANY_VERSION, IfMatch, check_version, tagged
from app.web.openapi import EXAMPLE_ID, OrderedController

NO_TEMPLATE = NotFound("weekly template")


class TemplateController(OrderedController):
    path = "/availability/templates"
    tags = ("Availability",)
    opt = {EXAMPLE_ID: examples.TEMPLATE_ID}

    @routes.read_list(
        "listTemplates",
        "List weekly templates",
        description="The hours that practitioners offer every week.",
        response=examples.TEMPLATE_PAGE,
    )
    async def list_templates(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        user_id: UserId = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> TemplatePage:
        page = await service.list_templates(session, caller, user_id, cursor, limit)
        return TemplatePage.of(page)

    @routes.create(
        "createTemplate",
        "Create a weekly template",
        *INVALID_TEMPLATE,
        NOT_OWN,
        routes.NO_PRACTITIONER,
        request=examples.NEW_TEMPLATE,
        response=examples.CREATED_TEMPLATE,
    )
    async def create_template(
        self, data: JSONBody[CreateTemplate], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[TemplateResponse]:
        row = await service.create_slot(session, caller, WeeklyAvailabilityTemplate, data)
        return tagged(TemplateResponse.of(row), 201)

    @routes.read_row(
        "/{template_id:uuid}",
        "getTemplate",
        "Get a weekly template",
        NO_TEMPLATE,
        response=examples.TEMPLATE,
    )
    async def get_template(
        self, template_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[TemplateResponse]:
        row = await service.get_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        return tagged(TemplateResponse.of(row))

    @routes.replace(
        "/{template_id:uuid}",
        "replaceTemplate",
        "Replace a weekly template",
        *INVALID_TEMPLATE,
        NOT_OWN,
        NO_TEMPLATE,
        request=examples.TEMPLATE_REPLACEMENT,
        response=examples.REPLACED_TEMPLATE,
    )
    async def replace_template(
        self,
        template_id: FromPath[UUID],
        data: JSONBody[ReplaceTemplate],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[TemplateResponse]:
        row = await _get_to_change(session, caller, template_id, if_match)
        row = await service.replace_slot(session, caller, WeeklyAvailabilityTemplate, row, data)
        return tagged(TemplateResponse.of(row))

    @routes.delete(
        "/{template_id:uuid}",
        "deleteTemplate",
        "Delete a weekly template",
        NOT_OWN,
        NO_TEMPLATE,
    )
    async def delete_template(
        self,
        template_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> None:
        await service.delete_slot(
            session, await _get_to_change(session, caller, template_id, if_match)
        )


async def _get_to_change(
    session: AsyncSession, caller: Caller, template_id: UUID, if_match: str
) -> WeeklyAvailabilityTemplate:
    row = await service.hold_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
    check_version(if_match, TemplateResponse.of(row))
    return row

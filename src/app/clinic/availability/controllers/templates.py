"""Weekly templates over HTTP."""

from uuid import UUID

from litestar.params import FromPath, JSONBody

from app.clinic import routes
from app.clinic.availability import examples, service
from app.clinic.availability.controllers.error_responses import (
    HOURS_NEEDED,
    INVALID_TEMPLATE,
    NO_TEMPLATE,
    NOT_OWN,
)
from app.clinic.availability.schemas import (
    CreateTemplate,
    ReplaceTemplate,
    TemplatePage,
    TemplateResponse,
)
from app.clinic.changes import CurrentChange
from app.clinic.examples import NEW_ID
from app.clinic.parameters import CurrentCaller, Cursor, DatabaseSession, Force, Limit, UserId
from app.database.pagination import DEFAULT_LIMIT
from app.web.openapi import EXAMPLE, OrderedController


class TemplateController(OrderedController):
    path = "/availability/templates"
    tags = ("Availability",)
    opt = {EXAMPLE: examples.TEMPLATE}

    @routes.read_list(
        "listTemplates",
        "List weekly templates",
        description="The hours that practitioners offer every week.",
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
        routes.NO_PRACTITIONER,
        request=examples.NEW_TEMPLATE,
        response={**examples.TEMPLATE, **examples.NEW_TEMPLATE, "id": NEW_ID},
    )
    async def create_template(
        self, data: JSONBody[CreateTemplate], session: DatabaseSession, caller: CurrentCaller
    ) -> TemplateResponse:
        return TemplateResponse.of(await service.create_template(session, caller, data))

    @routes.read_row("/{template_id:uuid}", "getTemplate", "Get a weekly template", NO_TEMPLATE)
    async def get_template(
        self, template_id: FromPath[UUID], session: DatabaseSession, caller: CurrentCaller
    ) -> TemplateResponse:
        return TemplateResponse.of(await service.get_template(session, caller, template_id))

    @routes.replace(
        "/{template_id:uuid}",
        "replaceTemplate",
        "Replace a weekly template",
        *INVALID_TEMPLATE,
        HOURS_NEEDED,
        NO_TEMPLATE,
        request=examples.TEMPLATE_REPLACEMENT,
    )
    async def replace_template(
        self,
        template_id: FromPath[UUID],
        data: JSONBody[ReplaceTemplate],
        change: CurrentChange,
        force: Force = False,
    ) -> TemplateResponse:
        row = await change.lock(service.lock_template, template_id, TemplateResponse)
        return TemplateResponse.of(
            await service.replace_slot(change.session, change.caller, row, data, force=force)
        )

    @routes.delete(
        "/{template_id:uuid}",
        "deleteTemplate",
        "Delete a weekly template",
        HOURS_NEEDED,
        NOT_OWN,
        NO_TEMPLATE,
    )
    async def delete_template(
        self, template_id: FromPath[UUID], change: CurrentChange, force: Force = False
    ) -> None:
        row = await change.lock(service.lock_template, template_id, TemplateResponse)
        await service.delete_slot(change.session, row, force=force)

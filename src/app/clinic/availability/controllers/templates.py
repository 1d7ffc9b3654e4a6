"""Weekly templates over HTTP."""

from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.openapi import SIGNED_IN
from app.clinic.availability import service
from app.clinic.availability.controllers.error_responses import NOT_OWN, TEMPLATE_WRITTEN
from app.clinic.availability.controllers.parameters import UserId
from app.clinic.availability.models import WeeklyAvailabilityTemplate
from app.clinic.availability.schemas import (
    CreateTemplate,
    ReplaceTemplate,
    TemplatePage,
    TemplateResponse,
    fields_of_slot,
)
from app.clinic.error_responses import CHANGED, CREATED, LISTED, NO_PRACTITIONER, READ, refusals
from app.clinic.errors import NothingHere
from app.database.pagination import DEFAULT_LIMIT, Cursor, Limit
from app.web.etags import ANY_VERSION, IfMatch, refuse_stale, tagged
from app.web.openapi import ExampleOperation, OrderedController, TaggedOperation

NO_TEMPLATE = NothingHere("weekly template")


class TemplateController(OrderedController):
    path = "/availability/templates"
    tags = ("Availability",)
    security = SIGNED_IN

    @get(
        "/",
        operation_id="listTemplates",
        operation_class=ExampleOperation,
        summary="The hours that practitioners offer every week",
        responses=refusals(*LISTED, query=("userId", "cursor", "limit")),
    )
    async def list_templates(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        user_id: UserId = None,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> TemplatePage:
        page = await service.list_templates(session, caller, user_id, cursor, limit)
        return TemplatePage(items=[_answer(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createTemplate",
        operation_class=TaggedOperation,
        summary="Offer hours every week",
        responses=refusals(*TEMPLATE_WRITTEN, *CREATED, NOT_OWN, NO_PRACTITIONER),
    )
    async def create_template(
        self,
        data: JSONBody[CreateTemplate],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[TemplateResponse]:
        fields = fields_of_slot(data)
        user_id = fields.pop("user_id") or caller.user_id
        row = await service.create_slot(
            session, caller, WeeklyAvailabilityTemplate, user_id, fields
        )
        return tagged(_answer(row), 201)

    @get(
        "/{template_id:uuid}",
        operation_id="getTemplate",
        operation_class=TaggedOperation,
        summary="A weekly template",
        responses=refusals(*READ, NO_TEMPLATE),
    )
    async def get_template(
        self,
        template_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[TemplateResponse]:
        row = await service.get_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        return tagged(_answer(row))

    @put(
        "/{template_id:uuid}",
        operation_id="replaceTemplate",
        operation_class=TaggedOperation,
        summary="Offer other hours instead",
        responses=refusals(*TEMPLATE_WRITTEN, *CHANGED, NOT_OWN, NO_TEMPLATE),
    )
    async def replace_template(
        self,
        template_id: FromPath[UUID],
        data: JSONBody[ReplaceTemplate],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[TemplateResponse]:
        row = await service.hold_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        refuse_stale(if_match, _answer(row))
        row = await service.replace_slot(
            session, caller, WeeklyAvailabilityTemplate, row, fields_of_slot(data)
        )
        return tagged(_answer(row))

    @delete(
        "/{template_id:uuid}",
        operation_id="deleteTemplate",
        operation_class=TaggedOperation,
        summary="Offer hours no more",
        responses=refusals(*CHANGED, NOT_OWN, NO_TEMPLATE),
    )
    async def delete_template(
        self,
        template_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> None:
        row = await service.hold_slot(session, caller, WeeklyAvailabilityTemplate, template_id)
        refuse_stale(if_match, _answer(row))
        await service.delete_slot(session, row)


def _answer(row: WeeklyAvailabilityTemplate) -> TemplateResponse:
    return msgspec.convert(row, TemplateResponse, from_attributes=True)

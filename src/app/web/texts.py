"""Schemas of text in lists, whose pattern Litestar would omit."""

from litestar.openapi.spec import OpenAPIType, Schema

from app.web.schemas import WITHOUT_NUL

TEXT = Schema(type=OpenAPIType.STRING, pattern=WITHOUT_NUL)
TEXTS = Schema(type=OpenAPIType.ARRAY, items=TEXT)

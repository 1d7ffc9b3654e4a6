"""Serve the files of a folder."""

from pathlib import Path

from litestar import Router
from litestar.exceptions import InternalServerException
from litestar.static_files import create_static_files_router

from app.web.problem_details import not_found_response


def serve_files(path: str, folder: Path) -> Router:
    return create_static_files_router(
        path=path,
        directories=[folder],
        include_in_schema=False,
        # An invalid file name is a 404 as well.
        exception_handlers=dict.fromkeys(
            [OSError, ValueError, InternalServerException], not_found_response
        ),
    )

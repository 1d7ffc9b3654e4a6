"""Problem documents under `/api/auth`: with the `code` and `message` of Better Auth."""

from typing import Any

from litestar import Request, Response

from app.web.problem_details import problem_response, to_problem

IDENTITY_PATH = "/api/auth"


def identity_problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem = to_problem(error)
    code = str(problem.title).upper().replace(" ", "_")
    problem.extra = {"code": code, "message": problem.detail, **dict(problem.extra or {})}
    return problem.to_response(request)


def error_response(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Return the problem document of an error, in the form of the API that was called."""
    if _is_identity_call(request):
        return identity_problem_response(request, error)
    return problem_response(request, error)


def _is_identity_call(request: Request[Any, Any, Any]) -> bool:
    path: str = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return path == IDENTITY_PATH or path.startswith(f"{IDENTITY_PATH}/")

"""The OpenAPI document says all that a caller must know, in examples that would really come."""

from typing import Any

import httpx
import msgspec
import pytest

from app.problems import Problem
from app.seed.request import SeedRequest
from app.seed.summary import SeedSummary
from journeys.commands import on_sqlite

pytestmark = on_sqlite

REFUSALS = ("400", "403", "409", "413", "500", "503")


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    return (await client.get("/schema/openapi.json")).json()


@pytest.fixture
def operation(document: Any) -> Any:
    return document["paths"]["/api/db/seed"]["post"]


def examples(media_types: dict[str, Any], media_type: str) -> list[Any]:
    """Give the values of the named examples of one media type."""
    return [example["value"] for example in media_types[media_type]["examples"].values()]


async def test_every_operation_is_named(document: Any) -> None:
    """Every operation has an id of its own, a summary and a tag."""
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids)) > 1
    assert all(operation["summary"] and operation["tags"] for operation in operations)


async def test_the_seed_is_described(operation: Any) -> None:
    """The seed has a summary, a description, and one for each of its parameters."""
    assert operation["summary"]
    assert "Password123" in operation["description"]
    described = {each["name"]: each["description"] for each in operation["parameters"]}
    assert described.keys() == {"reset", "dryRun"}
    assert all(described.values())


async def test_the_body_of_the_seed_is_optional(operation: Any) -> None:
    """The document does not ask for a body that may be left out."""
    assert not operation["requestBody"].get("required", False)


async def test_the_examples_of_the_request_can_be_chosen(operation: Any) -> None:
    """The request has several named examples, the first one empty, and all would be accepted."""
    values = examples(operation["requestBody"]["content"], "application/json")
    assert values[0] == {}
    assert len(values) > 1
    assert all(msgspec.convert(value, SeedRequest) for value in values)


async def test_the_answers_are_all_documented(operation: Any) -> None:
    """The seed documents what it answers to success, to a dry run and to every refusal."""
    assert set(operation["responses"]) == {"200", "201", *REFUSALS}


@pytest.mark.parametrize(("status", "committed"), [("201", True), ("200", False)])
async def test_the_example_of_a_summary_is_one(
    operation: Any, status: str, *, committed: bool
) -> None:
    """The example of a success is a whole summary that says whether it was committed."""
    for value in examples(operation["responses"][status]["content"], "application/json"):
        assert msgspec.convert(value, SeedSummary).committed is committed
        assert msgspec.to_builtins(msgspec.convert(value, SeedSummary)) == value


@pytest.mark.parametrize("status", REFUSALS)
async def test_the_example_of_a_refusal_is_one(operation: Any, status: str) -> None:
    """The example of a refusal is a problem document of that status, and says what to do."""
    media_types = operation["responses"][status]["content"]
    for value in examples(media_types, "application/problem+json"):
        problem = msgspec.convert(value, Problem)
        assert problem.status == int(status)
        assert len(problem.detail) > len(problem.title)

"""The OpenAPI document says all that a caller must know, in examples that would really come.

`test_fuzz.py` compares it with what the server does.
"""

import json
import re
from typing import Any, get_args

import httpx
import msgspec
import pytest

from app.auth import passwords
from app.main import ProblemDetails
from app.seed import constants
from app.seed.last_seed import LastSeed
from app.seed.progress.events import Event
from app.seed.scenarios.data_set_request import DataSetRequest
from app.seed.summary import SeedSummary
from conftest import NewDatabase, Shared, open_app
from journeys.commands import shared_on_sqlite

pytestmark = shared_on_sqlite

# The statuses of the responses that have an ETag; that of a 412 is the current one.
CHANGES = ("replace", "update", "delete", "restore")
ROWS = (
    "Template",
    "Exception",
    "Patient",
    "TreatmentPlan",
    "TreatmentPlanStatus",
    "Room",
    "AppointmentType",
    "Appointment",
    "AppointmentStatus",
)
TAGGED = {
    f"{verb}{row}": {"200", "201", "412"} if verb in CHANGES else {"200", "201"}
    for verb in ("create", "get", *CHANGES)
    for row in ROWS
}
for name in ("deletePatient", "deleteRoom", "deleteTreatmentPlan"):
    TAGGED[name].add("204")  # the version that can be restored
REFUSALS = ("400", "403", "409", "413", "415", "500", "503")


@pytest.fixture
def client(shared: Shared) -> httpx.AsyncClient:
    return shared.client


@pytest.fixture
async def document(client: httpx.AsyncClient) -> Any:
    return (await client.get("/schema/openapi.json")).json()


@pytest.fixture
def operations(document: Any) -> dict[str, Any]:
    """Return all operations by their ids."""
    items = [operation for path in document["paths"].values() for operation in path.values()]
    return {operation["operationId"]: operation for operation in items}


@pytest.fixture
def operation(operations: dict[str, Any]) -> Any:
    return operations["seedDatabase"]


@pytest.fixture
def schemas(document: Any) -> Any:
    return document["components"]["schemas"]


def examples(media_types: dict[str, Any], media_type: str) -> list[Any]:
    """Return the values of the named examples of one media type."""
    return [example["value"] for example in media_types[media_type]["examples"].values()]


async def test_every_operation_is_named(document: Any) -> None:
    """Every operation has its own id, a summary and a tag."""
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
    assert all(msgspec.convert(value, DataSetRequest) for value in values)


async def test_all_responses_are_documented(operation: Any) -> None:
    """The seed documents its response to success, to a dry run and to every refusal."""
    assert set(operation["responses"]) == {"200", "201", *REFUSALS}


@pytest.mark.parametrize(("status", "committed"), [("201", True), ("200", False)])
async def test_the_example_of_a_summary_is_one(
    operation: Any, status: str, *, committed: bool
) -> None:
    """The example of a success is a whole summary that says whether it was committed."""
    [value] = examples(operation["responses"][status]["content"], "application/json")
    assert msgspec.convert(value, SeedSummary).committed is committed
    assert msgspec.to_builtins(msgspec.convert(value, SeedSummary)) == value


async def test_the_example_of_the_last_seed_is_one(operations: dict[str, Any]) -> None:
    """It is whole, of a seed that was committed, and asks for what its summary repeats."""
    responses = operations["getLastSeed"]["responses"]["200"]["content"]
    [value] = examples(responses, "application/json")
    last = msgspec.convert(value, LastSeed)
    assert last.summary.committed
    assert (last.request.random_seed, last.request.as_of) == (
        last.summary.random_seed,
        last.summary.as_of,
    )


async def test_the_lines_of_the_stream_are_documented(operation: Any) -> None:
    """Each event is named with all its fields, and the lines of the example are events."""
    lines = operation["responses"]["200"]["content"]["application/x-ndjson"]
    described = lines["schema"]["description"]
    for event in get_args(Event):
        [row] = [
            row for row in described.splitlines() if f"| `{event.__struct_config__.tag}`" in row
        ]
        assert set(event.__struct_encode_fields__) == set(re.findall("`(\\w+)`", row)[1:])
    for line in lines["examples"]["stream"]["value"].splitlines():
        assert json.loads(line) == msgspec.to_builtins(msgspec.json.decode(line, type=Event))


@pytest.mark.parametrize("status", REFUSALS)
async def test_the_example_of_a_refusal_is_one(operation: Any, status: str) -> None:
    """The example of a refusal is a problem document of that status, and says what to do."""
    media_types = operation["responses"][status]["content"]
    for value in examples(media_types, "application/problem+json"):
        problem = msgspec.convert(value, ProblemDetails)
        assert problem.status == int(status)
        assert len(problem.detail) > len(problem.title)


async def test_every_parameter_has_a_type(operations: dict[str, Any]) -> None:
    """An empty schema, also inside a list, would accept any value."""
    for name, operation in operations.items():
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"]
            assert {} not in schema.get("items", schema).get("oneOf", ()), name
            assert schema.get("items", schema), name


async def test_two_servers_have_the_same_document(document: Any, new_sqlite: NewDatabase) -> None:
    """Nothing in it is drawn at random."""
    async with open_app(new_sqlite()) as other:
        assert (await other.get("/schema/openapi.json")).json() == document


async def test_what_any_call_may_meet_is_documented(document: Any) -> None:
    """Every operation may find the body too large or no database; what changes may be refused."""
    for path in document["paths"].values():
        for method, operation in path.items():
            always = {"413", "503"} if method == "get" else {"403", "413", "503"}
            if operation["operationId"] == "getLiveness":
                always = {"413"}  # it uses no database
            assert always <= set(operation["responses"]), operation["operationId"]


async def test_every_response_has_its_headers_documented(operations: dict[str, Any]) -> None:
    """Each carries the id of its request, a version if it is of a row, and how long to wait."""
    for name, operation in operations.items():
        for status, response in operation["responses"].items():
            required = {name for name, header in response["headers"].items() if header["required"]}
            waiting = {"503": {"Retry-After"}, "429": {"Retry-After", "X-Retry-After"}}
            tag = {"ETag"} if status in TAGGED.get(name, ()) else set()
            assert required == {"X-Request-ID"} | waiting.get(status, set()) | tag, name
    assert "Retry-After" in operations["seedDatabase"]["responses"]["409"]["headers"]


async def test_a_body_may_hold_nothing_else(operations: dict[str, Any], schemas: Any) -> None:
    """What a seed may ask for is named in full; identities pass over what they do not know."""
    assert schemas["DataSetRequest"]["additionalProperties"] is False
    for name in ("SignInRequest", "SignUpRequest", "PhoneNumberRequest"):
        assert "additionalProperties" not in schemas[name]


async def test_the_seed_may_be_sent_null(operation: Any) -> None:
    """A body of null means the defaults, as no body does."""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert {"type": "null"} in schema["oneOf"]


async def test_the_days_of_a_data_set_are_described(schemas: Any) -> None:
    """The pattern of `asOf` lets the first and the last day pass, and not the days around them."""
    pattern = schemas["DataSetRequest"]["properties"]["asOf"]["pattern"]
    assert re.search(pattern, constants.FIRST_AS_OF)
    assert re.search(pattern, constants.LAST_AS_OF)
    assert not re.search(pattern, "1999-12-31")
    assert not re.search(pattern, "2100-01-01")


async def test_what_a_new_password_takes_is_described(schemas: Any) -> None:
    """Its lengths are those that the service holds it to; signing in takes any."""
    asked = schemas["SignUpRequest"]["properties"]["password"]
    assert asked["minLength"] == passwords.MIN_LENGTH
    assert asked["maxLength"] == passwords.MAX_LENGTH
    assert "minLength" not in schemas["SignInRequest"]["properties"]["password"]


async def test_every_page_says_how_to_get_the_next(schemas: Any) -> None:
    """Each list is read on in the same way."""
    found = {name: schema.get("properties", {}).get("next") for name, schema in schemas.items()}
    pages = {name: following for name, following in found.items() if following}
    assert pages.keys() == {
        "TemplatePage",
        "ExceptionPage",
        "TeamPage",
        "PatientPage",
        "PlanPage",
        "RoomPage",
        "AppointmentTypePage",
        "AppointmentPage",
        "ChangePage",
    }
    assert all("`cursor` of the next page" in each["description"] for each in pages.values())


async def test_a_text_without_nul_is_asked_for(schemas: Any) -> None:
    """Every text of a request has a pattern that NUL does not match."""
    asked = dict(schemas["SignUpRequest"]["properties"])
    asked |= schemas["PhoneNumberRequest"]["properties"]
    asked["each specialization"] = asked.pop("specialization")["items"]
    del asked["phoneNumbers"], asked["rememberMe"]
    for name, schema in asked.items():
        assert not re.search(schema["pattern"], "a\0da@example.net"), name


async def test_there_are_two_ways_to_authenticate(document: Any, operations: Any) -> None:
    """By the token or by the cookie; who tells neither is nobody, which is no error."""
    assert set(document["components"]["securitySchemes"]) == {"token", "cookie"}
    for name in ("getSession", "signOut"):
        assert operations[name]["security"] == [{"token": []}, {"cookie": []}, {}]


async def test_links_lead_to_operations(operations: dict[str, Any]) -> None:
    """The operations that a response links to exist."""
    responses = [
        response for each in operations.values() for response in each["responses"].values()
    ]
    links = [link for response in responses for link in response.get("links", {}).values()]
    assert {link["operationId"] for link in links} == {"getSession", "signIn", "signOut"}
    assert {link["operationId"] for link in links} <= set(operations)

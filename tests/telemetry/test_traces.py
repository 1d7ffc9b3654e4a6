"""Spans of requests, seeds and restores reach a collector, without any personal data."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from app.settings import Environment, Settings, parse_database_url
from conftest import make_app_of, open_client, seed

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 3}
PASSWORD = "Password123"


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Take spans by OTLP over HTTP, as a real collector does."""
    received: list[bytes] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", received
        server.shutdown()
        thread.join()


@pytest.fixture
def url(new_sqlite: Any) -> str:
    return str(new_sqlite())


async def test_spans_have_routes_and_no_personal_data(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither names, addresses, ids and words of a search nor the client's address and browser."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    with collector() as (endpoint, received):
        settings = Settings(Environment.TEST, parse_database_url(url), traces_endpoint=endpoint)
        async with open_client(make_app_of(settings)) as client:
            summary = await seed(client, **FEW)
            user = summary["signIn"]["users"][0]
            credentials = {"email": user["email"], "password": PASSWORD}
            await client.post("/api/auth/sign-in/email", json=credentials)
            listed = (await client.get("/api/patients")).json()["items"]
            patient = listed[0]
            await client.get("/api/patients", params={"search": patient["lastName"]})
            headers = {"User-Agent": "browser-of-ada"}
            await client.get(f"/api/patients/{patient['id']}", headers=headers)
            await client.post("/api/db/snapshots/seeded/restore")
            await client.post("/api/db/snapshots/of-somebody/restore")
            await client.get("/health/live")
            await client.get("/nothing-of-grace")
        batches = [ExportTraceServiceRequest.FromString(body) for body in received]
    spans = [
        span
        for batch in batches
        for resource in batch.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    names = [span.name for span in spans]
    assert {
        "POST /api/db/seed",
        "seed",
        "POST /api/auth/sign-in/email",
        "GET /api/patients",
        "GET /api/patients/{patient_id}",
        "POST /api/db/snapshots/{name}/restore",
        "restore",
        "GET",
    } == set(names)
    by_id = {span.span_id: span.name for span in spans}
    [seeding] = [span for span in spans if span.name == "seed"]
    assert by_id[seeding.parent_span_id] == "POST /api/db/seed"
    assert [span.status.code for span in spans if span.name == "restore"] == [0, 2]
    told = str(batches)
    assert "seedbed" in told
    for row in (user, *listed):
        for name in ("id", "userId", "organizationId", "email", "lastName", "name"):
            assert row.get(name) is None or row[name] not in told
    for secret in ("browser-of-ada", "of-grace", "of-somebody", PASSWORD, "127.0.0.1", "sqlite"):
        assert secret not in told


async def test_a_collector_that_is_gone_does_not_matter(url: str) -> None:
    """Requests succeed, and the server ends."""
    with collector() as (endpoint, _):
        pass
    settings = Settings(Environment.TEST, parse_database_url(url), traces_endpoint=endpoint)
    async with open_client(make_app_of(settings)) as client:
        await seed(client, **FEW)

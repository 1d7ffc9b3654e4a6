"""Traces of requests, seeds and restores, sent to a collector by OTLP over HTTP.

Spans have no personal data: `WithoutPersonalData` drops all attributes that could have some, and
the messages of exceptions, which may quote rows.
"""

import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version

import anyio
from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.plugins import InitPlugin
from litestar.plugins.opentelemetry import OpenTelemetryConfig, OpenTelemetryPlugin
from litestar.types import Message, Scope
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, get_current_span

from app.measured import Operation, observing

NAME = "seedbed"
EXPORT_SECONDS = 5
NOT_TRACED = ["^/health/", "^/metrics"]
METHOD = "http.request.method"
ROUTE = "http.route"
STATUS = "http.response.status_code"
KEPT = frozenset({METHOD, ROUTE, STATUS, "http.method", "http.status_code", "error.type"})


def trace_plugins(endpoint: str) -> list[InitPlugin]:
    name = os.environ.get("OTEL_SERVICE_NAME") or NAME
    resource = Resource.create({"service.name": name, "service.version": version("seedbed")})
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(WithoutPersonalData(exporter)))
    config = OpenTelemetryConfig(
        tracer_provider=provider,
        meter_provider=NoOpMeterProvider(),
        scope_span_details_extractor=lambda scope: (str(scope.get("method", "")), {}),
        exclude=NOT_TRACED,
        exclude_spans=["receive", "send"],
    )
    return [OpenTelemetryPlugin(config), OperationTraces(provider)]


class OperationTraces(InitPlugin):
    """Trace seeds and restores, and name the spans of requests after their routes."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.before_send.append(name_span)
        app_config.lifespan.append(self._tracing)
        return app_config

    @asynccontextmanager
    async def _tracing(self, _app: Litestar) -> AsyncGenerator[None]:
        """Send the last spans before the server ends."""
        try:
            with observing(self._trace):
                yield
        finally:
            await anyio.to_thread.run_sync(self._provider.force_flush)

    @contextmanager
    def _trace(self, operation: Operation) -> Iterator[None]:
        with self._provider.get_tracer(NAME).start_as_current_span(operation):
            yield


async def name_span(message: Message, scope: Scope) -> None:
    """Use the template of the path, because the path itself has ids."""
    route = scope.get("path_template")
    if message["type"] == "http.response.start" and route:
        span = get_current_span()
        span.update_name(f"{scope.get('method')} {route}")
        span.set_attribute(ROUTE, route)


class WithoutPersonalData(SpanExporter):
    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_strip(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 1000 * EXPORT_SECONDS) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _strip(span: ReadableSpan) -> ReadableSpan:
    """Copy a span without events and links, and with the attributes in `KEPT` only."""
    attributes = span.attributes or {}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={key: value for key, value in attributes.items() if key in KEPT},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )

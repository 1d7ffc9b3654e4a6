"""Metrics for Prometheus: requests, seeds, restores, and connections to the database.

Labels are methods, route templates, statuses and names of operations: never a value of a request.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.plugins import InitPlugin
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event

from app.measured import Operation, observing

PATH = "/metrics"
NAME = "seedbed"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
OPERATIONS = Histogram(
    f"{NAME}_operation_duration_seconds",
    "Seeds, dry runs of seeds, and restores of snapshots, in seconds",
    ["operation", "outcome"],
    buckets=SECONDS,
)
RUNNING = Gauge(
    f"{NAME}_operations_in_progress",
    "Seeds, dry runs of seeds, and restores that are running",
    ["operation"],
    multiprocess_mode="livesum",
)
IN_USE = Gauge(
    f"{NAME}_pool_connections_in_use",
    "Connections of the database pool that are in use",
    multiprocess_mode="livesum",
)
OPENED = Counter(f"{NAME}_pool_connections_opened", "Connections to the database that were opened")
# Called with a connection and more.
POOL_EVENTS = {
    "connect": lambda *_: OPENED.inc(),
    "checkout": lambda *_: IN_USE.inc(),
    "checkin": lambda *_: IN_USE.dec(),
}


class MetricsController(PrometheusController):
    path = PATH
    include_in_schema = False


class MetricsPlugin(InitPlugin):
    """Add `GET /metrics`, and measure requests with Litestar's middleware."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        config = PrometheusConfig(
            app_name=NAME, prefix=NAME, group_path=True, buckets=list(SECONDS), exclude=[f"^{PATH}"]
        )
        app_config.middleware.append(config.middleware)
        app_config.route_handlers.append(MetricsController)
        app_config.lifespan.append(measuring)
        return app_config


@asynccontextmanager
async def measuring(app: Litestar) -> AsyncGenerator[None]:
    pool = app.state.engine.sync_engine
    for name, count in POOL_EVENTS.items():
        event.listen(pool, name, count)
    try:
        with observing(_measure):
            yield
    finally:
        for name, count in POOL_EVENTS.items():
            event.remove(pool, name, count)


@contextmanager
def _measure(operation: Operation) -> Iterator[None]:
    began, outcome = perf_counter(), "failed"
    try:
        with RUNNING.labels(operation).track_inprogress():
            yield
        outcome = "done"
    finally:
        OPERATIONS.labels(operation, outcome).observe(perf_counter() - began)

"""Which of Litestar's plugins for metrics and traces are used; their packages are optional."""

from litestar.plugins import InitPlugin

from app.settings import Settings


def telemetry_plugins(settings: Settings) -> list[InitPlugin]:
    """Return none by default. `Settings` has checked that the packages are installed."""
    plugins: list[InitPlugin] = []
    if settings.metrics:
        from app.telemetry.metrics import MetricsPlugin  # noqa: PLC0415 - needs the packages

        plugins.append(MetricsPlugin())
    if settings.traces_endpoint:
        from app.telemetry.traces import trace_plugins  # noqa: PLC0415 - as above

        plugins += trace_plugins(settings.traces_endpoint)
    return plugins

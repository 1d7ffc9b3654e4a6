"""Read the settings of metrics and traces, which are off by default."""

import re
from importlib.util import find_spec

from app.variables import InvalidSettings

ON, OFF = "on", "off"
ENDPOINT = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
INSTALL = "Install them with `uv sync --extra observability`, or remove the setting."


def parse_metrics(text: str) -> bool:
    if text not in {"", ON, OFF}:
        raise InvalidSettings(f'METRICS is "{text}"; it must be {ON} or {OFF}.')
    if text == ON:
        _require("METRICS", "prometheus_client")
    return text == ON


def parse_traces_endpoint(text: str) -> str | None:
    """Return the URL to which an OTLP exporter sends spans."""
    if not text:
        return None
    if not ENDPOINT.fullmatch(text):
        raise InvalidSettings(
            "TRACES_ENDPOINT is not a URL without user, password and query. Write the address of "
            "a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces."
        )
    _require("TRACES_ENDPOINT", "opentelemetry.exporter.otlp.proto.http")
    return text


def _require(setting: str, module: str) -> None:
    """Raise `InvalidSettings` if the packages of the extra are not installed."""
    try:
        found = find_spec(module)
    except (ModuleNotFoundError, ValueError):
        found = None
    if not found:
        raise InvalidSettings(f"{setting} needs packages that are not installed. {INSTALL}")

"""Metrics and traces are off by default, and a wrong setting is refused."""

import sys

import pytest

from app.settings import Settings
from app.variables import InvalidSettings


def test_both_are_off_by_default() -> None:
    """And what measures them is not even imported."""
    settings = Settings.from_environment({})
    assert (settings.metrics, settings.traces_endpoint) == (False, None)


def test_both_can_be_turned_on() -> None:
    """`off` and an empty value mean the default."""
    endpoint = "http://127.0.0.1:4318/v1/traces"
    settings = Settings.from_environment({"METRICS": "on", "TRACES_ENDPOINT": endpoint})
    assert (settings.metrics, settings.traces_endpoint) == (True, endpoint)
    settings = Settings.from_environment({"METRICS": "off", "TRACES_ENDPOINT": ""})
    assert (settings.metrics, settings.traces_endpoint) == (False, None)


@pytest.mark.parametrize("value", ["yes", "1", "ON", " on"])
def test_any_other_value_of_metrics_is_refused(value: str) -> None:
    """The message has the value and what it must be."""
    with pytest.raises(InvalidSettings, match=rf"^METRICS is .{value}.; it must be on or off"):
        Settings.from_environment({"METRICS": value})


@pytest.mark.parametrize(
    "value",
    [
        "on",
        "127.0.0.1:4318",
        "grpc://127.0.0.1",
        "http://me:hunter2@host/v1",
        "http://h/?k=hunter2",
    ],
)
def test_any_other_endpoint_is_refused(value: str) -> None:
    """The value is not shown, because it may have a password."""
    with pytest.raises(InvalidSettings, match=r"^TRACES_ENDPOINT is not a URL") as refused:
        Settings.from_environment({"TRACES_ENDPOINT": value})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "value", "package"),
    [
        ("METRICS", "on", "prometheus_client"),
        ("TRACES_ENDPOINT", "http://127.0.0.1:4318/v1/traces", "opentelemetry.exporter.otlp"),
    ],
)
def test_missing_packages_are_named_with_the_command_that_installs_them(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, package: str
) -> None:
    """They are an extra, which production may not have."""
    for name in [name for name in sys.modules if name.startswith(package)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    command = f"^{setting} needs .* Install them with `uv sync --extra observability`"
    with pytest.raises(InvalidSettings, match=command):
        Settings.from_environment({setting: value})

"""Forks find the applications that were prepared for them."""

import pytest

from app.settings import Settings
from app_kinds import KINDS, kind


@pytest.mark.parametrize("environment", ["test", "development"])
def test_an_environment_has_a_prepared_application(environment: str) -> None:
    """For any database and any storage; other origins need another application."""
    variables = {
        "APP_ENV": environment,
        "DATABASE_URL": "postgresql://localhost/seedbed",
        "RATE_LIMIT_STORAGE": "redis://localhost",
        "SEED_REMOTE_DATABASE": "db.example/seedbed",
    }
    assert kind(Settings.from_environment(variables)) in KINDS
    variables["TRUSTED_ORIGINS"] = "https://app.example"
    assert kind(Settings.from_environment(variables)) not in KINDS

"""Where the server is, and how tests are kept apart."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

CLINIC, SNAPSHOT = "clinic", "snapshot"
TEXTS = {
    "seedbed_url": "The URL of a running Seedbed. SEEDBED_URL takes precedence.",
    "seedbed_folder": "Your clone of Seedbed, to start a server. SEEDBED_FOLDER takes precedence.",
    "seedbed_isolation": "`clinic`: each test has its own clinic. `snapshot`: the database is "
    "restored before each test.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    url: str | None
    folder: Path | None
    isolation: str

    @classmethod
    def of(cls, config: pytest.Config) -> "Settings":
        """Raise `pytest.UsageError` for a wrong setting."""
        isolation = config.getini("seedbed_isolation") or CLINIC
        if isolation not in {CLINIC, SNAPSHOT}:
            raise pytest.UsageError(
                f'seedbed_isolation is "{isolation}"; it must be {CLINIC} or {SNAPSHOT}.'
            )
        folder = os.environ.get("SEEDBED_FOLDER") or config.getini("seedbed_folder")
        return cls(
            url=os.environ.get("SEEDBED_URL") or config.getini("seedbed_url") or None,
            folder=(config.rootpath / folder).resolve() if folder else None,
            isolation=isolation,
        )

    @property
    def restores(self) -> bool:
        return self.isolation == SNAPSHOT


def add_settings(parser: pytest.Parser) -> None:
    for name, text in TEXTS.items():
        parser.addini(name, text, default="")

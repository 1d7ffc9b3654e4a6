"""The test suite of another project, which uses `pytest-seedbed`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Each run in this process removes what it has imported. httpx keeps the errors of httpcore, and
# would not know those of a second import.
import httpcore  # noqa: F401
import pytest

from journeys.commands import background, path_with_uv

# Plugins of our tests, which the suites do not need and which take seconds to import.
PLUGINS = ("hypothesispytest", "randomly", "schemathesis")
HOME = os.environ.get("HOME", "")


class Suite:
    """The test suite of another project."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pytester = pytester
        self._monkeypatch = monkeypatch
        self.folder = pytester.path
        # `uv` keeps what it downloads there.
        monkeypatch.setenv("HOME", HOME)
        monkeypatch.setenv("PATH", path_with_uv())
        for name in ("SEEDBED_URL", "SEEDBED_FOLDER", "PYTEST_XDIST_WORKER"):
            monkeypatch.delenv(name, raising=False)

    def write(self, *tests: str, conftest: str = "") -> None:
        self._pytester.makeconftest(conftest)
        for number, test in enumerate(tests):
            (self.folder / f"test_{number}.py").write_text(test)

    def run(self, *options: str, **variables: str) -> pytest.RunResult:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)
        left_out = (f"-pno:{name}" for name in PLUGINS)
        if "-n2" in options:
            return self._pytester.runpytest_subprocess(*left_out, *options)
        return self._pytester.runpytest_inprocess(*left_out, *options)

    @contextmanager
    def start(self, *options: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run tests in the background, and end them with the block."""
        left_out = (f"-pno:{name}" for name in PLUGINS)
        with background(
            *(sys.executable, "-m", "pytest", *left_out, *options),
            variables={**os.environ, **variables},
            log=self.folder / "log",
            folder=self.folder,
        ) as process:
            yield process

    def fail(self, *options: str, **variables: str) -> str:
        """Run tests that fail, and return what pytest prints, on one line."""
        result = self.run(*options, **variables)
        assert result.ret != pytest.ExitCode.OK
        return " ".join(f"{result.stdout} {result.stderr}".split())

"""Look for known vulnerabilities in the locked dependencies.

| exit code | meaning |
| --- | --- |
| 0 | all dependencies were audited, and none has a known vulnerability |
| 1 | a dependency has a known vulnerability |
| 2 | the audit itself failed, for example because the lock file has no hashes |
| 3 | not all dependencies could be audited, and the others have no known vulnerability |
"""

import os
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never

import requests
from pip_audit._audit import Auditor
from pip_audit._dependency_source import RequirementSource
from pip_audit._service import (
    Dependency,
    PyPIService,
    ServiceError,
    SkippedDependency,
    VulnerabilityResult,
    VulnerabilityService,
)

from app.cli.streams import run

PROJECT = Path(__file__).parents[1]
CLEAN, VULNERABLE, FAILED, NOT_AUDITED = range(4)
SECONDS_PER_ANSWER = 10
SECONDS = 120


def export(requirements: Path) -> None:
    """Write the locked dependencies with their hashes."""
    command = [os.environ.get("UV", "uv"), "export", "--quiet", "--frozen", "--no-emit-project"]
    subprocess.run([*command, "--output-file", requirements], cwd=PROJECT, check=True)  # noqa: S603


@dataclass
class Findings:
    known: int = 0
    unknown: list[str] = field(default_factory=list)
    vulnerable: int = 0
    cause: str = ""


def audit(requirements: Path, service: VulnerabilityService, seconds: int = SECONDS) -> int:
    """Ask for the advisories of each requirement, and return the exit code."""
    found = ask(requirements, service, seconds)
    if found.vulnerable:
        print(f"Known vulnerabilities in the locked dependencies: {found.vulnerable}.")
        return VULNERABLE
    if found.cause:
        print(f"Not all dependencies were audited: the advisory service {found.cause}.")
        return NOT_AUDITED
    if found.unknown:
        names = ", ".join(found.unknown)
        print(f"Not all dependencies were audited: the advisory service does not know {names}.")
        return NOT_AUDITED
    print(f"No known vulnerabilities in {found.known} locked dependencies.")
    return CLEAN


def ask(requirements: Path, service: VulnerabilityService, seconds: int) -> Findings:
    source = RequirementSource([requirements], require_hashes=True, disable_pip=True)
    found = Findings()
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        for dependency, vulnerabilities in Auditor(service).audit(source):
            if isinstance(dependency, SkippedDependency):
                found.unknown.append(dependency.name)
            else:
                found.known += 1
            for each in vulnerabilities:
                found.vulnerable += 1
                describe(dependency, each)
        if not found.known:
            found.cause = "knows none of them"
    except TimeoutError:
        found.cause = f"did not answer within {seconds} seconds"
    except (ServiceError, requests.RequestException) as error:
        found.cause = f"cannot be asked ({type(error.__cause__ or error).__name__})"
    finally:
        signal.alarm(0)
    return found


def describe(dependency: Dependency, vulnerability: VulnerabilityResult) -> None:
    fixed = " or ".join(map(str, vulnerability.fix_versions)) or "no version yet"
    print(f"{dependency.name} is vulnerable: {vulnerability.id}, fixed in {fixed}")
    print(f"  {vulnerability.description}")


def give_up(*_: Any) -> Never:
    raise TimeoutError


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        export(requirements)
        return audit(requirements, PyPIService(timeout=SECONDS_PER_ANSWER))


if __name__ == "__main__":
    try:
        code = main()
    except Exception:  # noqa: BLE001 - Python itself would exit with 1, which means "vulnerable"
        traceback.print_exc()
        code = FAILED
    run(lambda: sys.exit(code), "just audit")

"""Looks for known vulnerabilities in the locked dependencies.

Exits with 1 if there are any, and with 0 and a sentence if there was nobody to ask.
Whatever else goes wrong, such as a lock file without hashes, ends in a traceback.
"""

import os
import signal
import subprocess
import sys
import tempfile
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

from app.streams import run

PROJECT = Path(__file__).parents[1]
SECONDS_PER_ANSWER = 10
SECONDS = 120


def export(requirements: Path) -> None:
    """Write what the lock file holds, each with its hashes."""
    command = [os.environ.get("UV", "uv"), "export", "--quiet", "--frozen", "--no-emit-project"]
    subprocess.run([*command, "--output-file", requirements], cwd=PROJECT, check=True)  # noqa: S603


@dataclass
class Findings:
    known: int = 0
    unknown: list[str] = field(default_factory=list)
    vulnerable: int = 0
    silence: str = ""


def audit(requirements: Path, service: VulnerabilityService, seconds: int = SECONDS) -> int:
    """Ask about each of the requirements; give the exit code."""
    found = ask(requirements, service, seconds)
    if found.vulnerable:
        print(f"Known vulnerabilities in the locked dependencies: {found.vulnerable}.")
        return 1
    if found.silence:
        print(f"The advisory service cannot be asked ({found.silence}): not all was audited.")
        return 0
    if found.unknown:
        print(f"The advisory service does not know {', '.join(found.unknown)}.")
    print(f"No known vulnerabilities in {found.known} locked dependencies.")
    return 0


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
        found.silence = "" if found.known else "it knows none of the locked dependencies"
    except TimeoutError:
        found.silence = f"not done within {seconds} seconds"
    except (ServiceError, requests.RequestException) as error:
        found.silence = type(error.__cause__ or error).__name__
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
    run(lambda: sys.exit(main()), "just audit")

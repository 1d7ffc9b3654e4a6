"""Look up known vulnerabilities of dependencies at an advisory service."""

import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never

import requests
from pip_audit._audit import Auditor
from pip_audit._dependency_source import RequirementSource
from pip_audit._service import (
    Dependency,
    ServiceError,
    SkippedDependency,
    VulnerabilityResult,
    VulnerabilityService,
)

CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 3
SECONDS = 120


@dataclass
class Findings:
    known: int = 0
    unknown: list[str] = field(default_factory=list)
    vulnerable: int = 0
    cause: str = ""


def audit(requirements: Path, service: VulnerabilityService, seconds: int = SECONDS) -> int:
    """Get the advisories of each requirement, and return the exit code."""
    found = find_advisories(requirements, service, seconds)
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


def find_advisories(requirements: Path, service: VulnerabilityService, seconds: int) -> Findings:
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
        found.cause = f"did not respond within {seconds} seconds"
    except (ServiceError, requests.RequestException) as error:
        found.cause = f"cannot be reached ({type(error.__cause__ or error).__name__})"
    finally:
        signal.alarm(0)
    return found


def describe(dependency: Dependency, vulnerability: VulnerabilityResult) -> None:
    fixed = " or ".join(map(str, vulnerability.fix_versions)) or "no version yet"
    print(f"{dependency.name} is vulnerable: {vulnerability.id}, fixed in {fixed}")
    print(f"  {vulnerability.description}")


def give_up(*_: Any) -> Never:
    raise TimeoutError

"""The audit of the dependencies tells "no vulnerability" from "could not be audited"."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pip_audit._dependency_source import DependencySourceError
from pip_audit._service import OsvService, SkippedDependency, VulnerabilityService

from advisories import audit
from journeys.commands import PROJECT, environment, find_just, free_port, run

VULNERABLE = {
    "id": "PYSEC-2018-28",
    "summary": "It responds to any caller.",
    "published": "2018-10-09T17:29:00Z",
    "modified": "2018-10-09T17:29:00Z",
    "affected": [
        {
            "package": {"name": "second", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}
MakeResponse = Callable[[str], tuple[int, bytes]]


@contextmanager
def advisories(response: MakeResponse) -> Iterator[str]:
    """Run a service with a response for the name of a package; return its address."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = response(question["package"]["name"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """Three packages with hashes, as the lock file is exported."""
    file = tmp_path / "requirements.txt"
    lines = [f"{name}==2.0 --hash=sha256:{'0' * 64}" for name in ("first", "second", "third")]
    file.write_text("\n".join(lines))
    return file


def clean(_package: str) -> tuple[int, bytes]:
    return 200, b"{}"


def second_is_vulnerable(package: str) -> tuple[int, bytes]:
    found = {"vulns": [VULNERABLE]} if package == "second" else {}
    return 200, json.dumps(found).encode()


def third_fails(package: str) -> tuple[int, bytes]:
    return (503, b"") if package == "third" else clean(package)


def fails_after_the_second(package: str) -> tuple[int, bytes]:
    return (503, b"") if package == "third" else second_is_vulnerable(package)


@pytest.mark.parametrize(
    ("response", "code", "said"),
    [
        (clean, 0, "No known vulnerabilities in 3 locked dependencies."),
        (second_is_vulnerable, 1, "second is vulnerable: PYSEC-2018-28, fixed in 2.1"),
        (fails_after_the_second, 1, "second is vulnerable: PYSEC-2018-28, fixed in 2.1"),
        (
            third_fails,
            3,
            "Not all dependencies were audited: the advisory service cannot be reached",
        ),
        (lambda _: (503, b""), 3, "cannot be reached (HTTPError)"),
        (lambda _: (403, b"no"), 3, "cannot be reached (HTTPError)"),
        (lambda _: (200, b"<html>Please sign in"), 3, "cannot be reached (JSONDecodeError)"),
    ],
)
def test_each_outcome_has_its_exit_code(
    requirements: Path,
    capsys: pytest.CaptureFixture[str],
    response: MakeResponse,
    code: int,
    said: str,
) -> None:
    """A vulnerability that was found counts more than a response that is missing."""
    with advisories(response) as url:
        assert audit(requirements, OsvService(requirements.parent, 5, url)) == code
    printed = capsys.readouterr().out
    assert said in printed
    assert ("No known vulnerabilities" in printed) == (code == 0)


def test_a_service_that_is_not_there_is_no_success(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing listens at its address, and a sentence says so."""
    service = OsvService(requirements.parent, 5, f"http://127.0.0.1:{free_port()}")
    assert audit(requirements, service) == 3
    assert "cannot be reached (" in capsys.readouterr().out


def test_a_service_that_never_responds_is_given_up(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After its time the audit ends."""
    done = Event()

    def wait(_package: str) -> tuple[int, bytes]:
        done.wait(30)
        return 200, b"{}"

    with advisories(wait) as url:
        try:
            assert audit(requirements, OsvService(requirements.parent, 30, url), seconds=1) == 3
        finally:
            done.set()
    assert "Not all dependencies were audited" in capsys.readouterr().out


class KnowsNothing(VulnerabilityService):  # type: ignore[misc]
    def query(self, spec: Any) -> tuple[Any, list[Any]]:
        return SkippedDependency(name=spec.name, skip_reason="not found"), []


class KnowsAllButOne(KnowsNothing):
    def query(self, spec: Any) -> tuple[Any, list[Any]]:
        return super().query(spec) if spec.name == "second" else (spec, [])


def test_a_service_that_knows_nothing_finds_nothing_clean(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was not audited is not said to be free of vulnerabilities."""
    assert audit(requirements, KnowsNothing()) == 3
    said = capsys.readouterr().out
    assert "the advisory service knows none of them" in said
    assert "No known" not in said


def test_a_package_that_the_service_does_not_know_was_not_audited(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, and the audit is not complete."""
    assert audit(requirements, KnowsAllButOne()) == 3
    expected = "Not all dependencies were audited: the advisory service does not know second.\n"
    assert capsys.readouterr().out == expected


def test_requirements_without_hashes_are_a_failure(requirements: Path) -> None:
    """A mistake of ours is not reported as a service that is down."""
    requirements.write_text("first==2.0")
    with pytest.raises(DependencySourceError):
        audit(requirements, KnowsNothing())


def test_just_audit_exports_the_lock_file(tmp_path: Path) -> None:
    """Behind a proxy that is not there, the recipe says that it could not audit them."""
    away = f"http://127.0.0.1:{free_port()}"
    proxies = {"HTTPS_PROXY": away, "https_proxy": away, "NO_PROXY": "", "no_proxy": ""}
    variables = environment("", **proxies, PIP_CACHE_DIR=str(tmp_path))
    done = run(find_just(), "audit", variables=variables)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == (
        "Not all dependencies were audited: the advisory service cannot be reached (ProxyError).\n"
    )


def test_just_audit_tells_its_own_failure_from_a_vulnerability(tmp_path: Path) -> None:
    """Without the lock file exported, it ends with a traceback and another exit code."""
    (tmp_path / "uv").write_text("#!/bin/sh\nexit 7\n")
    (tmp_path / "uv").chmod(0o700)
    variables = {**environment(""), "UV": str(tmp_path / "uv")}
    done = run(sys.executable, str(PROJECT / "tools" / "audit.py"), variables=variables)
    assert done.returncode == 4
    assert "CalledProcessError" in done.stderr


@pytest.mark.parametrize(
    ("failing", "exit_code", "expected", "said"),
    [
        ("nothing", 0, 0, ""),
        ("audit", 1, 1, ""),
        ("audit", 2, 2, ""),
        ("audit", 3, 0, "The dependencies could not be audited."),
        ("audit", 4, 4, ""),
        ("test", 3, 3, ""),
    ],
)
def test_ci_passes_unless_something_is_known_to_be_wrong(
    tmp_path: Path, failing: str, exit_code: int, expected: int, said: str
) -> None:
    """A service that cannot be reached does not fail the build, but can be seen in its log."""
    stub = f'#!/bin/sh\ncase "$*" in *{failing}) exit {exit_code};; esac\n'
    for name in ("uv", "chromium", "curl", "unshare", "setpriv", "mount", "python3"):
        (tmp_path / name).write_text(stub)
        (tmp_path / name).chmod(0o700)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = run(str(PROJECT / ".ci" / "run"), variables=variables)
    assert done.returncode == expected, done.stderr
    assert done.stdout.strip() == said

"""The audit of the dependencies tells "vulnerable" from "nobody to ask"."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from pip_audit._dependency_source import DependencySourceError
from pip_audit._service import OsvService, SkippedDependency, VulnerabilityService

from audit import audit
from journeys.commands import environment, find_just, free_port, run

VULNERABLE = {
    "id": "PYSEC-2018-28",
    "summary": "It answers whoever asks.",
    "published": "2018-10-09T17:29:00Z",
    "modified": "2018-10-09T17:29:00Z",
    "affected": [
        {
            "package": {"name": "second", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.1"}]}],
        }
    ],
}
Answer = Callable[[str], tuple[int, bytes]]


@contextmanager
def advisories(answer: Answer) -> Iterator[str]:
    """Run a service that answers to the name of a package; give its address."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, body = answer(question["package"]["name"])
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


def fails_after_the_second(package: str) -> tuple[int, bytes]:
    return (503, b"") if package == "third" else second_is_vulnerable(package)


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (clean, 0, "No known vulnerabilities in 3 locked dependencies."),
        (second_is_vulnerable, 1, "second is vulnerable: PYSEC-2018-28, fixed in 2.1"),
        (fails_after_the_second, 1, "second is vulnerable: PYSEC-2018-28, fixed in 2.1"),
        (lambda _: (503, b""), 0, "cannot be asked (HTTPError)"),
        (lambda _: (403, b"no"), 0, "cannot be asked (HTTPError)"),
        (lambda _: (200, b"<html>Please sign in"), 0, "cannot be asked (JSONDecodeError)"),
    ],
)
def test_only_a_vulnerability_is_a_failure(
    requirements: Path, capsys: pytest.CaptureFixture[str], answer: Answer, code: int, said: str
) -> None:
    """A service that fails is said to be one, unless it had named a vulnerability before."""
    with advisories(answer) as url:
        assert audit(requirements, OsvService(requirements.parent, 5, url)) == code
    assert said in capsys.readouterr().out


def test_a_service_that_is_not_there_is_no_failure(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody listens, and a sentence says so."""
    service = OsvService(requirements.parent, 5, f"http://127.0.0.1:{free_port()}")
    assert audit(requirements, service) == 0
    assert "cannot be asked (" in capsys.readouterr().out


def test_a_service_that_never_answers_is_not_waited_for(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After its time the audit ends."""
    done = Event()

    def wait(_package: str) -> tuple[int, bytes]:
        done.wait(30)
        return 200, b"{}"

    with advisories(wait) as url:
        try:
            assert audit(requirements, OsvService(requirements.parent, 30, url), seconds=1) == 0
        finally:
            done.set()
    assert "cannot be asked (" in capsys.readouterr().out


class KnowsNothing(VulnerabilityService):  # type: ignore[misc]
    def query(self, spec: Any) -> tuple[Any, list[Any]]:
        return SkippedDependency(name=spec.name, skip_reason="not found"), []


def test_a_service_that_knows_nothing_finds_nothing_clean(
    requirements: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was not audited is not said to be free of vulnerabilities."""
    assert audit(requirements, KnowsNothing()) == 0
    said = capsys.readouterr().out
    assert "knows none of the locked dependencies" in said
    assert "No known" not in said


def test_requirements_without_hashes_are_a_failure(requirements: Path) -> None:
    """A mistake of our own is not taken for a service that is away."""
    requirements.write_text("first==2.0")
    with pytest.raises(DependencySourceError):
        audit(requirements, KnowsNothing())


def test_just_audit_exports_the_lock_file(tmp_path: Path) -> None:
    """The recipe asks about what is locked; behind a proxy that is away it succeeds and says so."""
    away = f"http://127.0.0.1:{free_port()}"
    proxies = {"HTTPS_PROXY": away, "https_proxy": away, "NO_PROXY": "", "no_proxy": ""}
    variables = environment("", **proxies, PIP_CACHE_DIR=str(tmp_path))
    done = run(find_just(), "audit", variables=variables)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "The advisory service cannot be asked (ProxyError): not all was audited.\n"
    )

"""The files that tools and people expect in a repository agree with the code and each other."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import PROJECT_ROOT, Environment, Settings
from app.variables import ENV_FILE

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def read_yaml(name: str) -> Any:
    return yaml.safe_load((PROJECT_ROOT / name).read_text())


def test_the_metadata_names_the_license_and_the_versions_of_python() -> None:
    """The workflow runs the checks with each of them."""
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert (PROJECT_ROOT / "LICENSE").read_text().startswith("MIT License\n")
    classifiers = re.findall(r"Python :: (3\.\d+)", " ".join(project["classifiers"]))
    assert classifiers == PYTHONS
    assert project["requires-python"] == f">={PYTHONS[0]}"
    job = read_yaml(".github/workflows/ci.yml")["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == PYTHONS
    assert ".ci/run" in [step.get("run") for step in job["steps"]]


def test_the_example_of_settings_has_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is valid as it is, and with all its comments that are settings."""
    text = (PROJECT_ROOT / ".env.example").read_text()
    names = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    readme = (PROJECT_ROOT / "README.md").read_text().partition("## Settings\n")[2]
    assert names == set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    for name in (*names, "PYTHON_DOTENV_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for used in (text, re.sub(r"^# (?=[A-Z_]+=)", "", text, flags=re.MULTILINE)):
        ENV_FILE.write_text(used)
        assert Settings.from_environment().environment is Environment.DEVELOPMENT


def test_containers_are_restricted() -> None:
    """None runs as root or can write to its file system, and only this machine reaches them."""
    services = read_yaml("compose.yaml")["services"]
    for name, service in services.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
        assert "healthcheck" in service, name
    assert services["postgres"]["user"] == "postgres"
    containerfile = (PROJECT_ROOT / "Containerfile").read_text()
    assert re.findall(r"^USER (.+)$", containerfile, re.MULTILINE) == ["10001:10001"]
    assert "/health/live" in containerfile
    assert "/health/ready" in str(services["app"]["healthcheck"])
    # Docker and Podman read this file.
    ignored = (PROJECT_ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert "!.env" not in ignored


def test_the_application_in_a_container_gets_all_settings() -> None:
    """A setting in `.env` that is not passed on would have no effect, and nobody would say so."""
    text = (PROJECT_ROOT / ".env.example").read_text()
    settings = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    for name in ("app", "migrate"):
        assert read_yaml("compose.yaml")["services"][name]["environment"].keys() == settings


def test_secrets_are_not_committed() -> None:
    """The developer's settings stay in the checkout."""
    assert ".env" in (PROJECT_ROOT / ".gitignore").read_text().splitlines()


def test_the_container_for_developers_is_described() -> None:
    """The file is JSON with comments."""
    text = (PROJECT_ROOT / ".devcontainer" / "devcontainer.json").read_text()
    described = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    assert described["forwardPorts"] == [8000]
    assert "uv sync" in described["postCreateCommand"]


def test_commits_are_checked_quickly() -> None:
    """The hooks use the locked versions, so they need no other repository."""
    [repository] = read_yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert all(hook["entry"].startswith("uv ") for hook in repository["hooks"])

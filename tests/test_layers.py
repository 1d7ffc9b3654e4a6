"""Imports keep to the layers, files to their size, and each class has its own name."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import app
from app.settings import PROJECT_ROOT

SOURCE = Path(str(app.__file__)).parent
MODULES = {
    ".".join(("app", *file.relative_to(SOURCE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): file
    for file in sorted(SOURCE.rglob("*.py"))
}
DOMAINS = {f"app.clinic.{file.parent.name}" for file in SOURCE.glob("clinic/*/__init__.py")}
MAX_LINES = 300
# From the lowest; a module belongs to the layer with the longest name that it begins with.
CLINIC_SHARED = ("errors", "parameters", "changes", "examples", "routes", "rows")
LAYERS = (
    "app",
    "app.database",
    "app.web",
    "app.auth",
    *(f"app.clinic.{shared}" for shared in CLINIC_SHARED),
    "app.clinic",
    "app.tables",
    "app.seed",
    "app.snapshots",
    "app.test_clock",
    "app.test_sessions",
    "app.test_clinics",
    "app.console",
    "app.telemetry",
    "app.lifespan",
    "app.assembly",
    "app.main",
    "app.cli",
)
# All other modules of `auth` and `clinic` decide or store, and can be called without HTTP.
TRANSLATES_HTTP = {
    "app.auth": {
        "authentication",
        "caller",
        "controllers",
        "error_codes",
        "errors",
        "openapi",
        "return_addresses",
        "router",
        "schemas",
    },
    "app.clinic": {"changes", "examples", "parameters", "router", "routes"},
}
# In each domain of the clinic.
DOMAIN_TRANSLATES_HTTP = {"controller", "controllers", "error_responses", "schemas"}
HTTP = ("litestar", "app.web")


@cache
def imports(module: str) -> list[tuple[str, str]]:
    """Return each import of a module as the module that is imported and the name taken from it.

    A text that is the name of a module counts too: it may be imported or run by that name.
    """
    return [*imports_in(MODULES[module].read_text(), module)]


def imports_in(source: str, module: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            for alias in node.names:
                # `from app.auth import users` imports a module.
                inner = f"{node.module}.{alias.name}"
                yield (inner, "") if inner in MODULES else (str(node.module), alias.name)
        elif isinstance(node, ast.Constant) and node.value in MODULES:
            yield (node.value, "")


def is_within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def layer(module: str) -> int:
    return LAYERS.index(max((each for each in LAYERS if is_within(module, each)), key=len))


def is_service(module: str) -> bool:
    package = next((each for each in TRANSLATES_HTTP if is_within(module, each)), None)
    if package is None:
        return False
    name, *inner = [*module.removeprefix(package).split(".")[1:], ""]
    if f"{package}.{name}" in DOMAINS:
        return inner[0] not in DOMAIN_TRANSLATES_HTTP
    return name not in TRANSLATES_HTTP[package]


def is_private(module: str, name: str) -> bool:
    parts = [*module.split("."), name]
    return any(part.startswith("_") and not part.endswith("__") for part in parts)


def test_every_layer_and_exception_exists() -> None:
    """No rule below is about a module that was renamed."""
    named = {f"{package}.{name}" for package, names in TRANSLATES_HTTP.items() for name in names}
    assert MODULES.keys() >= named
    inner = {module.split(".")[3] for module in MODULES if module.rpartition(".")[0] in DOMAINS}
    assert inner >= DOMAIN_TRANSLATES_HTTP
    assert is_service("app.clinic.patients.service")
    assert not is_service("app.clinic.availability.controllers.team")
    assert {layer(module) for module in MODULES} == set(range(len(LAYERS)))


@pytest.mark.parametrize(
    "source",
    [
        "import app.seed.run",
        "import app.seed.run as steps",
        "from app.seed.run import seed",
        "from app.seed import run",
        "from app import seed",
        "def late():\n    from app.seed.run import seed",
        "if TYPE_CHECKING:\n    from app.seed.run import seed",
        "importlib.import_module('app.seed.run')",
        "subprocess.run([sys.executable, '-m', 'app.seed.run'])",
    ],
)
def test_no_form_of_an_import_is_missed(source: str) -> None:
    """Wherever in a module it is, and however it is written."""
    found = [imported for imported, _ in imports_in(source, "app.web.bodies")]
    assert any(is_within(imported, "app.seed") for imported in found)


def test_no_layer_imports_a_higher_one() -> None:
    """What is lower can be read, tested and changed without what is above it."""
    upward = [
        f"{module} imports {imported}"
        for module in MODULES
        for imported, _ in imports(module)
        if is_within(imported, "app") and layer(imported) > layer(module)
    ]
    assert upward == []


def test_services_know_nothing_of_http() -> None:
    """Code that can be called without HTTP imports neither Litestar nor our package `web`."""
    found = [
        f"{module} imports {imported}"
        for module in filter(is_service, MODULES)
        for imported, _ in imports(module)
        if any(is_within(imported, each) for each in HTTP)
    ]
    assert found == []


def test_nothing_private_is_imported() -> None:
    """A name that begins with an underscore may change with any version, of a library or ours."""
    found = [
        f"{module} imports {imported} {name}"
        for module in MODULES
        for imported, name in imports(module)
        if is_private(imported, name)
    ]
    assert found == []


def test_no_file_is_too_long() -> None:
    """A longer file does several things: split it by what it does."""
    lengths = {module: len(file.read_text().splitlines()) for module, file in MODULES.items()}
    assert {module: lines for module, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_two_classes_share_a_name() -> None:
    """A reader who meets a class knows which one it is."""
    folders = ("src", "tests", "tools", "benchmarks")
    files = [file for each in folders for file in (PROJECT_ROOT / each).rglob("*.py")]
    names = Counter(
        name
        for file in files
        for name in re.findall(r"^class (\w+)", file.read_text(), re.MULTILINE)
    )
    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []

"""The imports of the application keep to its layers, and its files to their size."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app

SOURCE = Path(str(app.__file__)).parent
MODULES = {
    ".".join(("app", *file.relative_to(SOURCE).with_suffix("").parts)): file
    for file in sorted(SOURCE.rglob("*.py"))
}
MAX_LINES = 300
# From the lowest; a module belongs to the layer with the longest name that it begins with.
LAYERS = (
    "app",
    "app.database",
    "app.web",
    "app.auth",
    *(f"app.clinic.{shared}" for shared in ("errors", "parameters", "routes")),
    "app.clinic",
    "app.tables",
    "app.seed",
    "app.console",
    "app.main",
    "app.cli",
)
# The services of `auth`, which are named after what they serve.
AUTH_SERVICES = {
    f"app.auth.{name}"
    for name in (
        "attempts",
        "invitations",
        "locks",
        "member_filters",
        "members",
        "organizations",
        "passwords",
        "roles",
        "sessions",
        "users",
    )
}
HTTP = ("litestar", "app.web")


def imports(module: str) -> Iterator[tuple[str, str]]:
    """Give each import of a module as the module that is imported and the name taken from it."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            for alias in node.names:
                # `from app.auth import users` imports a module.
                inner = f"{node.module}.{alias.name}"
                yield (inner, "") if inner in MODULES else (str(node.module), alias.name)


def is_within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def layer(module: str) -> int:
    return LAYERS.index(max((each for each in LAYERS if is_within(module, each)), key=len))


def is_service(module: str) -> bool:
    """Say whether a module decides or stores, and so may be called without HTTP."""
    name = module.rpartition(".")[2]
    return name.startswith(("service", "rules", "models")) or module in AUTH_SERVICES


def is_private(module: str, name: str) -> bool:
    parts = [*module.split("."), name]
    return any(part.startswith("_") and not part.endswith("__") for part in parts)


def test_every_layer_and_service_exists() -> None:
    """No rule below is about a module that was renamed."""
    assert MODULES.keys() >= AUTH_SERVICES
    assert {layer(module) for module in MODULES} == set(range(len(LAYERS)))
    assert len([module for module in MODULES if is_service(module)]) > len(AUTH_SERVICES)


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
    """Services, rules and models import neither the framework nor our package for HTTP."""
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

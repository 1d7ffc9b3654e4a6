"""Litestar parses the function of a dependency once for the application, not for each handler."""

from conftest import NewDatabase, make_app


def test_each_dependency_is_parsed_once(new_sqlite: NewDatabase) -> None:
    """Parsed for each handler, two functions took a third of the registration of all routes."""
    app = make_app(new_sqlite())
    handlers = [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
    assert len(handlers) > 100
    for name, provider in app.dependencies.items():
        assert {id(handler.resolve_dependencies()[name]) for handler in handlers} == {id(provider)}

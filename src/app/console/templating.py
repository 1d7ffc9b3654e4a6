"""How the templates of the console are found and filled in."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig


def template_config() -> TemplateConfig[JinjaTemplateEngine]:
    environment = Environment(
        loader=PackageLoader("app.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"in_words": _in_words, "number": _number}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def _in_words(value: str) -> str:
    """Write a value of an enumeration as people do: `partially_covered`, partially covered."""
    return value.replace("_", " ")


def _number(value: int) -> str:
    return f"{value:,}"

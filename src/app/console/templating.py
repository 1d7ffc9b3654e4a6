"""How the templates of the console are found and filled in."""

import re

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
    environment.filters |= {"clock": _clock, "counted": _counted, "in_words": _in_words, "number": _number}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def _clock(value: str) -> str:
    """Write a time of day as a clock shows it: `09:00:00`, 09:00."""
    return value.removesuffix(":00") if value.count(":") > 1 else value


def _in_words(value: str) -> str:
    """Write a name as people do: `partially_covered` and `plansPerPatient`, plans per patient."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", value).lower()


def _number(value: int) -> str:
    return f"{value:,}"


def _counted(count: int, kind: str) -> str:
    words = _in_words(kind)
    return f"{count:,} {words.removesuffix('s') if count == 1 else words}"

"""How the templates of the console are found and filled in."""

import re
from datetime import date, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from app import clock
from app.console.slots import clock_in_words
from app.web.prefix import link

# A message of the API about a field may begin with its value, which a form shows beside it.
VALUE_SEEN = re.compile(r"^\([^)]*\) ")
NAME_IN_JSON = re.compile(r"\b[a-z]+(?:[A-Z][a-z]+)+\b")


def template_config() -> TemplateConfig[JinjaTemplateEngine]:
    environment = Environment(
        loader=PackageLoader("app.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "age": _age,
        "clock": clock_in_words,
        "counted": _counted,
        "day": _day,
        "in_words": _in_words,
        "moment": _moment,
        "number": _number,
        "plain": plain,
    }
    environment.globals |= {
        "clock_setting": clock.setting,
        "link": link,
        "server_time": _server_time,
    }
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def plain(text: str) -> str:
    """Write a message of the API as a sentence of a page: "Must not be before start date."."""
    words = re.sub(r"`([^`]*)`", r"\1", text.strip())
    words = NAME_IN_JSON.sub(lambda name: _in_words(name[0]), VALUE_SEEN.sub("", words))
    return f"{words[:1].upper()}{words[1:]}" + "." * (words[-1:] not in {"", *".!?"})


def _age(date_of_birth: str) -> int:
    """Count the birthdays until today; one of 29 February has it on 1 March of other years."""
    born, today = date.fromisoformat(date_of_birth), clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _day(value: str) -> str:
    """Write a date as people do: `2026-03-07`, 7 Mar 2026."""
    day = date.fromisoformat(value)
    return f"{day.day} {day:%b} {day.year}"


def _server_time() -> str:
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: str) -> str:
    """Write an instant as people do: `2026-03-07T09:05:00.000Z`, 7 Mar 2026, 09:05 UTC."""
    moment = datetime.fromisoformat(value)
    return f"{_day(value[:10])}, {moment:%H:%M} UTC"


def _in_words(value: str) -> str:
    """Write a name as people do: `partially_covered` and `plansPerPatient`, plans per patient."""
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", value).lower()


def _number(value: int) -> str:
    return f"{value:,}"


def _counted(count: int, kind: str) -> str:
    words = _in_words(kind)
    if count == 1:
        words = "person" if words == "people" else words.removesuffix("s")
    return f"{count:,} {words}"

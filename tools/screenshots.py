"""Takes the pictures of the console that the README shows, in light and in dark."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import httpx
from playwright.sync_api import ColorScheme, Page

from app.seed.in_process import serving
from app.settings import Environment, Settings, parse_database_url
from chromium import NoChromium, chromium

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZE = {"width": 1200, "height": 820}
PERSON = "Edward Papadopoulos"
COLORS: tuple[ColorScheme, ...] = ("light", "dark")


def seed(page: Page) -> None:
    page.goto("/")


def people(page: Page) -> None:
    page.goto("/people")


VIEWS: dict[str, Callable[[Page], None]] = {"seed": seed, "people": people}


@click.command()
def main() -> None:
    """Take the pictures of the console anew, into docs/screenshots."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        url = parse_database_url(f"sqlite:///{folder}/seedbed.db")
        with serving(Settings(Environment.DEVELOPMENT, url)) as site, chromium() as browser:
            for colors in COLORS:
                httpx.post(f"{site}/api/db/seed", trust_env=False).raise_for_status()
                page = browser.new_page(base_url=site, viewport=SIZE, color_scheme=colors)
                for name, look in VIEWS.items():
                    look(page)
                    page.screenshot(path=FOLDER / f"{name}-{colors}.png")
                page.close()


if __name__ == "__main__":
    try:
        main()
    except NoChromium as error:
        raise SystemExit(str(error)) from None

"""What a page in the browser requests, and its errors."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page


@dataclass
class Traffic:
    urls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def urls_outside(self, base_url: str) -> list[str]:
        own = (f"{base_url}/", "data:", "blob:")
        return [url for url in self.urls if not url.startswith(own)]

    def take_refusals(self) -> list[str]:
        """Remove what the browser logs of each refusal; return the statuses."""
        refusals = {error: re.findall(r"status of (\d+)", error) for error in self.errors}
        taken = [status for error in self.errors for status in refusals[error]]
        self.errors = [error for error in self.errors if not refusals[error]]
        return taken


def record(page: Page, traffic: Traffic | None = None) -> Traffic:
    """Record what the page does from now on, in addition to what is recorded already."""
    traffic = Traffic() if traffic is None else traffic

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            traffic.errors.append(message.text)

    page.on("request", lambda request: traffic.urls.append(request.url))
    page.on("console", note)
    page.on("pageerror", lambda error: traffic.errors.append(str(error)))
    return traffic

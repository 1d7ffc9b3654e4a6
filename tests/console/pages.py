"""What a test reads from a page: its forms, and the message that a redirect carries."""

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import httpx

EDWARD = "edward.papadopoulos@example.com"
PART = {"HX-Request": "true"}


async def sign_in(client: httpx.AsyncClient, email: str = EDWARD) -> None:
    person = {"email": email, "password": "Password123"}
    (await client.post("/api/auth/sign-in/email", json=person)).raise_for_status()


def toast_of(response: httpx.Response) -> Any:
    """Return the message that a redirect carries to the next page."""
    assert response.status_code == 303, response.text
    return json.loads(unquote(response.cookies["seedbed-toast"]))


class FormReader(HTMLParser):
    """Reads the fields of the form that is posted, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.invalid: list[str] = []
        self.errors: dict[str, str] = {}
        self._in_form = False
        self._textarea = self._select = self._error = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._in_form = given.get("class") == "row-form"
        elif tag == "small" and "field-error" in (given.get("class") or ""):
            self._error = (given["id"] or "").removesuffix("-error")
        if not self._in_form:
            return
        if "aria-invalid" in given:
            self.invalid.append(name)
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._textarea = name
            self.sent[name] = [""]
        elif tag == "select":
            self._select = name
            self.sent[name] = []
        elif tag == "option" and ("selected" in given or not self.sent[self._select]):
            self.sent[self._select] = [given.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "small":
            self._error = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.sent[self._textarea] = [self.sent[self._textarea][0] + data]
        elif self._error and data.strip():
            self.errors[self._error] = data.strip()

"""The page of the people who can sign in, signing in and out, and the user menu."""

from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType, RequestEncodingType
from litestar.params import Body, QueryParameter
from litestar.response import Redirect, Template

from app.console.api import ApiProblem
from app.console.controllers.data_set import find_last_seed
from app.console.signed_in_user import find_signed_in_user
from app.console.view import FIRST_VIEW, View
from app.web.origins import is_path
from app.web.prefix import link


class SignInForm(msgspec.Struct):
    email: str
    to: str = FIRST_VIEW


class ClinicForm(msgspec.Struct, rename="camel"):
    organization_id: str
    to: str = FIRST_VIEW


class PeopleController(Controller):
    path = "/people"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        search: Annotated[str, QueryParameter()] = "",
        to: Annotated[str, QueryParameter()] = FIRST_VIEW,
    ) -> Template:
        last = await find_last_seed(view.api)
        page = await _show(view, last and last["summary"], search.strip(), to)
        if view.is_part:
            query = urlencode(
                {
                    name: value
                    for name, value in (("search", search.strip()), ("to", to))
                    if value and value != FIRST_VIEW
                }
            )
            page.headers["HX-Replace-Url"] = link("/people") + (f"?{query}" if query else "")
        return page

    @get("/user-menu")
    async def show_user_menu(
        self,
        view: NamedDependency[View],
        to: Annotated[str, QueryParameter()] = FIRST_VIEW,
    ) -> Template | Response[str]:
        """Return the user menu of every page or, for browsers without JavaScript, a page with it.

        `to` is the path of the page, to which the forms of the menu return.
        """
        try:
            who = await find_signed_in_user(view.api)
        except ApiProblem:
            if not view.is_part:
                raise
            return Response("", media_type=MediaType.HTML)  # the page itself shows the problem
        name = "user_menu.html" if view.is_part else "user_menu_page.html"
        return view.render(name, who=who, to=to if is_path(to) else FIRST_VIEW)

    @get("/sign-in")
    async def show_login_link(
        self,
        view: NamedDependency[View],
        email: Annotated[str, QueryParameter()],
        to: Annotated[str, QueryParameter()] = FIRST_VIEW,
    ) -> Template:
        """Show a form that a browser with JavaScript sends at once.

        Reading the seed refuses pages of other sites, which could otherwise sign somebody in.
        """
        await view.api.get("/api/db/seed")
        return view.render("login_link.html", email=email, to=to)

    @post("/sign-in")
    async def sign_in(
        self,
        view: NamedDependency[View],
        data: Annotated[SignInForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect | Template:
        """Sign in with the public password of the data set, and redirect to `to`."""
        seeded = await view.api.get("/api/db/seed")
        try:
            response = await view.api.post(
                "/api/auth/sign-in/email",
                email=data.email,
                password=seeded["summary"]["signIn"]["password"],
            )
        except ApiProblem as refusal:
            if refusal.status not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.BAD_REQUEST}:
                raise
            return await _show(view, seeded["summary"], "", data.to, refused=data.email)
        return _go(data.to, response.headers["Set-Cookie"])

    @post("/sign-out")
    async def sign_out(self, view: NamedDependency[View]) -> Redirect:
        response = await view.api.post("/api/auth/sign-out")
        return _go("/people", response.headers["Set-Cookie"])

    @post("/clinic")
    async def choose_clinic(
        self,
        view: NamedDependency[View],
        data: Annotated[ClinicForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        """Return to the page without its query, which belongs to the other clinic."""
        changed = await view.api.post(
            "/api/auth/organization/set-active", organizationId=data.organization_id
        )
        response, clinic = _go(data.to), changed.json()
        return view.toast(response, f"Switched to {clinic['name']}.") if clinic else response


async def _show(
    view: View, summary: Any, search: str, to: str, refused: str | None = None
) -> Template:
    people = summary["signIn"]["users"] if summary else []
    current = await view.api.get("/api/auth/get-session")
    return view.render(
        "people_found.html" if view.is_part else "people.html",
        people=sorted(_matching(people, search), key=lambda person: person["organization"]),
        listed=len(people),
        seeded=summary["created"]["users"]["count"] if summary else 0,
        emails={person["email"] for person in people},
        current=current["user"]["email"] if current else None,
        search=search,
        to=to,
        refused=refused,
    )


def _matching(people: list[dict[str, Any]], search: str) -> list[dict[str, Any]]:
    """Return the people whose name, email address, role or clinic contain all words."""
    words = search.casefold().split()
    return [
        person
        for person in people
        if all(word in " ".join(person.values()).casefold() for word in words)
    ]


def _go(to: str, cookie: str | None = None) -> Redirect:
    """Redirect to a path of this server; anything else becomes the first view."""
    path = to if is_path(to) else FIRST_VIEW
    headers = {"Set-Cookie": cookie} if cookie else None
    return Redirect(link(path), status_code=303, headers=headers)

"""The page of the people that one can be, and how one becomes them."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, QueryParameter
from litestar.response import Redirect, Template

from app.callers import PATH
from app.console.api import ApiProblem
from app.console.view import FIRST_VIEW, View


class Chosen(msgspec.Struct):
    email: str
    to: str = FIRST_VIEW


class ChosenClinic(msgspec.Struct, rename="camel"):
    organization_id: str


class PeopleController(Controller):
    path = "/people"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        search: Annotated[str, QueryParameter()] = "",
        to: Annotated[str, QueryParameter()] = FIRST_VIEW,
    ) -> Template:
        clinics = _by_clinic(await _find_people(view), search)
        make = view.part if view.is_part else view.page
        name = "people_found.html" if view.is_part else "people.html"
        return make(name, clinics=clinics, search=search, to=to)

    @post("/sign-in")
    async def sign_in(
        self,
        view: NamedDependency[View],
        data: Annotated[Chosen, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        """Sign in with the public password of the data set, and go where one wanted to be."""
        seeded = await view.api.get("/api/db/seed")
        answer = await view.api.post(
            "/api/auth/sign-in/email",
            email=data.email,
            password=seeded["summary"]["signIn"]["password"],
        )
        return _go(data.to if PATH.fullmatch(data.to) else FIRST_VIEW, answer.headers["Set-Cookie"])

    @post("/sign-out")
    async def sign_out(self, view: NamedDependency[View]) -> Redirect:
        answer = await view.api.post("/api/auth/sign-out")
        return _go("/people", answer.headers["Set-Cookie"])

    @post("/clinic")
    async def choose_clinic(
        self,
        view: NamedDependency[View],
        data: Annotated[ChosenClinic, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        await view.api.post(
            "/api/auth/organization/set-active", organizationId=data.organization_id
        )
        return _go(FIRST_VIEW)


async def _find_people(view: View) -> list[dict[str, Any]]:
    """Give the seeded people, none where nothing was seeded."""
    try:
        seeded = await view.api.get("/api/db/seed")
    except ApiProblem as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND:
            return []
        raise
    people: list[dict[str, Any]] = seeded["summary"]["signIn"]["users"]
    return people


def _by_clinic(people: list[dict[str, Any]], search: str) -> dict[str, list[dict[str, Any]]]:
    """Group the people whose name, role or clinic has the words that are searched for."""
    words = search.casefold().split()
    found = [
        person
        for person in people
        if all(word in " ".join(map(str, person.values())).casefold() for word in words)
    ]
    clinics: dict[str, list[dict[str, Any]]] = {}
    for person in found:
        clinics.setdefault(person["organization"], []).append(person)
    return clinics


def _go(path: str, cookie: str | None = None) -> Redirect:
    headers = {"Set-Cookie": cookie} if cookie else None
    return Redirect(path, status_code=303, headers=headers)

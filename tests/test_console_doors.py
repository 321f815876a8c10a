"""Promises of every console address: who may come in, and that only our own forms change anything."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import httpx
import pytest
from sanic_routing import Route

from models.staff import Role
from server.app import create_app
from server.rate_limit import RateLimit
from services.access import Permission
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console

OPEN_TO_ALL = {"sign_in_page", "sign_in"}
"""Addresses that nobody needs to be signed in for."""

DECIDED_BY_THE_SERVICE = {"review_document", "review_question"}
"""A reviewer passes or gives back, whoever wrote it calls back: services.secrecy_check tells them
apart, and its tests."""

P, R = Permission, Role
MAY: dict[Permission | None, set[Role]] = {
    None: set(Role),
    P.LOOK: set(Role),
    P.WRITE_DOCUMENTS: {R.CLERK, R.AGENCY_OFFICER},
    P.WRITE_QUESTIONS: {R.CLERK, R.AGENCY_OFFICER},
    P.REVIEW: {R.REVIEWER},
    P.ANSWER: {R.CLERK, R.AGENCY_OFFICER},
    P.ANSWER_SUGGESTIONS: {R.CLERK},
    P.TAKE_CALLS: {R.CLERK},
    P.TAKE_APPLICATIONS: {R.CLERK, R.AGENCY_OFFICER, R.OFFICE_HEAD},
    P.WORK_ON_APPLICATIONS: {R.AGENCY_OFFICER, R.OFFICE_HEAD},
    P.APPROVE_APPLICATIONS: {R.OFFICE_HEAD},
    P.KEEP_OFFICES: {R.OFFICE_HEAD, R.ADMINISTRATOR},
    P.SEE_REGISTER: {R.AGENCY_OFFICER, R.OFFICE_HEAD, R.SUPERVISOR},
    P.WRITE_NOTICES: {R.CLERK, R.AGENCY_OFFICER},
    P.KEEP_WECHAT: {R.ADMINISTRATOR},
    P.SEE_LEDGER: {R.CLERK, R.REVIEWER, R.SUPERVISOR, R.ADMINISTRATOR},
    P.SEE_AUDIT: {R.SUPERVISOR, R.ADMINISTRATOR},
    P.MANAGE_STAFF: {R.ADMINISTRATOR},
    P.MANAGE_VENUES: {R.ADMINISTRATOR},
}
"""Who may do what, written down a second time: a slip in services.access shows here."""

NEEDS: dict[str, set[Permission | None]] = {
    "": {None},
    "agencies": {P.MANAGE_VENUES},
    "annual-reports": {P.SEE_REGISTER, P.WORK_ON_APPLICATIONS, P.APPROVE_APPLICATIONS},
    "application-register": {P.SEE_REGISTER},
    "application-intake": {P.TAKE_APPLICATIONS},
    "application-letters": {P.WORK_ON_APPLICATIONS, P.APPROVE_APPLICATIONS},
    "application-reviews": {P.REVIEW},
    "applications": {P.TAKE_APPLICATIONS, P.WORK_ON_APPLICATIONS, P.APPROVE_APPLICATIONS},
    "audit": {P.SEE_AUDIT},
    "cards": {P.KEEP_WECHAT},
    "devices": {P.MANAGE_VENUES},
    "disclosure-offices": {P.KEEP_OFFICES},
    "display-items": {P.WRITE_DOCUMENTS},
    "documents": {P.LOOK, P.WRITE_DOCUMENTS, P.REVIEW},
    "gazette-issues": {P.WRITE_DOCUMENTS},
    "help-calls": {P.TAKE_CALLS},
    "holiday-notices": {P.MANAGE_VENUES},
    "imports": {P.WRITE_DOCUMENTS},
    "ledger": {P.SEE_LEDGER},
    "left-questions": {P.ANSWER, P.WRITE_QUESTIONS},
    "me": {None},
    "new-password": {None},
    "notice-reviews": {P.REVIEW},
    "notices": {P.WRITE_NOTICES},
    "questions": {P.LOOK, P.WRITE_QUESTIONS, P.REVIEW},
    "ratings": {P.SEE_LEDGER},
    "scan-codes": {P.MANAGE_VENUES},
    "sign-out": {None},
    "staff": {P.MANAGE_STAFF},
    "suggestions": {P.ANSWER_SUGGESTIONS},
    "synonyms": {P.WRITE_QUESTIONS},
    "venues": {P.MANAGE_VENUES},
    "wechat": {P.KEEP_WECHAT},
}
"""What each part of the console may ask for, by the first part of the address."""

LOOKING_ONLY = {P.LOOK, P.SEE_LEDGER, P.SEE_AUDIT}
"""What nobody may change anything with, apart from having the audit record looked through."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("console-doors")) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        yield opened


@pytest.fixture(scope="module")
def routes(doors: Doors) -> list[Route]:
    """Every address of the console."""
    app = create_app(doors.context.parts)
    found = [route for route in app.router.routes if route.path.partition("/")[0] == "console"]
    assert len(found) > 50
    return found


@pytest.fixture(scope="module")
def people(doors: Doors) -> Iterator[dict[Role, AtTheConsole]]:
    """One person of each role, signed in."""
    with contextlib.ExitStack() as signed_in:
        yield {role: signed_in.enter_context(at_the_console(doors, role)) for role in Role}


def name_of(route: Route) -> str:
    return str(route.name).rpartition(".")[2]


def needed(route: Route) -> Permission | None:
    permission: Permission | None = route.handler.permission
    return permission


def address_of(route: Route) -> str:
    """Return an address of a route, with the number 1 wherever it takes one."""
    return "/" + re.sub(r"<\w+:\w+>", "1", route.path)


def locked(routes: list[Route], *, changing: bool) -> list[Route]:
    return [
        route
        for route in routes
        if name_of(route) not in OPEN_TO_ALL and ("GET" not in route.methods) == changing
    ]


def status(client: httpx.Client, method: str, address: str, **options: object) -> int:
    """Return the status alone: one address is a stream without an end."""
    with client.stream(method, address, **options) as response:  # type: ignore[arg-type]
        return response.status_code


def test_every_address_says_who_may_call(routes: list[Route]) -> None:
    undeclared = {name_of(r) for r in routes if not hasattr(r.handler, "permission")}
    assert undeclared == OPEN_TO_ALL


def test_every_address_asks_for_what_its_part_of_the_console_is_for(routes: list[Route]) -> None:
    wrong = set()
    for route in locked(routes, changing=True) + locked(routes, changing=False):
        part = route.path.removeprefix("console").strip("/").partition("/")[0]
        if needed(route) not in NEEDS[part] and name_of(route) not in DECIDED_BY_THE_SERVICE:
            wrong.add((route.path, needed(route)))
    assert wrong == set()


def test_nothing_is_changed_by_who_may_look_only(routes: list[Route]) -> None:
    changing = {
        name_of(route) for route in locked(routes, changing=True) if needed(route) in LOOKING_ONLY
    }
    assert changing == {"verify_audit"}


def test_nobody_comes_in_without_signing_in(doors: Doors, routes: list[Route]) -> None:
    with doors.client() as client:
        for route in locked(routes, changing=False):
            assert status(client, "GET", address_of(route)) == 401, route.path
        for route in locked(routes, changing=True):
            assert status(client, "POST", address_of(route)) == 401, route.path


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_what_is_for_it_and_nothing_else(
    people: dict[Role, AtTheConsole], routes: list[Route], role: Role
) -> None:
    client = people[role].client
    for route in locked(routes, changing=False):
        seen = status(client, "GET", address_of(route))
        if role in MAY[needed(route)]:
            # 404: there is no number 1, or it is not theirs.
            assert seen in {200, 303, 404}, (route.path, seen)
        else:
            assert seen == 403, (route.path, seen)


@pytest.mark.parametrize("role", Role)
def test_each_role_changes_nothing_that_is_not_for_it(
    people: dict[Role, AtTheConsole], routes: list[Route], role: Role
) -> None:
    person = people[role]
    token = {"x-form-token": person.form_token}
    for route in locked(routes, changing=True):
        if role not in MAY[needed(route)]:
            seen = status(person.client, "POST", address_of(route), headers=token)
            assert seen == 403, (route.path, seen)


def test_nothing_is_changed_without_the_forms_token(
    people: dict[Role, AtTheConsole], routes: list[Route]
) -> None:
    for route in locked(routes, changing=True):
        role = next(role for role in Role if role in MAY[needed(route)])
        client = people[role].client
        for token in ({}, {"form_token": "x" * 43}):
            refused = client.post(address_of(route), data=token)
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_form"), (
                route.path
            )


def test_nothing_is_changed_from_another_site(
    people: dict[Role, AtTheConsole], routes: list[Route]
) -> None:
    for route in [r for r in routes if "GET" not in r.methods]:
        role = next(
            role for role in Role if role in MAY[getattr(route.handler, "permission", None)]
        )
        person = people[role]
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            refused = person.client.post(
                address_of(route), headers=foreign | {"x-form-token": person.form_token}
            )
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_page"), (
                route.path
            )

"""Promises about the whole door of the mini-program: who may call what, and that it is described."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sanic import Sanic
from sanic_routing import Route

from miniprogram_api.mp import mp_routes
from miniprogram_api.mp.operations import OPERATIONS
from miniprogram_api.mp.sessions import is_for_signed_in
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import phone_of_citizen


@pytest.fixture(scope="module")
def routes() -> list[Route]:
    app = Sanic("mp-doors", configure_logging=False)
    app.blueprint(mp_routes())
    app.router.finalize()
    return list(app.router.routes)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-doors"), speaking=False) as opened:
        yield opened


def described_path(route: Route) -> str:
    """Return the address of a route as the OpenAPI document writes it, but for names of parts."""
    return "/" + re.sub(r"<[^>]*>", "{}", route.path)


def test_every_route_says_who_may_call_it(routes: list[Route]) -> None:
    silent = []
    for route in routes:
        try:
            is_for_signed_in(route.handler)
        except AttributeError:
            silent.append(route.path)
    assert routes
    assert silent == []


def test_every_route_is_described_and_the_description_says_the_same_of_who_may_call(
    routes: list[Route],
) -> None:
    described = {
        (op.method.upper(), re.sub(r"{\w+}(\.\w+)?", "{}", op.path)): op.signed_in
        for op in OPERATIONS
    }
    there = {
        (method, described_path(route)): is_for_signed_in(route.handler)
        for route in routes
        for method in route.methods - {"HEAD", "OPTIONS"}
    }
    assert len(described) == len(OPERATIONS), "Two operations have one address"
    assert described == there


def test_nothing_for_those_who_signed_in_answers_anybody_else(doors: Doors) -> None:
    with doors.client() as client:
        for operation in OPERATIONS:
            if not operation.signed_in:
                continue
            path = re.sub(r"{\w+}", "1", operation.path)
            for headers in (
                {},
                {"Authorization": "Bearer forged"},
                {"Authorization": "Basic eA=="},
            ):
                response = client.request(operation.method.upper(), path, headers=headers)
                assert (response.status_code, response.json()["code"]) == (401, "not_signed_in"), (
                    operation.name
                )


def test_what_is_shown_has_the_shape_of_its_example(doors: Doors) -> None:
    with phone_of_citizen(doors) as phone:
        for operation in OPERATIONS:
            if operation.method == "get" and "{" not in operation.path and operation.reply:
                query = {p.name: p.example for p in operation.parameters if p.place == "query"}
                shown = phone.client.get(operation.path, params=query)
                assert shown.status_code == operation.success, (operation.name, shown.text)
                assert set(shown.json()) == set(operation.reply_example), operation.name

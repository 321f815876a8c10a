"""The addresses of the acts of a case: one small form each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from server.console.application_act_forms import Act, Deed
from server.console.application_page import ACTS, Refused, case_page
from server.console.forms import Form
from server.console.pages import go_on
from server.console.staff_door import staff
from server.context import context_of
from services.access import Actor
from services.clock import zone_day
from services.errors import Conflict, Invalid, NotAllowed

_PATH = "/console/applications"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    for act in ACTS:
        routes.add_route(
            _handler(act), f"/applications/<application_id:int>/{act.slug}", methods={"POST"},
            name=f"application_{act.slug.replace('-', '_')}",
        )  # fmt: skip


def _handler(act: Act) -> Any:
    @staff(act.permission)
    async def do(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
        form, now = Form(request), datetime.now(UTC)
        deed = Deed(
            form, actor, application_id, form.edits(), context_of(request).parts.keys, now,
            zone_day(now),
        )  # fmt: skip
        try:
            await act.do(deed)
        except (Invalid, Conflict, NotAllowed) as refused:
            again = Refused.of(act.slug, refused, form.values, form.errors)
            return await case_page(request, actor, application_id, refused=again)
        return go_on(request, f"{_PATH}/{application_id}", act.done)

    return do

"""Putting right what is kept of an applicant, from the page on which it is shown in full."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.console.application_page import Refused, case_page
from server.console.forms import Form
from server.console.pages import go_on
from server.console.staff_door import staff
from server.context import context_of
from services import applicant_corrections
from services.access import Actor, Permission
from services.applicant_corrections import LABELS, LONGEST, LONGEST_OTHER
from services.errors import Conflict, Invalid


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(
        correct, "/applications/<application_id:int>/applicant/correction", methods={"POST"},
        name="correct_applicant",
    )  # fmt: skip


@staff(Permission.WORK_ON_APPLICATIONS)
async def correct(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Keep what staff typed in the place of what was wrong."""
    form = Form(request)
    given = {
        name: form.text(name, label, longest=LONGEST.get(name, LONGEST_OTHER))
        for name, label in LABELS.items()
        if name in form.values
    }
    why = form.text("why", "更正的原因", longest=LONGEST_OTHER, required=True)
    if form.errors:
        sentence = "".join(form.errors.values())
        again = Refused("person", sentence, 422, form.values, form.errors)
        return await case_page(request, actor, application_id, refused=again)
    try:
        await applicant_corrections.correct(
            actor, application_id, given, why, edits=form.edits(),
            keys=context_of(request).parts.keys, now=datetime.now(UTC),
        )  # fmt: skip
    except (Invalid, Conflict) as refused:
        again = Refused.of("person", refused, form.values, {})
        return await case_page(request, actor, application_id, refused=again)
    return go_on(request, f"/console/applications/{application_id}", "已经更正，办理经过里有记录。")

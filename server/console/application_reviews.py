"""The secrecy check of replies (保密审查, Article 17), for those who check and do not draft."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from models.official_letter import OfficialLetter
from server.console.application_letter_page import (
    REVIEWS,
    hand_back,
    let_pass,
    letter_form,
    letter_page,
)
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from server.sending_files import send_content
from services import application_files, application_work_list
from services.access import Actor, Permission
from services.errors import NotFound

_REVIEW = Permission.REVIEW


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/application-reviews/<letter_id:int>"
    routes.add_route(listed, "/application-reviews", name="application_reviews")
    routes.add_route(shown, one, name="application_review")
    routes.add_route(pass_it, f"{one}/pass", methods={"POST"}, name="pass_application_review")
    routes.add_route(give_back, f"{one}/return", methods={"POST"}, name="return_from_review")
    routes.add_route(send, f"{one}/files/<file_id:int>/file", name="file_to_review")


@staff(_REVIEW)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show what waits for a check."""
    waiting = await application_work_list.reviews_waiting(actor)
    return show(request, actor, "console/application_reviews.html", letters=waiting)


@staff(_REVIEW)
async def shown(request: Request, actor: Actor, letter_id: int) -> HTTPResponse:
    """Show one reply with what it gives out."""
    return await letter_page(request, actor, letter_id)


@staff(_REVIEW)
@letter_form
async def pass_it(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Let it pass."""
    await let_pass(request, actor, letter_id, form)
    return go_on(request, REVIEWS, "审查通过，已交经办人制发。")


@staff(_REVIEW)
@letter_form
async def give_back(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Give it back with the reason."""
    await hand_back(request, actor, letter_id, form)
    return go_on(request, REVIEWS, "已退回经办人修改。")


@staff(_REVIEW)
async def send(request: Request, actor: Actor, letter_id: int, file_id: int) -> None:
    """Send a file of the case that is checked."""
    keys = context_of(request).parts.keys
    letter = await OfficialLetter.get_or_none(id=letter_id)
    file, content = await application_files.opened(actor, file_id, keys=keys)
    if letter is None or letter.application_id != file.application_id:
        raise NotFound("It belongs to another case.")
    await send_content(request, content, file.name, file.media_type, file.size_bytes)

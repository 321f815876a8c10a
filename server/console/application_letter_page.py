"""The page of one letter: its text, what is wrong with it, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from sanic import HTTPResponse, Request

from models.application import Application, DeliveryWay
from models.official_letter import LetterKind, LetterState
from server.console.forms import Form
from server.console.pages import show
from server.context import context_of
from server.errors import describe
from services import application_access, application_files, applications, letter_files, letters
from services.access import Actor, Permission
from services.clock import zone_day
from services.disclosure.letter_fields import PLACEHOLDERS
from services.disclosure.outcomes import law_of
from services.disclosure.serving import counted_day, proof_of
from services.errors import Conflict, EditedMeanwhile, Invalid, NotAllowed, OpenZoneError

PATH = "/console/application-letters"
REVIEWS = "/console/application-reviews"
REFUSALS = (Invalid, Conflict, NotAllowed)
"""What is told on the page, with what was typed kept."""

Filled = Callable[[Request, Actor, int, Form], Coroutine[Any, Any, HTTPResponse]]
Handler = Callable[[Request, Actor, int], Coroutine[Any, Any, HTTPResponse]]


def letter_form(act: Filled) -> Handler:
    """Take a form of a letter's page; what is refused is told on that page."""

    @wraps(act)
    async def taken(request: Request, actor: Actor, letter_id: int) -> HTTPResponse:
        form = Form(request)
        try:
            return await act(request, actor, letter_id, form)
        except REFUSALS as refused:
            return await letter_page(request, actor, letter_id, form=form, refused=refused)

    return taken


async def let_pass(request: Request, actor: Actor, letter_id: int, form: Form) -> None:
    """Pass the secrecy check of a reply (保密审查), whoever of those who may does it."""
    await letters.pass_review(
        actor, letter_id, edits=form.edits(), case_edits=form.edits("case_edits"),
        note=form.raw("note"), keys=context_of(request).parts.keys, now=datetime.now(UTC),
    )  # fmt: skip


async def hand_back(request: Request, actor: Actor, letter_id: int, form: Form) -> None:
    """Give a reply back from the secrecy check, with the reason."""
    await letters.return_from_review(
        actor, letter_id, why=form.raw("why"), edits=form.edits(),
        case_edits=form.edits("case_edits"), keys=context_of(request).parts.keys,
        now=datetime.now(UTC),
    )  # fmt: skip


async def letter_page(
    request: Request,
    actor: Actor,
    letter_id: int,
    *,
    form: Form | None = None,
    refused: OpenZoneError | None = None,
) -> HTTPResponse:
    """Show one letter, after a refusal with what was typed and why it was not done."""
    keys, now = context_of(request).parts.keys, datetime.now(UTC)
    one = await letter_files.shown(actor, letter_id, keys=keys, now=now)
    letter = one.letter
    row = await Application.get(id=letter.application_id).prefetch_related("agency")
    works = application_access.works_on(actor, row)
    is_reply = letter.kind is LetterKind.N12_REPLY
    may_check = actor.may(Permission.REVIEW) or actor.may(Permission.APPROVE_APPLICATIONS)
    sentence = ""
    if refused is not None:
        sentence = refused.sentence
        if isinstance(refused, EditedMeanwhile):
            sentence = (
                "您打开之后，别人已经改过这份文书或者办过这件申请。请对照现在的内容，再决定。"
            )
    return show(
        request, actor, "console/application_letter.html",
        status=describe(refused).status if refused is not None else 200,
        one=one, letter=letter, row=row, works=works, is_reply=is_reply, sentence=sentence,
        values=form.values if form is not None else {}, today=zone_day(now),
        path=f"{PATH if works else REVIEWS}/{letter_id}",
        wanted=applications.request_in(row, keys),
        law=law_of(letter.outcome) if letter.outcome is not None else None,
        is_draft=works and letter.state is LetterState.DRAFT,
        to_check=may_check and letter.state is LetterState.IN_REVIEW,
        to_return=may_check and letter.state in {LetterState.IN_REVIEW, LetterState.CLEARED},
        is_own=actor.staff_id in letter.writer_ids,
        to_issue=works and letter.state is (LetterState.CLEARED if is_reply else LetterState.DRAFT),
        to_serve=works and letter.state is LetterState.ISSUED,
        to_void=works
        and letter.state in {LetterState.DRAFT, LetterState.ISSUED}
        and not (is_reply and letter.state is LetterState.ISSUED),
        ways=list(DeliveryWay), placeholders=PLACEHOLDERS, counted_day=counted_day,
        proof_of=proof_of,
        files=await application_files.listed(actor, row.id, keys=keys),
    )  # fmt: skip

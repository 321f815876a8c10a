"""The work list of questions that nobody could answer, and the page of one."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.agency import Agency
from server.console.forms import Form
from server.console.pages import PageOfList, go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import question_desk
from services.access import Actor, Permission
from services.content_safety import ContentWaits
from services.errors import Conflict, EditedMeanwhile, Invalid, OpenZoneError
from services.question_content import LONGEST_SHORT_ANSWER, QuestionContent
from services.question_desk import LONGEST_ANSWER, Pile

_PATH = "/console/left-questions"
_LONGEST_QUESTION = 500
_RELATED = 5


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/left-questions/<question_id:int>"
    routes.add_route(listed, "/left-questions", name="left_questions")
    routes.add_route(shown, one, name="left_question")
    routes.add_route(answer, f"{one}/answer", methods={"POST"}, name="answer_question")
    routes.add_route(pass_on, f"{one}/pass-on", methods={"POST"}, name="pass_question_on")
    routes.add_route(close, f"{one}/close", methods={"POST"}, name="close_question")
    routes.add_route(clear, f"{one}/clear", methods={"POST"}, name="clear_question")
    routes.add_route(make_entry, f"{one}/entry", methods={"POST"}, name="make_entry")


@staff(Permission.ANSWER)
async def listed(request: Request, actor: Actor) -> HTTPResponse:
    """Show one pile of the work list."""
    given = request.args.get("pile", "")
    pile = Pile(given) if given in set(Pile) else Pile.OPEN
    keys, now = context_of(request).parts.keys, datetime.now(UTC)
    asked = PageOfList.of(request, 10**6)
    rows, total = await question_desk.work_list(
        actor, pile, keys=keys, now=now, offset=asked.offset, limit=asked.size
    )
    return show(
        request,
        actor,
        "console/left_questions.html",
        pile=pile,
        piles=list(Pile),
        rows=rows,
        part=PageOfList.of(request, total),
        counts=await question_desk.counts(actor, now),
    )


@staff(Permission.ANSWER)
async def shown(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Show one question with its words."""
    return await _page(request, actor, question_id)


@staff(Permission.ANSWER)
async def answer(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Answer."""
    form = Form(request)
    keys, now = context_of(request).parts.keys, datetime.now(UTC)
    try:
        await question_desk.answer(
            actor, question_id, form.raw("answer").replace("\r\n", "\n"),
            edits=form.edits(), keys=keys, now=now,
        )  # fmt: skip
    except (Invalid, EditedMeanwhile) as refused:
        return await _page(request, actor, question_id, form, refused)
    return go_on(request, f"{_PATH}/{question_id}", "已答复，群众凭编号就能看到。")


@staff(Permission.ANSWER)
async def pass_on(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Give it to an agency, or take it back."""
    form = Form(request)
    agency = form.number("agency", "机关", least=0, most=10**8)
    try:
        await question_desk.pass_on(actor, question_id, agency or None, edits=form.edits())
    except (Invalid, EditedMeanwhile) as refused:
        return await _page(request, actor, question_id, form, refused)
    return go_on(request, _PATH, "已转办。" if agency else "已收回，由本专区答复。")


@staff(Permission.ANSWER)
async def close(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Set it aside."""
    form = Form(request)
    try:
        await question_desk.close(actor, question_id, edits=form.edits())
    except EditedMeanwhile as refused:
        return await _page(request, actor, question_id, form, refused)
    return go_on(request, _PATH, "已办结。")


@staff(Permission.ANSWER)
async def clear(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Note that somebody looked at it and found it harmless."""
    form = Form(request)
    try:
        await question_desk.clear(actor, question_id, edits=form.edits())
    except EditedMeanwhile as refused:
        return await _page(request, actor, question_id, form, refused)
    return go_on(request, f"{_PATH}/{question_id}", "已记为核看通过。")


@staff(Permission.WRITE_QUESTIONS)
async def make_entry(request: Request, actor: Actor, question_id: int) -> HTTPResponse:
    """Begin a library entry, and go on to its page."""
    form = Form(request)
    content = QuestionContent(
        question=form.text("entry_question", "问题", longest=_LONGEST_QUESTION, required=True),
        answer=form.text("entry_answer", "完整回答", longest=LONGEST_ANSWER, required=True),
        short_answer=form.text("entry_short", "简短回答", longest=LONGEST_SHORT_ANSWER),
    )
    try:
        if form.errors:
            raise Invalid("The form has mistakes.", sentence=next(iter(form.errors.values())))
        version = await question_desk.make_entry(actor, question_id, content, edits=form.edits())
    except OpenZoneError as refused:
        if not isinstance(refused, (Invalid, EditedMeanwhile, ContentWaits)):
            raise
        return await _page(request, actor, question_id, form, refused)
    return go_on(
        request, f"/console/questions/{version.subject_id}", "已拟好问答，补齐依据后提交审查。"
    )


async def _page(
    request: Request,
    actor: Actor,
    question_id: int,
    form: Form | None = None,
    refused: OpenZoneError | None = None,
) -> HTTPResponse:
    context = context_of(request)
    opened = await question_desk.open_question(
        actor, question_id, keys=context.parts.keys, now=datetime.now(UTC)
    )
    try:
        related = await context.library.search(opened.words, _RELATED, opened.row.venue_id)
    except Invalid:
        related = []  # No words at all.
    status = 200
    if refused is not None:
        status = 409 if isinstance(refused, Conflict) else 422
    return show(
        request,
        actor,
        "console/left_question.html",
        status=status,
        opened=opened,
        related=related,
        agencies=await Agency.filter(is_active=True).order_by("name"),
        values=form.values if form is not None else {},
        sentence=refused.sentence if refused is not None else "",
        longest_answer=LONGEST_ANSWER,
        longest_question=_LONGEST_QUESTION,
        longest_short=LONGEST_SHORT_ANSWER,
    )

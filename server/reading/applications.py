"""Applying for government information, one question a page, without a script."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import draft_cookie
from server.context import context_of
from server.rate_limit import TooManyRequests
from server.reading.applying import (
    applying,
    draft_of,
    open_steps,
    show_applying,
    spoken,
    to_receipt,
    to_step,
)
from server.reading.pages import link
from server.same_origin import address_of
from server.visiting import is_kiosk, venue_of
from services import application_drafts, draft_answering, referrals
from services.application_drafts import Draft
from services.disclosure.draft_answers import Doubtful, answer
from services.disclosure.draft_content import Step
from services.disclosure.draft_questions import Choice, question_of, shown_answer
from services.disclosure.masking import masked_number
from services.disclosure.personal_notice import NOTICE
from services.errors import AreaMissing, Invalid, NotFound

SURE = "证件上就是这样的话，请按“就是这个号码”。"
OTHER = "other"
"""Chosen for an agency that the zone takes no applications for."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(first_page, "/apply", name="apply", strict_slashes=False)
    routes.add_route(begin, "/apply", methods={"POST"}, name="begin_application")
    routes.add_route(next_page, "/apply/next", name="apply_next")
    routes.add_route(step_page, "/apply/steps/<name:str>", name="apply_step")
    routes.add_route(
        answer_step, "/apply/steps/<name:str>", methods={"POST"}, name="answer_apply_step"
    )


async def first_page(request: Request) -> HTTPResponse:
    """Show what applying is, and how to begin, to go on, and to ask how it stands."""
    draft = await draft_of(request)
    if draft is not None and draft.application_id is not None:
        return to_receipt(request, draft)
    return await show_applying(request, "reading/apply.html", has_draft=draft is not None)


async def begin(request: Request) -> HTTPResponse:
    """Begin a draft. One that nobody took the code of along is given up for it."""
    context = context_of(request)
    given_up = await draft_of(request)
    try:
        context.drafts_limit.note(address_of(request))
        draft = await application_drafts.begin(
            await venue_of(request), at_kiosk=await is_kiosk(request), keys=context.parts.keys,
            now=datetime.now(UTC),
        )  # fmt: skip
    except AreaMissing:
        return await show_applying(request, "reading/apply_instead.html")
    except TooManyRequests as often:
        return await show_applying(
            request, "reading/apply.html", has_draft=False, status=429, sentence=often.sentence
        )
    if given_up is not None and not given_up.content.is_taken_along:
        await application_drafts.remove(given_up)
    response = to_step(request, draft.content.next_step())
    draft_cookie.remember(request, response, draft.code)
    return response


@applying
async def next_page(request: Request, draft: Draft) -> HTTPResponse:
    """Lead to the question that is open."""
    return to_step(request, (await open_steps(request, draft))[1])


@applying
async def step_page(request: Request, draft: Draft, name: str) -> HTTPResponse:
    """Show a question that was answered, or the next."""
    step = _step(name)
    steps, following = await open_steps(request, draft)
    if step is Step.CHECK or step not in steps:
        return to_step(request, following)
    if steps.index(step) > steps.index(following):
        return to_step(request, following)
    return await _page(request, draft, step)


@applying
async def answer_step(request: Request, draft: Draft, name: str) -> HTTPResponse:
    """Take an answer and lead to the next question."""
    step = _step(name)
    passes = bool(_sent(request, "pass"))
    given = "" if passes else _sent(request, "answer")
    now = datetime.now(UTC)
    if step is Step.AGENCY and given == OTHER:
        return redirect(link(request, "/apply/referral"), status=303)
    try:
        if step is Step.AGENCY:
            await _require_accepted(request, given)
        if step is Step.IDENTITY and not passes:
            given = given.strip() or draft.content.identity_number
            draft_answering.require_careful(
                draft.content, given, is_sure=bool(_sent(request, "sure")), now=now, sure=SURE
            )
        change = _changing(step, given)
        if step is Step.INFORMATION:
            change = await draft_answering.with_search(
                given, await venue_of(request), context_of(request).library, now
            )
        draft = await application_drafts.save(
            draft, change, at_kiosk=await is_kiosk(request),
            keys=context_of(request).parts.keys, now=now,
        )  # fmt: skip
    except Invalid as wrong:
        return await _page(request, draft, step, given=given, wrong=wrong)
    return to_step(request, (await open_steps(request, draft))[1])


def _sent(request: Request, name: str) -> str:
    return str(request.form.get(name) or "") if request.form else ""


def _step(name: str) -> Step:
    try:
        return Step(name)
    except ValueError:
        raise NotFound("There is no such question.") from None


def _changing(step: Step, given: str) -> application_drafts.Change:
    return lambda content: answer(content, step, given)


async def _require_accepted(request: Request, given: str) -> None:
    accepted = {str(agency.id) for agency in await referrals.accepted_at(await venue_of(request))}
    if given not in accepted:
        raise Invalid("Not accepted for.", sentence="请从这里代收申请的机关里选一个。")


async def _page(
    request: Request, draft: Draft, step: Step, *, given: str | None = None,
    wrong: Invalid | None = None,
) -> HTTPResponse:  # fmt: skip
    context, content = context_of(request), draft.content
    question = question_of(step, content)
    choices = question.choices
    if step is Step.AGENCY:
        accepted = await referrals.accepted_at(await venue_of(request))
        choices = (
            *(Choice(str(agency.id), agency.name) for agency in accepted),
            Choice(OTHER, "别的机关"),
        )
    steps = content.steps()
    at_kiosk = await is_kiosk(request)
    is_speakable = bool(choices) or question.dictate != "none"
    dictates = at_kiosk and context.parts.recogniser is not None and is_speakable
    return await show_applying(
        request,
        "reading/apply_step.html",
        status=422 if wrong is not None else 200,
        step=step,
        question=question,
        choices=choices,
        place=steps.index(step) + 1 if step in steps else 1,
        places=len(steps),
        before=content.before(step),
        is_changing=content.next_step() is Step.CHECK,
        value=shown_answer(content, step) if given is None else given,
        masked=masked_number(content.identity_number) if step is Step.IDENTITY else "",
        sentence=wrong.sentence if wrong is not None else "",
        is_doubtful=isinstance(wrong, Doubtful),
        found=content.found if step is Step.PUBLIC else (),
        notice=NOTICE if step is Step.NOTICE else (),
        dictates=dictates,
        speaks=context.speech.speaks,
        speech=spoken(request, question.title) if dictates else [],
    )

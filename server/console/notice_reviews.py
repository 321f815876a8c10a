"""Notices that wait for a second person, emergencies first, and the page on which they are passed."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.notice import Notice, NoticeState
from server.console.forms import Form
from server.console.notice_form import looks_of, use_for_notices
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import notices
from services.access import Actor, Permission
from services.notice_content import NoticeContent, NoticeDefective

_LIST = "/console/notice-reviews"
_SHOWN = 200


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/notice-reviews", name="notice_reviews")
    routes.add_route(one, "/notice-reviews/<notice_id:int>", name="notice_review")
    routes.add_route(
        decide, "/notice-reviews/<notice_id:int>", name="decide_notice", methods={"POST"}
    )


@staff(Permission.REVIEW)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show what waits, and what was passed and waits for its time."""
    open_states = [NoticeState.IN_REVIEW, NoticeState.SCHEDULED]
    rows = notices.seen_by(actor).filter(state__in=open_states)
    found = await rows.select_related("venue", "author").limit(_SHOWN)
    found.sort(key=lambda row: (row.state is not NoticeState.IN_REVIEW, not row.is_emergency))
    return show(request, actor, "console/notice_reviews.html", notices=found)


@staff(Permission.REVIEW)
async def one(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Show a notice to whoever checks it."""
    return await _page(request, actor, await notices.find(actor, notice_id), {}, note="")


@staff(Permission.REVIEW)
async def decide(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Pass a notice, or give it back with the reason."""
    form = Form(request)
    edits, now = form.edits(), datetime.now(UTC)
    passes = form.raw("decision") == "pass"
    note = form.text("note", "审查意见", longest=500, required=not passes)
    if not form.errors:
        try:
            if not passes:
                await notices.give_back(actor, notice_id, note, edits=edits)
                return go_on(request, _LIST, "已退回修改。")
            use = await use_for_notices(request)
            passed = await notices.approve(actor, notice_id, edits=edits, use=use, now=now)
            later = passed.state is NoticeState.SCHEDULED
            return go_on(request, _LIST, "已通过，到时间就发布。" if later else "已通过并发布。")
        except NoticeDefective as wrong:
            form.errors |= wrong.faults
    notice = await notices.find(actor, notice_id)
    return await _page(request, actor, notice, form.errors, note=note)


async def _page(
    request: Request, actor: Actor, notice: Notice, errors: dict[str, str], *, note: str
) -> HTTPResponse:
    looks = await looks_of(request, NoticeContent.of_row(notice), datetime.now(UTC))
    waits = notice.state is NoticeState.IN_REVIEW
    is_own = actor.staff_id in {*notice.writer_ids, notice.author_id}
    return show(
        request, actor, "console/notice_review.html", status=422 if errors else 200,
        notice=notice, looks=looks, errors=errors, note=note, waits=waits,
        is_own=is_own, may_give_back=notice.state.can_become(NoticeState.DRAFT),
    )  # fmt: skip

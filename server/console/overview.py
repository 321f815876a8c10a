"""What staff see first: what waits for them, what is loaded, which engines run."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from server.console.pages import show
from server.console.staff_door import staff
from server.context import context_of
from server.engines import open_model_store
from server.readiness import readiness
from services import application_alerts, display_items, holdings
from services.access import Actor, Permission
from services.clock import zone_day
from services.waiting_work import Work, waiting_work

_PLACES = {
    Work.CALLS: ("有人请求帮忙", "/console/help-calls"),
    Work.QUESTIONS: ("群众留言待答复", "/console/left-questions"),
    Work.SUGGESTIONS: ("意见建议待答复", "/console/suggestions"),
    Work.DOCUMENT_CHECKS: ("文件待保密审查", "/console/documents?state=in_review"),
    Work.ENTRY_CHECKS: ("问答待审查", "/console/questions?state=in_review"),
    Work.NOTICE_CHECKS: ("通知待审查", "/console/notice-reviews"),
    Work.UNKNOWN_CARDS: ("通知卡片结果不明，可人工认定", "/console/notices?unknown=1"),
    Work.WECHAT_ALARMS: ("微信告警待处理", "/console/wechat"),
    Work.DOCUMENT_DRAFTS: ("文件还是拟稿", "/console/documents?state=draft"),
    Work.ENTRY_DRAFTS: ("问答还是拟稿", "/console/questions?state=draft"),
    Work.ENTRY_REVIEWS: ("问答到了复核的日子", "/console/questions?review=due"),
    Work.DISPLAY_ITEMS: ("陈列资料该更换了", "/console/display-items"),
    Work.HOLIDAY_NOTICE: ("明年的节假日安排还没有导入", "/console/holiday-notices"),
    Work.APPLICATIONS: ("公开申请在办", "/console/applications"),
    Work.FROM_PHONES: ("申请人从手机发来的待处理", "/console/applications?pile=from_phone"),
    Work.APPLICATION_CHECKS: ("公开申请的答复待保密审查", "/console/application-reviews"),
    Work.EXTENSIONS: ("延期等您决定", "/console/applications?pile=extensions"),
    Work.ANNUAL_REPORTS: ("上年度的年度报告还没有定稿", "/console/annual-reports"),
}
"""What each kind of work is called, and where it is done."""

_REMINDERS = 12
"""Those that are most urgent; the list of applications has all cases."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(overview, "/", name="overview", strict_slashes=False)


@staff(None)
async def overview(request: Request, actor: Actor) -> HTTPResponse:
    """Show everything at once."""
    context = context_of(request)
    store = open_model_store(context.parts.settings)
    now = datetime.now(UTC)
    return show(
        request,
        actor,
        "console/overview.html",
        readiness=await readiness(context),
        holdings=await holdings.count(),
        recogniser_note=context.parts.recogniser_note,
        synthesiser_note=context.parts.synthesiser_note,
        models=await asyncio.to_thread(store.status),
        lacks_public_url=not context.parts.settings.public_url
        and actor.may(Permission.MANAGE_VENUES),
        waiting=[(_PLACES[one.work], one) for one in await waiting_work(actor, now)],
        reminders=(await application_alerts.reminders(actor, zone_day(now)))[:_REMINDERS],
        opens_applications=actor.may(Permission.WORK_ON_APPLICATIONS),
        overdue=await display_items.overdue(actor, zone_day(now))
        if actor.may(Permission.WRITE_DOCUMENTS)
        else [],
    )

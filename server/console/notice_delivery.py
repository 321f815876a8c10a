"""What became of a notice: progress, reasons, recipients by number, and what staff do about it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.delivery import DeliveryState
from server.console.forms import Form
from server.console.pages import PageOfList, go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import delivery_results, notices
from services.access import Actor, Permission
from services.deliveries import Reason
from services.delivery_results import is_for_staff_to_say

_ADDRESS = "/notices/<notice_id:int>/delivery"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(one, _ADDRESS, name="notice_delivery")
    routes.add_route(stop, f"{_ADDRESS}/stop", name="stop_notice_cards", methods={"POST"})
    routes.add_route(again, f"{_ADDRESS}/again", name="send_notice_again", methods={"POST"})
    routes.add_route(
        say, f"{_ADDRESS}/<delivery_id:int>", name="say_what_became_of_card", methods={"POST"}
    )


@staff(Permission.WRITE_NOTICES)
async def one(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Show how far a notice has come; ?state= shows the recipients in one state."""
    notice = await notices.find(actor, notice_id)
    state: DeliveryState | None = None
    with suppress(ValueError):
        state = DeliveryState(request.args.get("state", ""))
    rows = delivery_results.recipients(notice.id, state)
    part = PageOfList.of(request, await rows.count())
    now = datetime.now(UTC)
    return show(
        request, actor, "console/notice_delivery.html",
        notice=notice, results=await delivery_results.results_of(notice),
        rows=await rows.offset(part.offset).limit(part.size), part=part,
        state=state.value if state is not None else "",
        states=[("", "全部"), *((one.value, one.label) for one in DeliveryState)],
        reason=lambda value: Reason(value).label if value else "",
        to_be_said=lambda row: is_for_staff_to_say(row, now),
        has_app=bool(context_of(request).parts.settings.wechat_app_id),
    )  # fmt: skip


@staff(Permission.WRITE_NOTICES)
async def stop(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Send no more cards of it."""
    stopped = await delivery_results.stop_sending(actor, notice_id, datetime.now(UTC))
    return go_on(request, _page(notice_id), f"已停止，取消了 {stopped} 张还没发出的卡片。")


@staff(Permission.WRITE_NOTICES)
async def again(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Send what certainly failed once more."""
    app_id = context_of(request).parts.settings.wechat_app_id
    queued = await delivery_results.try_again(actor, notice_id, app_id, datetime.now(UTC))
    return go_on(request, _page(notice_id), f"{queued} 张卡片重新排队发送。")


@staff(Permission.WRITE_NOTICES)
async def say(request: Request, actor: Actor, notice_id: int, delivery_id: int) -> HTTPResponse:
    """Say whether a card of unknown fate arrived."""
    arrived = Form(request).raw("arrived") == "yes"
    await delivery_results.say_what_became(
        actor, notice_id, delivery_id, arrived=arrived, now=datetime.now(UTC)
    )
    said = "已收到" if arrived else "未收到"
    return go_on(request, f"{_page(notice_id)}?state=unknown", f"第 {delivery_id} 号认定为{said}。")


def _page(notice_id: int) -> str:
    return f"/console/notices/{notice_id}/delivery"

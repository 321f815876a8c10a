"""How things stand with WeChat, for whoever runs the installation."""

from __future__ import annotations

from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.delivery import DeliveryState
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import wechat_condition
from services.access import Actor, Permission
from services.wechat_alarms import what_to_do

_PAGE = "/console/wechat"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/wechat", name="wechat")
    routes.add_route(
        clear, "/wechat/alarms/<alarm_id:int>", name="clear_wechat_alarm", methods={"POST"}
    )
    routes.add_route(lift, "/wechat/stops/<stop_id:int>", name="lift_wechat_stop", methods={"POST"})


@staff(Permission.KEEP_WECHAT)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show alarms, stops, queues and the last push."""
    app_id = _app_id(request)
    return show(
        request, actor, "console/wechat.html", app_id=app_id, what_to_do=what_to_do,
        condition=await wechat_condition.condition(app_id, datetime.now(UTC)),
        states=list(DeliveryState),
    )  # fmt: skip


@staff(Permission.KEEP_WECHAT)
async def clear(request: Request, actor: Actor, alarm_id: int) -> HTTPResponse:
    """Set an alarm aside."""
    await wechat_condition.clear_alarm(actor, _app_id(request), alarm_id, datetime.now(UTC))
    return go_on(request, _PAGE, "已解除。如果问题还在，下次调用时会再次告警。")


@staff(Permission.KEEP_WECHAT)
async def lift(request: Request, actor: Actor, stop_id: int) -> HTTPResponse:
    """Let an API be called again."""
    await wechat_condition.lift_stop(actor, _app_id(request), stop_id)
    return go_on(request, _PAGE, "已恢复调用。")


def _app_id(request: Request) -> str:
    return context_of(request).parts.settings.wechat_app_id

"""The command `deliver`."""

from __future__ import annotations

import asyncio

import click

from server.cli.failing import failing_in_chinese
from server.delivering import Broken, deliver_until
from server.delivery_process import watch_parent
from server.event_loop import run, stopped_by_signals
from server.json_log import configure_logging
from server.settings import BadSettings, Settings, read_settings


@click.command("deliver", hidden=True)
@click.option("--inherited", is_flag=True, hidden=True, help="由上级进程给出，不要自己填写。")
def deliver(inherited: bool) -> None:
    """把通知和办件消息发到手机上；平时由 serve 自动启动，不用自己执行。"""
    with failing_in_chinese(as_json=False):
        settings = read_settings()
        if not settings.wechat_app_id:
            raise BadSettings("没有设置 OPENZONE_WECHAT_APP_ID，没有可以发送的小程序。")
        configure_logging()
        try:
            run(_deliver(settings, inherited=inherited))
        except Broken:
            raise click.exceptions.Exit(1) from None


async def _deliver(settings: Settings, *, inherited: bool) -> None:
    stopping = stopped_by_signals()
    if inherited:
        watch_parent(asyncio.get_running_loop(), stopping.set)
    await deliver_until(stopping, settings)

"""The command `serve`."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from dataclasses import replace

import click

from server.app import create_app
from server.cli.failing import failing_in_chinese
from server.delivery_process import delivering_beside
from server.event_loop import run, stopped_by_signals
from server.json_log import configure_logging
from server.parts import assemble, dismantle
from server.serving import listening_socket, serving, set_aside_what_stays
from server.settings import MOST_WORKERS, BadSettings, Settings, read_settings
from server.wechat import wechat_of
from server.workers import Inherited, Workers
from services import staff as accounts


@click.command("serve")
@click.option("--host", help="监听地址；默认按 OPENZONE_HOST，只限本机。")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="端口；默认按 OPENZONE_PORT，0 为任选。"
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    help="服务进程数；默认按 OPENZONE_WORKERS，1 个。每个进程各自加载语音模型。",
)
@click.option("--inherited", hidden=True, help="由上级进程给出，不要自己填写。")
def serve(host: str | None, port: int | None, workers: int | None, inherited: str | None) -> None:
    """启动服务：自助机页面、接口和管理页面。"""
    with failing_in_chinese(as_json=False):
        settings = read_settings()
        if host is not None:
            settings = replace(settings, host=host)
        if workers is not None:
            settings = replace(settings, workers=workers)
        if inherited is not None:
            configure_logging()
            parent = Inherited.of(inherited)
            run(_serve(settings, parent.socket(), parent))
            return
        if settings.workers > 1 and os.name != "posix":
            raise BadSettings(
                "这台机器的系统只能用 1 个服务进程，请把 OPENZONE_WORKERS 设为 1，或不加 --workers。"
            )
        try:
            # Taken before the engines load: a taken port is told at once.
            listening = listening_socket(settings.host, settings.port if port is None else port)
        except OSError as error:
            raise OSError(
                f"打不开 {settings.host}:{settings.port if port is None else port}，"
                f"可能已被占用，请用 --port 换一个端口（{error.strerror}）"
            ) from error
        configure_logging()
        if settings.workers == 1:
            run(_serve(settings, listening))
        elif code := run(_serve_with_workers(settings, listening)):
            raise click.exceptions.Exit(code)


async def _serve(
    settings: Settings, listening: socket.socket, parent: Inherited | None = None
) -> None:
    stopping = stopped_by_signals()
    if parent is not None:
        parent.watch(stopping.set)
    parts = await assemble(settings)
    parts.wechat = wechat_of(settings, parts.keys)
    try:
        # With several processes the parent has it run, once.
        beside = delivering_beside(settings) if parent is None else contextlib.nullcontext()
        async with serving(create_app(parts, is_only_one=True), listening), beside:
            set_aside_what_stays()
            if parent is not None:
                parent.say_ready()
            else:
                _announce(listening, has_staff=await accounts.exist())
            await stopping.wait()
            if parent is None:
                click.echo("正在停止……")
    finally:
        await dismantle(parts)


async def _serve_with_workers(settings: Settings, listening: socket.socket) -> int:
    # Tables and index are brought up to date once, before several processes would do it.
    parts = await assemble(settings, hearing=False, speaking=False)
    has_staff = await accounts.exist()
    await dismantle(parts)
    arguments = ["--host", settings.host]
    workers = Workers(listening, settings.workers, arguments)
    async with delivering_beside(settings):
        code = await workers.run(lambda: _announce(listening, has_staff=has_staff))
    if not code:
        click.echo("正在停止……")
    return code


def _announce(listening: socket.socket, *, has_staff: bool) -> None:
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    base = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    click.echo(f"自助机页面：{base}/kiosk")
    click.echo(f"接口文档：  {base}/docs")
    click.echo(f"管理页面：  {base}/console")
    if not has_staff:
        click.echo("还没有账号。请另开一个窗口执行 openzone staff create 用户名，建立系统管理员。")
    click.echo("按 Ctrl+C 停止。")
    sys.stdout.flush()

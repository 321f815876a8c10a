"""The command `serve`."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace

import click

from server.app import create_app
from server.cli.failing import failing_in_chinese
from server.json_log import configure_logging
from server.parts import assemble, dismantle
from server.serving import listening_socket, serving, set_aside_what_stays
from server.settings import Settings, read_settings


@click.command("serve")
@click.option("--host", help="监听地址；默认按 OPENZONE_HOST，只限本机。")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="端口；默认按 OPENZONE_PORT，0 为任选。"
)
def serve(host: str | None, port: int | None) -> None:
    """启动服务：自助机页面、接口和管理页面。"""
    with failing_in_chinese(as_json=False):
        settings = read_settings()
        if host is not None:
            settings = replace(settings, host=host)
        try:
            # Taken before the engines load: a taken port is told at once.
            listening = listening_socket(settings.host, settings.port if port is None else port)
        except OSError as error:
            raise OSError(
                f"打不开 {settings.host}:{settings.port if port is None else port}，"
                f"可能已被占用，请用 --port 换一个端口（{error.strerror}）"
            ) from error
        configure_logging()
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings, listening))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the quicker event loop where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(settings: Settings, listening: socket.socket) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers.
            loop.add_signal_handler(name, stopping.set)
    parts = await assemble(settings)
    try:
        async with serving(create_app(parts), listening):
            set_aside_what_stays()
            _announce(*listening.getsockname()[:2])
            await stopping.wait()
            click.echo("正在停止……")
    finally:
        await dismantle(parts)


def _announce(host: str, port: int) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    base = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    click.echo(f"自助机页面：{base}/kiosk")
    click.echo(f"接口文档：  {base}/docs")
    click.echo(f"管理页面：  {base}/console")
    click.echo("按 Ctrl+C 停止。")
    sys.stdout.flush()

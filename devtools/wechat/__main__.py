"""`python -m devtools.wechat`: run the loopback WeChat until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path

import click

# Importing the modules registers what they answer.
from devtools.wechat import (  # noqa: F401
    account_apis,
    cards,
    content_checks,
    login_apis,
    media_checks,
    phone,
    phone_page,
    push_control,
    qr_codes,
    quota_apis,
    setting_up,
    token_apis,
)
from devtools.wechat.answering import Delivery, answer
from devtools.wechat.beside import beside
from devtools.wechat.call import Call
from devtools.wechat.control import PREFIX, answer_control
from devtools.wechat.server import HOST, Door
from devtools.wechat.world import World


@click.group(invoke_without_command=True)
@click.option("--port", default=0, help="Where the platform answers; 0 for any free port.")
@click.option(
    "--control-port",
    default=0,
    help="Where the control plane can be reached even while the platform cannot.",
)
@click.option("--state", type=click.Path(path_type=Path), help="Where accounts are kept.")
@click.option(
    "--until-stdin-closes", is_flag=True, help="End as soon as whoever started it is gone."
)
@click.pass_context
def main(
    context: click.Context,
    port: int,
    control_port: int,
    state: Path | None,
    until_stdin_closes: bool,
) -> None:
    """Run the loopback WeChat (127.0.0.1 only)."""
    if context.invoked_subcommand is None:
        asyncio.run(run(port, control_port, state, until_stdin_closes=until_stdin_closes))


main.add_command(beside)


async def run(
    port: int, control_port: int, state: Path | None, *, until_stdin_closes: bool = False
) -> None:
    world = World(state)
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    if until_stdin_closes:
        loop = asyncio.get_running_loop()
        # A thread of its own, which nobody waits for: it may read as long as the process lives.
        threading.Thread(target=_wait_for_stdin, args=(loop, stopped), daemon=True).start()

    async def answer_either(call: Call) -> Delivery:
        if not call.path.startswith(PREFIX):
            return await answer(world, call)
        if call.path.startswith(phone_page.TO_BACKEND):
            return Delivery(await phone_page.hand_on(world, call))
        reply = await answer_control(world, call)
        turned.set()
        await _follow(world, platform)
        return Delivery(reply)

    turned = asyncio.Event()
    platform = Door(world, answer_either, suffers_faults=True)
    control = Door(world, answer_either, suffers_faults=False)
    await platform.open(port)
    await control.open(control_port)
    watching = asyncio.create_task(_watch(world, platform, turned))
    click.echo(
        f"The loopback WeChat answers at http://{HOST}:{platform.port}, "
        f"its control plane at http://{HOST}:{control.port}{PREFIX}"
    )
    await stopped.wait()
    watching.cancel()
    world.stop_tasks()
    await platform.close()
    await control.close()
    world.save()


def _wait_for_stdin(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event) -> None:
    with contextlib.suppress(OSError):
        # Not through sys.stdin: its lock, held by a thread that waits, stops the interpreter's end.
        while os.read(sys.stdin.fileno(), 4096):
            pass
    with contextlib.suppress(RuntimeError):  # The loop may have ended by itself.
        loop.call_soon_threadsafe(stopped.set)


async def _follow(world: World, platform: Door) -> None:
    """Listen or not, as the faults have it now."""
    if world.faults.is_refusing(world.clock.now()):
        await platform.close()
    else:
        await platform.open()


async def _watch(world: World, platform: Door, turned: asyncio.Event) -> None:
    """Follow the windows of such faults as the clock runs into them and out."""
    while True:
        turned.clear()
        points = world.faults.turning_points(world.clock.now())
        changed = asyncio.create_task(turned.wait())
        waits = [changed]
        if points:
            waits.append(asyncio.create_task(world.clock.wait_until(points[0])))  # type: ignore[arg-type]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        with contextlib.suppress(OSError):
            await _follow(world, platform)


if __name__ == "__main__":
    main()

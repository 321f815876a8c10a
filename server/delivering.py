"""What the delivery process does: send cards, fan notices out, work on what WeChat pushed.

It opens the database and the way to WeChat, and nothing else: no engine, no index.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog

from models.database import close_database, open_database
from server.settings import Settings
from server.wechat import wechat_of
from services import pushed_messages
from services.delivery_work import Sender
from services.fan_out import fan_out_next
from services.logged_failures import failure_fields
from services.secret_key import SecretKeys, obtain_keys
from services.wechat import WeChat

_LOOK_AGAIN_S = 0.5
_AFTER_A_FAILURE_S = 2.0
_COUNTED_EVERY_S = 60.0
_FORGOTTEN_EVERY_S = 3_600.0

log = structlog.get_logger(__name__)


class Broken(Exception):
    """Part of the work ended by itself. The process ends, and whoever serves starts another."""


async def deliver_until(stopping: asyncio.Event, settings: Settings) -> None:
    """Do the work until told to stop. Raises Broken."""
    keys = await asyncio.to_thread(obtain_keys, settings.key_file)
    async with _opened(settings, keys) as wechat:
        sender = Sender(wechat, keys)
        beside = [
            asyncio.create_task(_fan_out(wechat.app_id), name="fanning out"),
            asyncio.create_task(_work_on_pushes(wechat.app_id, keys), name="working on pushes"),
            asyncio.create_task(_forget_pushes(), name="forgetting pushes"),
            asyncio.create_task(_count(sender), name="counting"),
        ]
        sending = asyncio.create_task(sender.run(stopping), name="sending")
        log.info("delivering")
        try:
            # None of them ends by itself: one that does has broken, and so does the process.
            await asyncio.wait({sending, *beside}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.set()
            for task in beside:
                task.cancel()
            ended = await asyncio.gather(sending, *beside, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, Exception):
                # Its message may quote what nobody should read in a log.
                log.error("delivering broke", **failure_fields(failure))
                raise Broken


@asynccontextmanager
async def _opened(settings: Settings, keys: SecretKeys) -> AsyncIterator[WeChat]:
    await open_database(settings.database_url)
    try:
        wechat = wechat_of(settings, keys)
        assert wechat is not None, "a mini-program is configured"
        try:
            yield wechat
        finally:
            await wechat.close()
    finally:
        await close_database()


async def _fan_out(app_id: str) -> None:
    async def next_people() -> bool:
        return await fan_out_next(app_id, datetime.now(UTC)) is not None

    await _again_and_again(next_people, _LOOK_AGAIN_S)


async def _work_on_pushes(app_id: str, keys: SecretKeys) -> None:
    async def next_ones() -> bool:
        return bool(await pushed_messages.work_on(app_id, keys, datetime.now(UTC)))

    await _again_and_again(next_ones, _LOOK_AGAIN_S)


async def _forget_pushes() -> None:
    async def remove_old() -> bool:
        await pushed_messages.remove_old(datetime.now(UTC))
        return False

    await _again_and_again(remove_old, _FORGOTTEN_EVERY_S)


async def _count(sender: Sender) -> None:
    counted = 0
    while True:
        await asyncio.sleep(_COUNTED_EVERY_S)
        if (total := sender.counted.total()) != counted:
            counted = total
            log.info("cards", **{state.value: count for state, count in sender.counted.items()})


async def _again_and_again(work: Callable[[], Awaitable[bool]], pause_s: float) -> None:
    """Do something until cancelled, at once again while it says that there is more."""
    while True:
        try:
            if await work():
                continue
            await asyncio.sleep(pause_s)
        except Exception as error:  # noqa: BLE001 - what breaks here must not end the sending.
            # The database may be away for a while: each driver has failures of its own.
            log.warning("delivery work not done", **failure_fields(error))
            await asyncio.sleep(_AFTER_A_FAILURE_S)

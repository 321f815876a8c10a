"""The delivery process against the loopback WeChat: killed at any moment, beside another, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devtools.wechat.starting import LoopbackWeChat
from models.card_template import CardGrant, CardTemplate
from models.database import close_database, open_database
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from services.delivery_claims import LEASE
from tests.databases import database_url
from tests.delivery_town import DeliveryTown, end, until
from tests.patience import BUSY
from tests.wechat_loopback import wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

S = DeliveryState
SEND = "/cgi-bin/message/subscribe/send"
STARTED_S = 180.0
"""A server with its engines, on a machine that does other things too."""


@pytest.fixture
async def town(tmp_path: Path, wechat: LoopbackWeChat) -> AsyncIterator[DeliveryTown]:
    await open_database(database_url(tmp_path))
    try:
        yield DeliveryTown(tmp_path, wechat)
    finally:
        await close_database()


async def _is_through(town: DeliveryTown, people: int) -> bool:
    states = await town.states()
    return states.total() == people and not states[S.QUEUED] and not states[S.SENDING]


async def test_a_notice_arrives_within_a_second_and_without_names_in_the_log(
    town: DeliveryTown, tmp_path: Path
) -> None:
    await town.settle_in(30)
    log = tmp_path / "log"
    process = town.deliver(log)
    try:
        await until(lambda: asyncio.to_thread(lambda: b"delivering" in log.read_bytes()))
        await town.publish()
        await until(town.cards, within=1 * BUSY)
        await until(lambda: _is_through(town, 30))
        assert end(process) == 0
    finally:
        process.kill()
    cards = await town.cards()
    assert {count for count in Counter(card["openid"] for card in cards).values()} == {1}
    assert dict(cards[0]["lines"])["事项"] == "元旦期间开放时间"
    assert cards[0]["page"].startswith("pages/notice/notice?id=")
    rows = await Delivery.filter(way=DeliveryWay.CARD)
    assert {row.msgid for row in rows} == {card["msgid"] for card in cards}
    written = log.read_text("utf-8")
    for secret in (town.environment["OPENZONE_WECHAT_APP_SECRET"], cards[0]["openid"]):
        assert secret not in written
    assert all(json.loads(line) for line in written.splitlines())


@pytest.mark.parametrize("processes", [1, 2], ids=["alone", "two at once"])
async def test_killed_at_any_moment_nobody_gets_two_and_nobody_is_forgotten(
    town: DeliveryTown, tmp_path: Path, processes: int
) -> None:
    people = 200
    await town.settle_in(people)
    town.wechat.fault("slow", path=SEND, seconds=0.15, before="headers")
    await town.publish()
    chance = random.Random(2026)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(4):
            while len(running) < processes:
                running.append(town.deliver(tmp_path / "log"))
            before = len(await town.cards())
            await until(lambda: _more_than(town, before, people))  # noqa: B023
            await asyncio.sleep(chance.uniform(0.0, 0.6))
            end(running.pop(0), signal.SIGKILL)
        for process in running:
            end(process, signal.SIGKILL)
        await asyncio.sleep(0.5)
        # What was under way when they died is nobody's business any more two minutes later.
        long_ago = datetime.now(UTC) - LEASE - timedelta(seconds=1)
        await Delivery.filter(state=S.SENDING).update(claimed_at=long_ago)
        running = [town.deliver(tmp_path / "log")]
        await until(lambda: _is_through(town, people))
        end(running[0])
    finally:
        for process in running:
            process.kill()
    cards = await town.cards()
    assert set(Counter(card["openid"] for card in cards).values()) == {1}
    rows = await Delivery.filter(way=DeliveryWay.CARD)
    assert len(rows) == people == await Delivery.filter(way=DeliveryWay.APP).count()
    assert {row.state for row in rows} <= {S.SENT, S.UNKNOWN}
    assert {row.msgid for row in rows if row.state is S.SENT} <= {card["msgid"] for card in cards}
    sent = sum(row.state is S.SENT for row in rows)
    assert sent <= len(cards) <= people
    assert await CardGrant.filter(remaining=0).count() == people


async def _more_than(town: DeliveryTown, before: int, people: int) -> bool:
    return len(await town.cards()) > before or await _is_through(town, people)


async def test_told_to_stop_it_finishes_what_is_under_way(
    town: DeliveryTown, tmp_path: Path
) -> None:
    await town.settle_in(200)
    town.wechat.fault("slow", path=SEND, seconds=0.3, before="headers")
    await town.publish()
    process = town.deliver(tmp_path / "log")
    try:
        await until(town.cards)
        assert end(process) == 0
    finally:
        process.kill()
    states = await town.states()
    assert states[S.SENDING] == states[S.UNKNOWN] == 0
    assert states[S.SENT] == len(await town.cards()) < 200


async def test_a_lost_answer_is_an_unknown_fate(town: DeliveryTown, tmp_path: Path) -> None:
    await town.settle_in(40)
    town.wechat.fault("lost", path=SEND, count=5)
    await town.publish()
    process = town.deliver(tmp_path / "log")
    try:
        await until(lambda: _is_through(town, 40))
        end(process)
    finally:
        process.kill()
    assert await town.states() == {S.SENT: 35, S.UNKNOWN: 5}
    assert set(Counter(card["openid"] for card in await town.cards()).values()) == {1}


async def test_a_banned_template_stops_at_once(town: DeliveryTown, tmp_path: Path) -> None:
    await town.settle_in(100)
    town.wechat.fault("errcode", errcode=43107, path=SEND)
    await town.publish()
    process = town.deliver(tmp_path / "log")
    try:
        halted = CardTemplate.exclude(halted_at=None)
        await until(halted.exists)
        await asyncio.sleep(2)
        end(process)
    finally:
        process.kill()
    assert await town.states() == {S.QUEUED: 100}
    assert len(town.wechat.journal(SEND)) <= 16
    assert await CardGrant.filter(remaining=1).count() == 100


async def test_withdrawn_while_it_is_sent_it_stops(town: DeliveryTown, tmp_path: Path) -> None:
    await town.settle_in(200)
    town.wechat.fault("slow", path=SEND, seconds=0.5, before="headers")
    notice = await town.publish()
    process = town.deliver(tmp_path / "log")
    try:
        await until(town.cards)
        await Notice.filter(id=notice.id).update(state=NoticeState.WITHDRAWN)
        await until(lambda: _is_through(town, 200))
        end(process)
    finally:
        process.kill()
    states = await town.states()
    assert states[S.CANCELLED] > 0
    assert states[S.SENT] == len(await town.cards())
    assert states[S.SENT] + states[S.CANCELLED] == 200


def _deliverer_of(parent: int) -> int | None:
    """Return the delivery process of a server, None while there is none."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    for child in children:
        if b"deliver" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return None


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.soak), "2"])
async def test_whoever_serves_keeps_it_running_and_takes_it_along(
    town: DeliveryTown, tmp_path: Path, workers: str
) -> None:
    await town.settle_in(5, cards=3)
    serving = town.serve(tmp_path / "serve.log", workers)

    async def other_than(before: int | None) -> int | None:
        there = _deliverer_of(serving.pid)
        return there if there != before else None

    try:
        await until(lambda: other_than(None), within=STARTED_S)
        await town.publish()
        await until(lambda: _arrived(town, 5))
        first = _deliverer_of(serving.pid)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: other_than(first), within=STARTED_S)
        await town.publish()
        # Whoever was being sent a card when it was killed gets the next one once that claim is over.
        await until(lambda: _arrived(town, 10), within=LEASE.total_seconds() + STARTED_S)
        last = _deliverer_of(serving.pid)
        serving.kill()
        serving.wait()
        await until(lambda: _is_gone(last))
    finally:
        serving.kill()
        serving.wait()


async def _arrived(town: DeliveryTown, count: int) -> bool:
    return len(await town.cards()) >= count


async def _is_gone(pid: int | None) -> bool:
    return not Path(f"/proc/{pid}").exists()

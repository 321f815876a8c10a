"""Pushes of the loopback WeChat: repeated until they are answered, and wrong where that is asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from wechatpy.utils import check_signature

from devtools.wechat.starting import LoopbackWeChat
from tests.phones import Phone
from tests.push_sink import TOKEN, Sink, Taken, listening
from tests.wechat_loopback import APPID, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]


async def _push_to(wechat: LoopbackWeChat, sink: Sink, **settings: Any) -> None:
    await wechat.acontrol(f"accounts/{APPID}", method="PATCH", push=sink.settings(**settings))


def _echo(_number: int, taken: Taken) -> bytes:
    query = taken.query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    return query["echostr"].encode()


async def test_the_address_is_checked_on_demand(wechat: LoopbackWeChat) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink)
        sink.answer = _echo
        assert await wechat.acontrol("pushes/check") == {"is_known": True}
        sink.answer = lambda _number, _taken: b"something else"
        assert await wechat.acontrol("pushes/check") == {"is_known": False}
        assert [taken.method for taken in sink.taken] == ["GET", "GET"]


async def test_a_test_event_is_pushed(wechat: LoopbackWeChat) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink)
        (pushed,) = await wechat.acontrol("pushes")
    assert pushed["is_answered"]
    told = sink.taken[0].message(APPID)
    assert (told["Event"], told["debug_str"]) == ("debug_demo", "hello world")
    assert sink.taken[0].query["openid"] == told["FromUserName"]


@pytest.mark.parametrize("failing", ["silent", "refusing", "talking"])
async def test_a_push_is_repeated_three_times_and_signed_anew(
    wechat: LoopbackWeChat, failing: str
) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink, patience=0.2)
        sink.answer = lambda _number, _taken: {"silent": None, "talking": b"hello"}.get(
            failing, b""
        )
        sink.status = lambda _number: 500 if failing == "refusing" else 200
        pushing = asyncio.create_task(wechat.acontrol("pushes"))
        for count in range(1, 5):
            await sink.wait_for(count)
            await asyncio.sleep(0.3)
            wechat.advance(5)
        (pushed,) = await pushing
    assert len(sink.taken) == 4
    assert len({taken.query["nonce"] for taken in sink.taken}) == 4
    assert len({taken.body for taken in sink.taken}) == 1
    assert len({str(taken.message(APPID)) for taken in sink.taken}) == 1
    assert not pushed["is_answered"]
    assert all(attempt["problem"] for attempt in pushed["attempts"])


async def test_a_push_is_repeated_until_it_is_answered(wechat: LoopbackWeChat) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink)
        sink.status = lambda number: 503 if number == 1 else 200
        pushing = asyncio.create_task(wechat.acontrol("pushes"))
        await sink.wait_for(1)
        await asyncio.sleep(0.1)
        wechat.advance(5)
        (pushed,) = await pushing
    assert [attempt["status"] for attempt in pushed["attempts"]] == [503, 200]


async def test_a_replay_is_the_same_request_and_a_duplicate_is_not(wechat: LoopbackWeChat) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink)
        await wechat.acontrol("pushes", is_replayed=True)
        first, second = sink.taken
        assert (first.query, first.body) == (second.query, second.body)
        await wechat.acontrol("pushes", times=2, created=1_700_000_000)
        third, fourth = sink.taken[2:]
    assert third.query["nonce"] != fourth.query["nonce"]
    assert third.message(APPID) == fourth.message(APPID)


@pytest.mark.parametrize(
    "trick",
    ["wrong_signature", "wrong_appid", "old_timestamp", "broken_padding", "broken_message", "huge"],
)
async def test_a_wrong_push_is_sent_once_whatever_is_said(
    wechat: LoopbackWeChat, trick: str
) -> None:
    async with listening() as sink:
        await _push_to(wechat, sink)
        sink.status = lambda _number: 403
        (pushed,) = await wechat.acontrol("pushes", trick=trick)
    assert len(sink.taken) == 1
    assert (pushed["trick"], pushed["attempts"][0]["status"]) == (trick, 403)


async def test_events_may_come_twice_late_and_out_of_order(wechat: LoopbackWeChat) -> None:
    template = {"id": "T", "title": "通知", "content": "事项:{{thing1.DATA}}"}
    await wechat.acontrol(f"accounts/{APPID}", method="PATCH", templates=[template])
    phones = [await Phone.of(wechat) for _ in range(12)]
    async with listening() as sink:
        await wechat.acontrol("clock", frozen=True)
        await _push_to(wechat, sink, copies=2, delay=10, shuffled_over=20)
        for phone in phones:
            await phone.subscribe({"T": "accept"})
        wechat.advance(9)
        await asyncio.sleep(0.1)
        assert sink.taken == []
        for _ in range(40):
            wechat.advance(0.5)
        wechat.advance(5)
        await wechat.acontrol("settle")
        order = [taken.message(APPID)["FromUserName"] for taken in sink.taken]
    openids = [phone.openid for phone in phones]
    assert sorted(order) == sorted(openids * 2)
    assert list(dict.fromkeys(order)) != openids


async def test_nothing_is_pushed_to_another_machine(wechat: LoopbackWeChat) -> None:
    push = {"url": "http://192.0.2.1/push", "token": TOKEN, "mode": "plain", "retries": 0}
    await wechat.acontrol(f"accounts/{APPID}", method="PATCH", push=push)
    (pushed,) = await wechat.acontrol("pushes")
    assert pushed["attempts"][0]["problem"] == "ValueError"

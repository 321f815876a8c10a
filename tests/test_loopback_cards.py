"""Cards (订阅消息) of the loopback WeChat: who gets one, what is refused, and what is told afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.loopback_calls import errcode, post
from tests.phones import Phone
from tests.push_sink import listening
from tests.wechat_loopback import APPID, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

SEND = "/cgi-bin/message/subscribe/send"
ONCE, OTHER, LONG, LEVEL = "once", "other", "long", "level"
CONTENT = "事项:{{thing1.DATA}}\n时间:{{date2.DATA}}\n"
TEMPLATES = [
    {"id": ONCE, "title": "受理通知", "kind": 2, "content": CONTENT},
    {"id": OTHER, "title": "答复通知", "kind": 2, "content": CONTENT},
    {"id": "twin", "title": "受理通知", "kind": 2, "content": CONTENT},
    {"id": LONG, "title": "专区通知", "kind": 3, "content": CONTENT},
    {
        "id": LEVEL,
        "title": "预警通知",
        "kind": 2,
        "content": "级别:{{enum_string1.DATA}}\n",
        "choices": {"enum_string1": ["高", "低"]},
    },
]
VALUES = {"thing1": {"value": "您的申请"}, "date2": {"value": "2026年10月1日"}}


@pytest.fixture
def zone(wechat: LoopbackWeChat) -> LoopbackWeChat:
    wechat.control(
        f"accounts/{APPID}", method="PATCH", templates=TEMPLATES, pages=["pages/home/home"]
    )
    return wechat


def _card(phone: Phone, template_id: str = ONCE, **more: Any) -> dict[str, Any]:
    return {"touser": phone.openid, "template_id": template_id, "data": VALUES} | more


async def test_each_grant_is_worth_one_card(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    assert await errcode(zone, SEND, _card(phone)) == 43101
    for _ in range(2):
        told = await phone.subscribe({ONCE: "accept"})
        assert told == {"errMsg": "requestSubscribeMessage:ok", ONCE: "accept"}
    sent = (await post(zone, SEND, _card(phone, page="pages/home/home?a=1"))).json()
    assert sent["errcode"] == 0
    assert sent["msgid"] > 2**53
    assert await errcode(zone, SEND, _card(phone)) == 0
    assert await errcode(zone, SEND, _card(phone)) == 43101
    first, second = await phone.cards()
    assert first["msgid"] == str(sent["msgid"])
    assert first["lines"] == [["事项", "您的申请"], ["时间", "2026年10月1日"]]
    assert (first["title"], first["page"]) == ("受理通知", "pages/home/home?a=1")
    assert second["msgid"] != first["msgid"]


async def test_a_long_term_subscription_is_not_used_up(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    assert await errcode(zone, SEND, _card(phone, LONG)) == 43101
    await phone.subscribe({LONG: "accept"})
    assert [await errcode(zone, SEND, _card(phone, LONG)) for _ in range(3)] == [0, 0, 0]
    await phone.change_setting(LONG)
    assert await errcode(zone, SEND, _card(phone, LONG)) == 43101


async def test_nothing_arrives_while_a_switch_is_off(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    await phone.main_switch(is_on=False)
    assert await errcode(zone, SEND, _card(phone)) == 43101
    await phone.main_switch(is_on=True)
    await phone.change_setting(ONCE)
    assert await errcode(zone, SEND, _card(phone)) == 43101
    await phone.change_setting(ONCE, "accept")
    assert await errcode(zone, SEND, _card(phone)) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"touser": "oNobody"}, 40003, id="nobody"),
        pytest.param({"touser": 5}, 40003, id="openid that is no text"),
        pytest.param({"template_id": "none"}, 40037, id="unknown template"),
        pytest.param({"page": "pages/other/other"}, 41030, id="unreleased page"),
        pytest.param({"data": {"thing1": {"value": "好"}}}, 47003, id="a key is missing"),
        pytest.param(
            {"data": VALUES | {"thing1": {"value": "一" * 21}}}, 47003, id="a value is too long"
        ),
        pytest.param({"data": "text"}, 47001, id="data that is no object"),
        pytest.param({"miniprogram_state": "beta"}, 40097, id="unknown state"),
        pytest.param({"lang": "de"}, 40097, id="unknown language"),
    ],
)
async def test_what_is_refused_costs_no_grant(
    zone: LoopbackWeChat, change: dict[str, Any], code: int
) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    assert await errcode(zone, SEND, _card(phone) | change) == code
    assert await errcode(zone, SEND, _card(phone)) == 0


async def test_the_wrong_field_is_named(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    reply = (await post(zone, SEND, _card(phone, data={"thing1": {"value": "好"}}))).json()
    assert reply["errmsg"].startswith("argument invalid! data.date2.value invalid rid: ")


async def test_an_enumerated_field_takes_what_is_listed(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({LEVEL: "accept"})
    wrong = {"enum_string1": {"value": "中"}}
    assert await errcode(zone, SEND, _card(phone, LEVEL, data=wrong)) == 47003
    right = {"enum_string1": {"value": "高"}}
    assert await errcode(zone, SEND, _card(phone, LEVEL, data=right)) == 0


async def test_sensitive_words_are_refused(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    words = {"sensitive_words": ["违禁"]}
    await zone.acontrol(f"accounts/{APPID}", method="PATCH", messages=words)
    data = VALUES | {"thing1": {"value": "违禁内容"}}
    assert await errcode(zone, SEND, _card(phone, data=data)) == 45168
    assert await errcode(zone, SEND, _card(phone)) == 0


async def test_a_ban_is_told_to_sender_and_phone(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await zone.acontrol(f"accounts/{APPID}", method="PATCH", messages={"is_banned": True})
    assert await errcode(zone, SEND, _card(phone)) == 43107
    assert (await phone.subscribe({ONCE: "accept"}))["errCode"] == 20005
    banned = [TEMPLATES[0] | {"is_banned": True}]
    await zone.acontrol(f"accounts/{APPID}", method="PATCH", messages={}, templates=banned)
    assert await errcode(zone, SEND, _card(phone)) == 43107
    assert (await phone.subscribe({ONCE: "accept"}))[ONCE] == "ban"


async def test_two_cards_to_one_person_at_once_are_one_too_many(zone: LoopbackWeChat) -> None:
    phone, other = await Phone.of(zone), await Phone.of(zone)
    for each in (phone, other):
        await each.subscribe({ONCE: "accept", OTHER: "accept"})
    zone.fault("slow", path=SEND, seconds=0.5, before="work", count=3)
    codes = await asyncio.gather(
        *(errcode(zone, SEND, card) for card in (_card(phone), _card(phone, OTHER), _card(other)))
    )
    assert sorted(codes) == [0, 0, 43108]
    assert await errcode(zone, SEND, _card(other, OTHER)) == 0


async def test_a_refused_person_is_told_as_a_fault_too(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    zone.fault("errcode", errcode=43101, path=SEND, openid=phone.openid, count=1)
    assert await errcode(zone, SEND, _card(phone)) == 43101
    assert await errcode(zone, SEND, _card(phone)) == 0


async def test_a_card_whose_answer_is_lost_has_arrived(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    zone.fault("lost", path=SEND, count=1)
    with pytest.raises(Exception, match="disconnected"):
        await post(zone, SEND, _card(phone))
    assert len(await phone.cards()) == 1
    assert await errcode(zone, SEND, _card(phone)) == 43101


@pytest.mark.parametrize(("undelivered", "status"), [(0, "success"), (1, "failed: system failed")])
async def test_what_became_of_a_card_is_pushed_after_a_while(
    zone: LoopbackWeChat, undelivered: int, status: str
) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"})
    rules = {"sent_event_after": 60, "undelivered_next": undelivered}
    async with listening() as sink:
        await zone.acontrol(
            f"accounts/{APPID}", method="PATCH", push=sink.settings(), messages=rules
        )
        sent = (await post(zone, SEND, _card(phone))).json()
        await asyncio.sleep(0.1)
        assert sink.taken == []
        zone.advance(60)
        (taken,) = await sink.wait_for(1)
    told = taken.message(APPID)
    assert (told["Event"], told["FromUserName"]) == ("subscribe_msg_sent_event", phone.openid)
    assert told["List"] == {
        "TemplateId": ONCE,
        "MsgID": str(sent["msgid"]),
        "ErrorCode": "-1" if undelivered else "0",
        "ErrorStatus": status,
    }
    assert len(await phone.cards()) == 1 - undelivered


async def test_the_dialog_is_told_as_an_event(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    async with listening() as sink:
        await zone.acontrol(f"accounts/{APPID}", method="PATCH", push=sink.settings())
        await phone.subscribe({ONCE: "accept", OTHER: "reject"})
        await phone.change_setting(ONCE)
        both, changed = [taken.message(APPID) for taken in await sink.wait_for(2)]
    if both["Event"] != "subscribe_msg_popup_event":
        both, changed = changed, both
    assert both["List"] == [
        {"TemplateId": ONCE, "SubscribeStatusString": "accept", "PopupScene": "0"},
        {"TemplateId": OTHER, "SubscribeStatusString": "reject", "PopupScene": "0"},
    ]
    assert changed["Event"] == "subscribe_msg_change_event"
    assert changed["List"] == {"TemplateId": ONCE, "SubscribeStatusString": "reject"}


async def test_a_kept_choice_needs_no_dialog_and_grants_each_time(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.subscribe({ONCE: "accept"}, keep=True)
    assert (await phone.subscribe({ONCE: "reject"}))[ONCE] == "accept"
    assert [await errcode(zone, SEND, _card(phone)) for _ in range(3)] == [0, 0, 43101]
    settings = await zone.acontrol("phone/settings", openid=phone.openid)
    assert settings["subscriptionsSetting"]["itemSettings"] == {ONCE: "accept"}


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        pytest.param({}, 10001, id="nothing"),
        pytest.param({"": "accept"}, 10004, id="an empty id"),
        pytest.param({"none": "accept"}, 20001, id="unknown"),
        pytest.param({ONCE: "accept", LONG: "accept"}, 20002, id="kinds mixed"),
        pytest.param({str(number): "accept" for number in range(6)}, 20003, id="six"),
    ],
)
async def test_what_may_not_be_asked(
    zone: LoopbackWeChat, choices: dict[str, str], code: int
) -> None:
    told = await (await Phone.of(zone)).subscribe(choices)
    assert told["errCode"] == code
    assert told["errMsg"].startswith("requestSubscribeMessage:fail ")


async def test_the_main_switch_and_older_phones_refuse(zone: LoopbackWeChat) -> None:
    phone = await Phone.of(zone)
    await phone.main_switch(is_on=False)
    assert (await phone.subscribe({ONCE: "accept"}))["errCode"] == 20004
    await phone.main_switch(is_on=True)
    await zone.acontrol(f"accounts/{APPID}", method="PATCH", messages={"ids_at_most": 1})
    assert (await phone.subscribe({ONCE: "accept", OTHER: "accept"}))["errCode"] == 20003


async def test_the_second_of_the_same_title_is_filtered(zone: LoopbackWeChat) -> None:
    told = await (await Phone.of(zone)).subscribe({ONCE: "accept", "twin": "accept"})
    assert (told[ONCE], told["twin"]) == ("accept", "filter")

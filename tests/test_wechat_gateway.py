"""The gateway against the loopback WeChat: every call, and every row of the table of errors."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from cryptography.fernet import Fernet
from PIL import Image

from devtools.wechat.starting import LoopbackWeChat
from miniprogram_api.wechat import apis
from miniprogram_api.wechat.account import WeChatAccount
from miniprogram_api.wechat.apis import Api
from miniprogram_api.wechat.gateway import WeChatGateway, make_gateway
from miniprogram_api.wechat.texts import LONGEST_PART, parts_of
from models.database import close_database, open_database
from models.wechat_alarm import WeChatAlarm, WeChatStop
from services import wechat_alarms, wechat_stops
from services.secret_key import SecretKeys
from services.wechat import (
    Card,
    Reaction,
    Suggestion,
    WeChat,
    WeChatCodeRefused,
    WeChatFailed,
    WeChatUserBlocked,
)
from tests.databases import database_url
from tests.wechat_codes import TABLE
from tests.wechat_loopback import APPID, SECRET, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

KEYS = SecretKeys.of(Fernet.generate_key())
ONCE, LONG = "t-once", "t-long"
TEMPLATES: list[dict[str, Any]] = [
    {"id": ONCE, "title": "受理通知", "kind": 2, "content": "事项:{{thing1.DATA}}\n"},
    {
        "id": LONG,
        "title": "专区通知",
        "kind": 3,
        "content": "级别:{{enum_string1.DATA}}\n",
        "choices": {"enum_string1": ["高", "低"]},
    },
]


class Clock:
    """The time as the gateway sees it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Hall:
    """A mini-program with one person, and the gateway that speaks for it."""

    def __init__(self, wechat: LoopbackWeChat, clock: Clock) -> None:
        self.wechat = wechat
        self.clock = clock
        self.gateway = self.gateway_of()
        self.openid: str = wechat.control("users", phone="13912345678")["openid"]

    def gateway_of(self, **more: Any) -> WeChatGateway:
        account = WeChatAccount(APPID, SECRET, root=self.wechat.root, **more)
        return make_gateway(account, KEYS, now=self.clock)

    def card(self, template: str = ONCE, value: str = "您的申请", page: str = "") -> Card:
        key = "enum_string1" if template == LONG else "thing1"
        return Card(self.openid, template, {key: value}, page)

    def login(self) -> str:
        return str(self.wechat.control("phone/login", openid=self.openid)["code"])

    def allow(self, template: str = ONCE) -> None:
        self.wechat.control("phone/subscribe", openid=self.openid, choices={template: "accept"})

    def asked(self, api: Api) -> int:
        return len(self.wechat.journal(api.path))


@pytest.fixture
async def hall(tmp_path: Path, wechat: LoopbackWeChat) -> AsyncIterator[Hall]:
    await open_database(database_url(tmp_path))
    wechat.control(
        f"accounts/{APPID}", method="PATCH", templates=TEMPLATES, pages=["pages/home/home"]
    )
    made = Hall(wechat, Clock())
    yield made
    await made.gateway.close()
    await close_database()


async def test_the_gateway_is_what_services_ask(hall: Hall) -> None:
    asked: WeChat = hall.gateway
    assert asked.app_id == APPID


async def test_a_login_code_is_worth_one_person_once_and_no_token(hall: Hall) -> None:
    code = hall.login()
    person = await hall.gateway.sign_in(code)
    assert person.openid == hall.openid
    assert len(person.session_key) == 24
    assert person.unionid == ""
    assert hall.openid not in repr(person)
    assert person.session_key not in repr(person)
    with pytest.raises(WeChatCodeRefused):
        await hall.gateway.sign_in(code)
    assert hall.asked(apis.STABLE_TOKEN) == 0


@pytest.mark.parametrize("code", ["", "x" * 32, "无", "\ud800", "a b&appid=wx", "c" * 5000])
async def test_a_code_of_nobodys_is_refused(hall: Hall, code: str) -> None:
    with pytest.raises((WeChatCodeRefused, WeChatFailed)) as caught:
        await hall.gateway.sign_in(code)
    assert code == "" or code not in str(caught.value)


async def test_an_old_code_is_refused(hall: Hall) -> None:
    code = hall.login()
    hall.wechat.advance(301)
    with pytest.raises(WeChatCodeRefused):
        await hall.gateway.sign_in(code)


async def test_a_blocked_person_is_told_so(hall: Hall) -> None:
    hall.wechat.control(f"users/{hall.openid}", method="PATCH", is_blocked=True)
    with pytest.raises(WeChatUserBlocked):
        await hall.gateway.sign_in(hall.login())


async def test_one_persons_hurry_stops_nobody_else(hall: Hall) -> None:
    hall.wechat.fault("errcode", errcode=45011, path=apis.SIGN_IN.path, count=1)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.sign_in(hall.login())
    assert caught.value.reaction is Reaction.RETRY_NEXT_MINUTE
    await hall.gateway.sign_in(hall.login())
    assert await WeChatStop.all().count() == 0


async def test_a_code_whose_answer_is_lost_is_not_tried_again(hall: Hall) -> None:
    hall.wechat.fault("lost", path=apis.SIGN_IN.path, count=1)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.sign_in(hall.login())
    assert caught.value.is_fate_unknown
    assert hall.asked(apis.SIGN_IN) == 1


async def test_a_phone_number_has_a_code_of_its_own(hall: Hall) -> None:
    code = hall.wechat.control("phone/tap_phone", openid=hall.openid)["code"]
    assert await hall.gateway.phone_number(code, hall.openid) == "13912345678"
    for refused in (code, hall.login(), "f" * 64):
        with pytest.raises(WeChatCodeRefused):
            await hall.gateway.phone_number(refused, hall.openid)


async def test_a_card_arrives(hall: Hall) -> None:
    hall.allow()
    msgid = await hall.gateway.send_card(hall.card(page="/pages/home/home?a=1"))
    (card,) = hall.wechat.control("phone/cards", method="GET", openid=hall.openid)
    assert (card["msgid"], card["values"]) == (msgid, {"thing1": "您的申请"})
    assert card["page"] == "pages/home/home?a=1"
    assert int(msgid) > 2**53
    body = hall.wechat.journal(apis.SEND.path)[-1]["body"]
    assert "您的申请" in str(body)
    assert '"miniprogram_state": "formal"' in str(body)


@pytest.mark.parametrize(
    ("change", "errcode", "reaction"),
    [
        pytest.param({}, 43101, Reaction.GIVE_UP, id="nothing allowed"),
        pytest.param({"template_id": "none"}, 40037, Reaction.ALARM, id="no such template"),
        pytest.param({"openid": "o" + "x" * 27}, 40003, Reaction.GIVE_UP, id="nobody"),
        pytest.param({"values": {"thing1": "长" * 21}}, 47003, Reaction.MEND, id="too long"),
        pytest.param({"values": {}}, 47003, Reaction.MEND, id="a field is missing"),
        pytest.param({"page": "pages/none/none"}, 41030, Reaction.ALARM, id="no such page"),
    ],
)
async def test_a_card_is_refused(
    hall: Hall, change: dict[str, Any], errcode: int, reaction: Reaction
) -> None:
    if errcode != 43101:
        hall.allow()
    whole: dict[str, Any] = {
        "openid": hall.openid, "template_id": ONCE, "values": {"thing1": "事"}, "page": "",
    }  # fmt: skip
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.send_card(Card(**(whole | change)))
    failed = caught.value
    assert (failed.errcode, failed.reaction, failed.is_fate_unknown) == (errcode, reaction, False)
    assert len(failed.rid) == 26
    assert failed.field_name == ("thing1" if errcode == 47003 else "")
    assert hall.asked(apis.SEND) == 1


async def test_a_card_that_was_sent_and_not_answered_is_sent_once(hall: Hall) -> None:
    hall.allow()
    hall.wechat.fault("lost", path=apis.SEND.path, count=1)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.send_card(hall.card())
    assert caught.value.is_fate_unknown
    assert hall.asked(apis.SEND) == 1
    assert len(hall.wechat.control("phone/cards", method="GET")) == 1


async def test_two_cards_to_one_person_at_once_come_one_after_the_other(hall: Hall) -> None:
    hall.allow()
    hall.wechat.fault("errcode", errcode=43108, path=apis.SEND.path, count=1)
    assert await hall.gateway.send_card(hall.card())
    assert hall.asked(apis.SEND) == 2


async def test_a_text_is_checked(hall: Hall) -> None:
    verdict = await hall.gateway.check_text("请问怎么申请公开？", hall.openid)
    assert (verdict.suggestion, verdict.label) == (Suggestion.PASS, 100)
    assert verdict.trace_id
    sent = str(hall.wechat.journal(apis.CHECK_TEXT.path)[-1]["body"])
    assert "请问怎么申请公开" in sent
    assert "\\u" not in sent


async def test_the_worst_part_of_a_long_text_counts(hall: Hall) -> None:
    rules = [{"pattern": "坏话", "suggest": "review", "label": 20003}]
    hall.wechat.control(f"accounts/{APPID}", method="PATCH", checks={"rules": rules})
    text = "好话。" * 900 + "坏话。" + "好话。" * 900
    verdict = await hall.gateway.check_text(text, hall.openid)
    assert (verdict.suggestion, verdict.label) == (Suggestion.REVIEW, 20003)
    assert hall.asked(apis.CHECK_TEXT) == 3


async def test_who_was_not_there_lately_cannot_be_checked(hall: Hall) -> None:
    hall.wechat.advance(3 * 3600)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.check_text("公开", hall.openid)
    assert (caught.value.errcode, caught.value.reaction) == (61010, Reaction.GIVE_UP)


async def test_half_a_character_is_no_reason_to_fail(hall: Hall) -> None:
    assert (await hall.gateway.check_text("公\ud800开", hall.openid)).suggestion is Suggestion.PASS
    assert (await hall.gateway.check_text("  \n", hall.openid)).suggestion is Suggestion.PASS


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", []),
        ("短", [1]),
        ("a" * 2500, [2500]),
        ("a" * 2501, [2500, 1]),
        ("一句。" + "a" * 2499, [3, 2499]),
        ("句。" * 2000, [2500, 1500]),
    ],
    ids=["nothing", "short", "just so", "without an end", "cut early", "sentences"],
)
def test_a_text_is_cut_at_ends_of_sentences(text: str, lengths: list[int]) -> None:
    parts = parts_of(text)
    assert [len(part) for part in parts] == lengths
    assert "".join(parts) == text
    assert all(len(part) <= LONGEST_PART for part in parts)


async def test_a_code_leads_to_its_page(hall: Hall) -> None:
    image = await hall.gateway.code_image("d_17", "/pages/home/home")
    assert image.media_type == "image/jpeg"
    (read,) = zxingcpp.read_barcodes(
        Image.open(io.BytesIO(image.data)), formats=zxingcpp.BarcodeFormat.QRCode
    )
    scanned = hall.wechat.control("phone/scan", openid=hall.openid, said=read.text)
    assert "d_17" in str(scanned)


async def test_before_release_a_code_may_lead_to_any_page(hall: Hall) -> None:
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.code_image("a", "pages/new/new")
    assert (caught.value.errcode, caught.value.reaction) == (41030, Reaction.ALARM)
    early = hall.gateway_of(version="trial")
    assert (await early.code_image("a", "pages/new/new", width=9999)).data
    await early.close()


@pytest.mark.parametrize("scene", ["", "a" * 33, "中", "a b", "a%20"])
async def test_a_scene_that_is_none_is_our_fault(hall: Hall, scene: str) -> None:
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.code_image(scene, "pages/home/home")
    assert caught.value.reaction is Reaction.MEND


async def test_the_templates_of_the_account_are_listed(hall: Hall) -> None:
    once, long = await hall.gateway.templates()
    assert (once.template_id, once.title, once.is_long_term) == (ONCE, "受理通知", False)
    assert "{{thing1.DATA}}" in once.content
    assert long.is_long_term
    assert long.choices == {"enum_string1": ["高", "低"]}


Calls = Callable[[Hall], Awaitable[object]]
CALLS: dict[Api, Calls] = {
    apis.SIGN_IN: lambda hall: hall.gateway.sign_in("c"),
    apis.PHONE: lambda hall: hall.gateway.phone_number("c", hall.openid),
    apis.SEND: lambda hall: hall.gateway.send_card(hall.card()),
    apis.CHECK_TEXT: lambda hall: hall.gateway.check_text("公开", hall.openid),
    apis.CODE_IMAGE: lambda hall: hall.gateway.code_image("a", "pages/home/home"),
    apis.TEMPLATES: lambda hall: hall.gateway.templates(),
}
ROWS = [(int(code), reaction) for reaction, codes in TABLE.items() for code in codes.split()]


@pytest.mark.parametrize(("errcode", "reaction"), ROWS, ids=[str(code) for code, _ in ROWS])
async def test_every_row_of_the_table_is_met(hall: Hall, errcode: int, reaction: Reaction) -> None:
    """Sending a card answered with that code for ever: bounded calls, the right alarm or stop."""
    hall.wechat.fault("errcode", errcode=errcode, path=apis.SEND.path)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.send_card(hall.card())
    is_worn_out = reaction is Reaction.REFRESH
    expected = Reaction.ALARM if is_worn_out else reaction
    assert (caught.value.errcode, caught.value.reaction) == (errcode, expected)
    assert not caught.value.is_fate_unknown
    times = {Reaction.RETRY: 3, Reaction.RETRY_SOON: 3, Reaction.REFRESH: 2}
    assert hall.asked(apis.SEND) == times.get(reaction, 1)
    assert hall.asked(apis.STABLE_TOKEN) <= 3
    is_alarm = expected in {Reaction.ALARM, Reaction.STOP_FOR_TODAY}
    assert [a.errcode for a in await WeChatAlarm.all()] == ([errcode] if is_alarm else [])
    is_stopped = reaction in {Reaction.STOP_FOR_TODAY, Reaction.RETRY_NEXT_MINUTE}
    assert await WeChatStop.exists(api=apis.SEND.path) is is_stopped


@pytest.mark.parametrize("api", CALLS, ids=lambda api: api.path)
@pytest.mark.parametrize("kind", ["busy once", "busy", "malformed", "redirect", "reset"])
async def test_every_call_bears_every_fault(hall: Hall, api: Api, kind: str) -> None:
    faults: dict[str, dict[str, Any]] = {
        "busy once": {"kind": "errcode", "errcode": -1, "count": 1},
        "busy": {"kind": "errcode", "errcode": -1},
        "malformed": {"kind": "malformed", "form": "gzip_garbage"},
        "redirect": {"kind": "redirect"},
        "reset": {"kind": "reset", "at": "body"},
    }
    hall.wechat.control("faults", path=api.path, **faults[kind])
    try:
        await CALLS[api](hall)
    except WeChatFailed as failed:
        assert failed.is_fate_unknown is (kind in {"malformed", "reset"} and failed.errcode is None)
    except WeChatCodeRefused:
        assert kind == "busy once"
    assert hall.asked(api) <= 3


async def test_a_token_that_ends_in_the_middle_is_replaced(hall: Hall) -> None:
    await hall.gateway.templates()
    for errcode in (42001, 40001, 40014):
        hall.wechat.control("tokens/invalidate", errcode=errcode)
        await hall.gateway.templates()
    assert hall.asked(apis.TEMPLATES) == 7
    assert hall.asked(apis.STABLE_TOKEN) == 4


async def test_a_token_that_is_stuck_is_forced(hall: Hall) -> None:
    await hall.gateway.templates()
    hall.wechat.advance(60)
    hall.wechat.control("tokens/invalidate", errcode=40001, is_stuck=True)
    await hall.gateway.templates()
    assert hall.asked(apis.STABLE_TOKEN) == 3


async def test_wechat_forgets_everything_and_nobody_notices(hall: Hall) -> None:
    await hall.gateway.templates()
    hall.wechat.control("restart")
    await hall.gateway.templates()


async def test_a_days_quota_stops_every_process_until_the_day_is_over(hall: Hall) -> None:
    hall.wechat.fault("errcode", errcode=45009, path=apis.SEND.path)
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.send_card(hall.card())
    assert caught.value.reaction is Reaction.STOP_FOR_TODAY
    other = hall.gateway_of()
    for gateway in (hall.gateway, other):
        with pytest.raises(WeChatFailed) as caught:
            await gateway.send_card(hall.card())
        assert caught.value.reaction in {Reaction.STOP_FOR_TODAY, Reaction.RETRY_NEXT_MINUTE}
        assert caught.value.errcode == 45009
    await other.close()
    assert hall.asked(apis.SEND) == 1
    # Another API has a quota of its own.
    await hall.gateway.templates()
    hall.wechat.control("faults", method="DELETE")
    hall.clock.ahead = timedelta(days=1, minutes=1)
    hall.allow()
    other = hall.gateway_of()
    await other.send_card(hall.card())
    await other.close()
    assert (await WeChatAlarm.get(errcode=45009)).cleared_at is not None


async def test_a_minutes_quota_stops_until_the_next(hall: Hall) -> None:
    hall.wechat.fault("errcode", errcode=44991, path=apis.CHECK_TEXT.path, count=1)
    for _ in range(3):
        with pytest.raises(WeChatFailed) as caught:
            await hall.gateway.check_text("公开", hall.openid)
        assert caught.value.reaction is Reaction.RETRY_NEXT_MINUTE
    assert hall.asked(apis.CHECK_TEXT) == 1
    stop = await WeChatStop.get(api=apis.CHECK_TEXT.path)
    assert stop.until.second < 10
    hall.clock.ahead = timedelta(minutes=2)
    other = hall.gateway_of()
    await other.check_text("公开", hall.openid)
    await other.close()
    assert await WeChatAlarm.all().count() == 0


def test_the_quota_day_ends_at_midnight_in_beijing() -> None:
    evening = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
    begins = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    assert begins < wechat_stops.next_quota_day(evening) < begins + timedelta(seconds=10)
    night = wechat_stops.next_quota_day(begins)
    assert night > begins + timedelta(days=1)
    minute = wechat_stops.next_minute(evening)
    assert evening + timedelta(minutes=1) < minute < evening + timedelta(seconds=70)


async def test_an_alarm_is_raised_once_counted_and_cleared_when_it_works(hall: Hall) -> None:
    number = hall.wechat.fault("errcode", errcode=48001, path=apis.TEMPLATES.path)
    for _ in range(3):
        with pytest.raises(WeChatFailed):
            await hall.gateway.templates()
    alarm = await WeChatAlarm.get()
    assert (alarm.api, alarm.errcode, alarm.times) == (apis.TEMPLATES.path, 48001, 3)
    assert alarm.seen_at > alarm.first_at
    assert [open.id for open in await wechat_alarms.open_alarms(APPID)] == [alarm.id]
    assert "接口权限" in wechat_alarms.what_to_do(alarm)
    hall.wechat.control(f"faults/{number}", method="DELETE")
    await hall.gateway.templates()
    assert await wechat_alarms.open_alarms(APPID) == []
    hall.wechat.fault("errcode", errcode=48001, path=apis.TEMPLATES.path)
    with pytest.raises(WeChatFailed):
        await hall.gateway.templates()
    again = await WeChatAlarm.get()
    assert (again.times, again.cleared_at) == (1, None)


async def test_that_one_template_works_says_nothing_of_another(hall: Hall) -> None:
    with pytest.raises(WeChatFailed):
        await hall.gateway.send_card(hall.card("gone"))
    assert (await WeChatAlarm.get()).told == "gone"
    hall.allow()
    await hall.gateway.send_card(hall.card())
    assert (await WeChatAlarm.get()).cleared_at is None


async def test_an_address_that_is_not_on_the_list_is_named(hall: Hall) -> None:
    hall.wechat.control(f"accounts/{APPID}", method="PATCH", allowed_ips=["203.0.113.1"])
    with pytest.raises(WeChatFailed) as caught:
        await hall.gateway.templates()
    assert caught.value.errcode == 40164
    assert caught.value.told == "127.0.0.1"
    alarm = await WeChatAlarm.get()
    assert "127.0.0.1" in wechat_alarms.what_to_do(alarm)


@pytest.mark.parametrize(
    ("status", "errcode"),
    [("secret_frozen", 40243), ("account_frozen", 50007), ("token_forbidden", 50004)],
)
async def test_a_frozen_account_is_an_alarm(hall: Hall, status: str, errcode: int) -> None:
    hall.wechat.control(f"accounts/{APPID}", method="PATCH", status=status)
    for _ in range(5):
        with pytest.raises(WeChatFailed) as caught:
            await hall.gateway.templates()
        assert caught.value.errcode == errcode
    assert hall.asked(apis.STABLE_TOKEN) == 1
    assert [alarm.errcode for alarm in await WeChatAlarm.all()] == [errcode]


async def test_nothing_secret_is_written_down_whatever_happens(
    hall: Hall, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every call under every kind of fault, with debugging on: neither logs nor failures tell."""
    caplog.set_level(logging.DEBUG)
    logins = [hall.login() for _ in range(3)]
    tapped = hall.wechat.control("phone/tap_phone", openid=hall.openid)["code"]
    texts: list[str] = []
    faults: list[dict[str, Any]] = [
        {"kind": "errcode", "errcode": -1, "count": 1},
        {"kind": "errcode", "errcode": 40029, "errmsg": f"invalid code {tapped} {SECRET}"},
        {"kind": "errcode", "errcode": 47003, "errmsg": f"data.{hall.openid}.value {SECRET}"},
        {"kind": "errcode", "errcode": 40164, "errmsg": f"invalid ip {hall.openid}, not in"},
        {"kind": "lost"},
        {"kind": "malformed", "form": "truncated"},
        {"kind": "redirect"},
        {"kind": "refuse", "count": 1},
    ]
    for fault in faults:
        hall.wechat.control("faults", path="*", **fault)
        for call in (
            lambda: hall.gateway.sign_in(logins[0]),
            lambda: hall.gateway.phone_number(tapped, hall.openid),
            *(partial(call, hall) for api, call in CALLS.items() if api is not apis.SIGN_IN),
        ):
            try:
                await call()
            except (WeChatFailed, WeChatCodeRefused) as failed:
                texts.append(f"{failed!r} {vars(failed)} {failed.__context__!r}")
                logging.getLogger("tests").error("failed", exc_info=failed)
        hall.wechat.control("faults", method="DELETE")
    tokens = hall.wechat.control("state", method="GET")["accounts"][APPID]["tokens"]
    written = capsys.readouterr()
    everything = "".join([caplog.text, written.out, written.err, *texts])
    assert "wechat call failed" in everything
    secrets = [SECRET, hall.openid, tapped, *logins, *(token["value"] for token in tokens)]
    assert [secret for secret in secrets if secret in everything] == []
    kept = [f"{alarm.told}" for alarm in await WeChatAlarm.all()]
    assert [secret for secret in secrets if secret in "".join(kept)] == []

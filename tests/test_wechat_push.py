"""What WeChat pushes: only from WeChat, once, kept at once, and handed on once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from tortoise.exceptions import OperationalError

from devtools.wechat.push_letters import Letter, Trick, letter, signed_anew
from devtools.wechat.push_messages import Event, ListShape, TimeShape
from devtools.wechat.push_settings import PushFormat, PushMode, PushSettings
from devtools.wechat.starting import LoopbackWeChat
from miniprogram_api.wechat.push_bodies import Unreadable, read_body
from miniprogram_api.wechat.push_envelope import Refused, opened, require_signature
from models.card_template import CardGrant, CardTemplate
from models.citizen import Citizen
from models.pushed_message import PushedMessage, PushedNonce
from services import citizen_agreement, citizens, pushed_events, pushed_messages
from services.pushed_messages import KEPT_FOR, MOST_ATTEMPTS
from services.wechat import SignedIn
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.test_wechatpy_on_the_wire import AES_KEY, ENCRYPTED
from tests.wechat_loopback import APPID, SECRET, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

TOKEN = "PushToken7"
KEY = "k" * 42 + "A"
PATH = "/mp/v1/wechat/push"
ORIGINAL = "gh_123456789abc"
OPENID = "oSomebody0000000000000000001"
TEMPLATE = "T-once-0001"
ACCEPTED = {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "0"}
SAFE = PushSettings(token=TOKEN, aes_key=KEY)


@contextmanager
def hall(folder: Path, **environment: str) -> Iterator[Doors]:
    with open_doors(
        folder,
        speaking=False,
        OPENZONE_WECHAT_APP_ID=APPID,
        OPENZONE_WECHAT_APP_SECRET=SECRET,
        OPENZONE_WECHAT_PUSH_TOKEN=TOKEN,
        **environment,
    ) as doors:
        yield doors


@pytest.fixture(scope="module")
def shared_doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with hall(tmp_path_factory.mktemp("push"), OPENZONE_WECHAT_ENCODING_AES_KEY=KEY) as doors:
        yield doors


@pytest.fixture
def doors(shared_doors: Doors) -> Doors:
    async def emptied() -> None:
        await PushedMessage.all().delete()
        await PushedNonce.all().delete()
        await CardGrant.all().delete()

    shared_doors.run(emptied())
    return shared_doors


@pytest.fixture(scope="module")
def plain_doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with hall(tmp_path_factory.mktemp("plain")) as doors:
        yield doors


_nonces = iter(range(1_000_000, 2_000_000))


def popup(*items: dict[str, str], created: int | None = None, openid: str = OPENID) -> Event:
    return Event(
        pushed_events.ASKED,
        openid,
        int(time.time()) if created is None else created,
        items=list(items) or [ACCEPTED],
        parent="SubscribeMsgPopupEvent",
    )


def written(
    event: Event, settings: PushSettings = SAFE, *, trick: Trick | None = None, **more: Any
) -> Letter:
    given: dict[str, Any] = {"timestamp": int(time.time()), "nonce": str(next(_nonces))}
    return letter(
        event, settings, trick=trick, **({"appid": APPID, "original_id": ORIGINAL} | given | more)
    )


def post(doors: Doors, sent: Letter) -> httpx.Response:
    return httpx.post(
        f"{doors.url}{PATH}",
        params=sent.query,
        content=sent.body,
        headers={"Content-Type": sent.content_type},
    )


def taken(response: httpx.Response) -> bool:
    assert (response.status_code, response.text) == (200, "success"), response.text
    assert response.headers["content-type"].startswith("text/plain")
    return True


def refused(response: httpx.Response, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def count(doors: Doors) -> int:
    async def counted() -> int:
        return await PushedMessage.all().count()

    return doors.run(counted())


def work(doors: Doors, *, later: timedelta = timedelta()) -> int:
    keys = doors.context.parts.keys
    return doors.run(pushed_messages.work_on(APPID, keys, datetime.now(UTC) + later))


def outcomes(doors: Doors) -> list[str]:
    async def read() -> list[str]:
        return [row.outcome for row in await PushedMessage.all().order_by("id")]

    return doors.run(read())


def test_the_address_is_checked(doors: Doors) -> None:
    sent = written(popup())
    query = sent.query | {"echostr": "4375120948345356249"}
    shown = httpx.get(f"{doors.url}{PATH}", params=query)
    assert (shown.status_code, shown.text) == (200, "4375120948345356249")
    assert shown.headers["content-type"].startswith("text/plain")
    for wrong in (
        query | {"signature": "0" * 40},
        query | {"nonce": "2"},
        {"echostr": "1"},
        query | {"timestamp": "x"},
        query | {"timestamp": "1" * 30},
        query | {"signature": "签名"},
    ):
        refused(httpx.get(f"{doors.url}{PATH}", params=wrong), 403, "push_refused")


def test_wechats_own_example_is_understood() -> None:
    require_signature(
        "f464b24fc39322e44b38aa78f5edd27bd1441696", "AAAAA", "1714036504", "1514711492"
    )
    require_signature(
        "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "AAAAA", "1714112445", "415670741", ENCRYPTED
    )
    message = read_body(opened(ENCRYPTED, AES_KEY, "wxba5fad812f8e6fb9"))
    assert (message["Event"], message["debug_str"]) == ("debug_demo", "hello world")
    with pytest.raises(Refused):
        opened(ENCRYPTED, AES_KEY, "wx0000000000000000")


@pytest.mark.parametrize("form", list(PushFormat))
@pytest.mark.parametrize("mode", [PushMode.SAFE, PushMode.COMPAT])
@pytest.mark.parametrize("lists", list(ListShape))
@pytest.mark.parametrize("times", list(TimeShape))
def test_every_way_of_writing_it_is_taken(
    doors: Doors, form: PushFormat, mode: PushMode, lists: ListShape, times: TimeShape
) -> None:
    settings = replace_settings(form=form, mode=mode, lists=lists, times=times)
    event = popup(ACCEPTED, ACCEPTED | {"TemplateId": "other"})
    assert taken(post(doors, written(event, settings)))
    assert kept_event(doors).items == [ACCEPTED, ACCEPTED | {"TemplateId": "other"}]
    single = popup(ACCEPTED)
    assert taken(post(doors, written(single, settings)))
    last = kept_event(doors)
    assert last.items == [ACCEPTED]
    assert last.created_at == datetime.fromtimestamp(single.created, UTC)
    assert (last.openid, last.name) == (OPENID, pushed_events.ASKED)


def replace_settings(
    *, form: PushFormat, mode: PushMode, lists: ListShape, times: TimeShape
) -> PushSettings:
    return PushSettings(token=TOKEN, aes_key=KEY, mode=mode, format=form, lists=lists, times=times)


def kept_event(doors: Doors) -> pushed_events.PushedEvent:
    """Return what was kept last."""

    async def read() -> bytes:
        row = await PushedMessage.all().order_by("-id").first()
        assert row is not None
        return row.encrypted_body

    text = doors.context.parts.keys.decrypt(doors.run(read()))
    return pushed_events.read(json.loads(text))


@pytest.mark.parametrize(
    ("trick", "status", "code"),
    [
        (Trick.WRONG_SIGNATURE, 403, "push_refused"),
        (Trick.WRONG_APPID, 403, "push_refused"),
        (Trick.OLD_TIMESTAMP, 403, "push_refused"),
        (Trick.BROKEN_PADDING, 403, "push_refused"),
        (Trick.BROKEN_MESSAGE, 400, "malformed"),
        (Trick.EMPTY, 400, "malformed"),
        (Trick.HUGE, 413, "too_large"),
    ],
)
@pytest.mark.parametrize("form", list(PushFormat))
def test_what_is_wrong_is_refused_and_not_kept(
    doors: Doors, trick: Trick, status: int, code: str, form: PushFormat
) -> None:
    settings = PushSettings(token=TOKEN, aes_key=KEY, format=form)
    refused(post(doors, written(popup(), settings, trick=trick)), status, code)
    assert count(doors) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"<xml>",
        b"<html></html>",
        b"<xml/>",
        b"[" * 50_000,
        b"<a>" * 15_000,
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><E>&a;</E></xml>',
        b'{"Encrypt":7}',
        b'{"Encrypt":""}',
        b'{"Encrypt":null}',
        b"<xml><Encrypt><a>1</a></Encrypt></xml>",
        b"{}",
        b'{"a":"\\ud800"}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_none_is_refused(doors: Doors, body: bytes) -> None:
    response = post(doors, replace(written(popup()), body=body))
    assert response.status_code in {400, 403}
    assert response.json()["code"] in {"malformed", "push_refused"}
    assert count(doors) == 0


def test_what_is_signed_but_makes_no_sense_is_refused(doors: Doors) -> None:
    for closed in ("", "!!!", "AAAA", "A" * 43, "QUFB" * 8, "A" * 64):
        body = json.dumps({"Encrypt": closed}).encode()
        sent = signed_anew(
            replace(written(popup()), body=body, closed=closed or "x"),
            TOKEN, timestamp=int(time.time()), nonce=str(next(_nonces)),
        )  # fmt: skip
        refused(post(doors, sent), 403, "push_refused")


def test_where_messages_are_encrypted_an_open_one_is_nobodys(doors: Doors) -> None:
    sent = written(popup(), PushSettings(token=TOKEN, mode=PushMode.PLAIN))
    refused(post(doors, sent), 403, "push_refused")
    assert count(doors) == 0


def test_a_request_that_is_captured_counts_once(doors: Doors) -> None:
    sent = written(popup())
    assert taken(post(doors, sent))
    assert taken(post(doors, sent))
    assert count(doors) == 1


def test_a_message_that_comes_again_counts_once(doors: Doors) -> None:
    event = popup()
    for form in (PushFormat.JSON, PushFormat.XML, PushFormat.JSON):
        assert taken(
            post(doors, written(event, PushSettings(token=TOKEN, aes_key=KEY, format=form)))
        )
    assert count(doors) == 1
    assert taken(post(doors, written(popup(created=event.created + 1))))
    assert taken(post(doors, written(popup(created=event.created, openid="oAnother"))))
    assert taken(post(doors, written(popup(ACCEPTED | {"TemplateId": "x"}, created=event.created))))
    assert count(doors) == 4


def test_what_somebody_wrote_is_known_by_its_id(doors: Doors) -> None:
    def message(number: object) -> Event:
        return Event("", OPENID, int(time.time()), fields={"MsgType": "text", "MsgId": number})

    for number in (23_456_789_012_345_678, "23456789012345678", 23_456_789_012_345_679):
        assert taken(post(doors, written(message(number))))
    assert count(doors) == 2


def test_two_processes_take_the_same_message_once(doors: Doors) -> None:
    async def at_once() -> list[str]:
        message = {"FromUserName": OPENID, "CreateTime": 7, "Event": "x", "MsgType": "event"}
        keys = doors.context.parts.keys
        now = datetime.now(UTC)
        kept = await asyncio.gather(
            *(
                pushed_messages.keep(message, f"words {number}", APPID, keys=keys, now=now)
                for number in range(8)
            )
        )
        return [one.value for one in kept]

    results = doors.run(at_once())
    assert sorted(results) == ["new", *["repeated"] * 7]
    assert count(doors) == 1


def test_what_nobody_knows_is_taken_all_the_same(doors: Doors) -> None:
    assert taken(post(doors, written(Event("debug_demo", OPENID, 1, fields={"debug_str": "x"}))))
    assert taken(post(doors, written(Event("brand_new_event", OPENID, 2))))
    assert taken(post(doors, written(Event("坏'; --", OPENID, 3))))
    assert taken(post(doors, written(Event("x" * 300, "", 4))))
    assert work(doors) == 4
    assert outcomes(doors) == ["ignored"] * 4


def test_it_is_answered_within_a_second_and_kept_encrypted(doors: Doors) -> None:
    began = time.monotonic()
    assert taken(post(doors, written(popup())))
    assert time.monotonic() - began < 1 * BUSY

    async def kept() -> PushedMessage:
        return await PushedMessage.get()

    row = doors.run(kept())
    assert OPENID.encode() not in row.encrypted_body
    assert OPENID not in row.key
    assert row.event == pushed_events.ASKED
    assert work(doors) == 1
    assert doors.run(kept()).encrypted_body == b""


def test_what_cannot_be_kept_is_asked_for_again(doors: Doors) -> None:
    sent = written(popup())
    with patch.object(PushedMessage, "create", side_effect=OperationalError("disk full")):
        response = post(doors, sent)
    assert response.status_code in {500, 503}
    assert count(doors) == 0
    assert taken(post(doors, sent))
    assert count(doors) == 1


def test_in_plain_mode_an_open_message_is_taken(plain_doors: Doors) -> None:
    plain = PushSettings(token=TOKEN, mode=PushMode.PLAIN)
    sent = written(popup(), plain)
    assert taken(post(plain_doors, sent))
    # The body is not signed: a captured query brings nothing else in.
    other = written(popup(openid="oForged"), plain)
    assert taken(post(plain_doors, replace(other, query=sent.query)))
    assert count(plain_doors) == 1
    for trick in (Trick.WRONG_SIGNATURE, Trick.OLD_TIMESTAMP):
        refused(post(plain_doors, written(popup(), plain, trick=trick)), 403, "push_refused")


def test_without_a_token_nothing_is_taken(tmp_path: Path) -> None:
    with open_doors(tmp_path, speaking=False) as doors:
        refused(post(doors, written(popup())), 403, "push_refused")
        refused(httpx.get(f"{doors.url}{PATH}"), 403, "push_refused")


def settle_in(doors: Doors) -> int:
    """Let somebody be known here, with one template; return their id."""

    async def made() -> int:
        citizen = await citizens.sign_in(
            SignedIn(OPENID, "k" * 22 + "=="), APPID, keys=doors.context.parts.keys,
            now=datetime.now(UTC),
        )  # fmt: skip
        await citizen_agreement.agree(
            citizen, citizen_agreement.NOTICE_VERSION, now=datetime.now(UTC)
        )
        await CardTemplate.get_or_create(
            {
                "title": "受理通知",
                "content": "事项:{{thing1.DATA}}\n",
                "listed_at": datetime.now(UTC),
            },
            app_id=APPID,
            template_id=TEMPLATE,
        )
        return citizen.id

    return doors.run(made())


def grants(doors: Doors, citizen_id: int) -> int:
    async def read() -> int:
        held = await CardGrant.get_or_none(citizen_id=citizen_id)
        return held.remaining if held is not None else 0

    return doors.run(read())


def test_what_somebody_allows_is_counted_once(doors: Doors) -> None:
    citizen_id = settle_in(doors)
    event = popup()
    for _ in range(3):
        assert taken(post(doors, written(event)))
    assert work(doors) == 1
    assert work(doors) == 0
    assert outcomes(doors) == ["counted"]
    assert grants(doors, citizen_id) == 1


def test_nothing_is_sent_to_who_agrees_no_longer_however_late_wechat_tells(doors: Doors) -> None:
    citizen_id = settle_in(doors)

    async def take_back() -> None:
        await citizen_agreement.take_back(await Citizen.get(id=citizen_id))

    doors.run(take_back())
    assert taken(post(doors, written(popup())))
    refusal = ACCEPTED | {"SubscribeStatusString": "reject"}
    assert taken(post(doors, written(popup(refusal))))
    assert work(doors) == 2
    assert outcomes(doors) == ["not_agreed", "counted"]
    assert grants(doors, citizen_id) == 0


def test_an_id_that_is_no_text_is_taken(doors: Doors) -> None:
    halves = b'{"MsgType":"text","MsgId":"\\ud800","FromUserName":"\\udfff","CreateTime":1}'
    event = pushed_events.read(read_body(halves))
    assert event.message_id == "?"
    assert (event.openid + pushed_events.identity(event)).encode()


def test_what_strangers_allow_is_nobodys(doors: Doors) -> None:
    assert taken(post(doors, written(popup(openid="oStranger"))))
    assert work(doors) == 1
    assert outcomes(doors) == ["nobody"]


def test_two_that_work_at_once_count_it_once(doors: Doors) -> None:
    citizen_id = settle_in(doors)
    assert taken(post(doors, written(popup())))

    async def at_once() -> int:
        keys, now = doors.context.parts.keys, datetime.now(UTC)
        return sum(
            await asyncio.gather(*(pushed_messages.work_on(APPID, keys, now) for _ in range(4)))
        )

    assert doors.run(at_once()) == 1
    assert grants(doors, citizen_id) == 1


def test_work_that_fails_is_done_later_and_counted_once(doors: Doors) -> None:
    citizen_id = settle_in(doors)
    assert taken(post(doors, written(popup())))
    failing = patch("services.card_grants._count", side_effect=OperationalError("busy"))
    with failing:
        assert work(doors) == 0
    assert work(doors) == 0, "Not at once."
    assert work(doors, later=timedelta(minutes=1)) == 1
    assert grants(doors, citizen_id) == 1
    assert taken(post(doors, written(popup(created=5))))
    with failing:
        for number in range(MOST_ATTEMPTS):
            work(doors, later=timedelta(hours=1 + number))
    assert outcomes(doors) == ["counted", "failed"]
    assert grants(doors, citizen_id) == 1


def test_a_verdict_on_media_is_noted(doors: Doors) -> None:
    event = Event(
        pushed_events.CHECKED, OPENID, 9,
        fields={"trace_id": "t", "result": {"suggest": "pass", "label": "100"}, "detail": []},
    )  # fmt: skip
    assert taken(post(doors, written(event)))
    assert work(doors) == 1
    assert outcomes(doors) == ["noted"]


def test_what_became_of_a_card_that_is_not_ours(doors: Doors) -> None:
    settle_in(doors)
    item = {"TemplateId": TEMPLATE, "MsgID": "1", "ErrorCode": "0", "ErrorStatus": "success"}
    event = Event(pushed_events.SENT, OPENID, 9, items=[item], parent="SubscribeMsgSentEvent")
    assert taken(post(doors, written(event)))
    assert work(doors) == 1
    assert outcomes(doors) == ["not_ours"]


def test_old_messages_are_forgotten(doors: Doors) -> None:
    assert taken(post(doors, written(popup())))
    doors.run(pushed_messages.remove_old(datetime.now(UTC)))
    assert count(doors) == 1
    doors.run(pushed_messages.remove_old(datetime.now(UTC) + KEPT_FOR + timedelta(hours=1)))
    assert count(doors) == 0

    async def nonces() -> int:
        return await PushedNonce.all().count()

    assert doors.run(nonces()) == 0
    assert doors.run(pushed_messages.last_came_at(APPID)) is None


@pytest.mark.parametrize("form", list(PushFormat))
def test_the_loopback_wechat_pushes_and_is_content(
    doors: Doors, wechat: LoopbackWeChat, form: PushFormat
) -> None:
    push = {"url": f"{doors.url}{PATH}", "token": TOKEN, "aes_key": KEY, "format": form.value}
    wechat.control(f"accounts/{APPID}", method="PATCH", push=push)
    assert wechat.control("pushes/check")["is_known"]
    assert not wechat.control("pushes/check", is_forged=True)["is_known"]
    for more in ({}, {"is_replayed": True}, {"times": 3}):
        for pushed in wechat.control("pushes", openid=f"o{len(str(more))}", **more):
            assert pushed["is_answered"], pushed
    before = count(doors)
    for trick in Trick:
        for pushed in wechat.control("pushes", trick=trick.value, openid="oTricky"):
            assert not pushed["is_answered"], pushed
            assert all(attempt["status"] in {400, 403, 413} for attempt in pushed["attempts"])
    assert count(doors) == before == 3


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"<", b"<xml", b"{'a':1}", b"nan", b"NaN", b"1", b"<xml></xml><xml/>", b"\x00"],
    ids=repr,
)
def test_no_body_is_a_surprise(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_body(body)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"List": 7},
        {"List": [None, 3, {"TemplateId": None}]},
        {"CreateTime": "abc"},
        {"CreateTime": 10**30},
        {"CreateTime": -5},
        {"CreateTime": {"a": 1}},
        {"Event": ["x"], "FromUserName": {}},
        {"MsgId": True},
        {"SubscribeMsgPopupEvent": "x"},
        {"SubscribeMsgSentEvent": [{"MsgID": 1864323726461255680}]},
    ],
    ids=str,
)
def test_no_message_is_a_surprise(message: dict[str, Any]) -> None:
    assert pushed_events.identity(pushed_events.read(message))

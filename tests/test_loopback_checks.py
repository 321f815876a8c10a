"""The checks of content of the loopback WeChat: verdicts at once, and verdicts that are pushed."""

from __future__ import annotations

import asyncio
import io
from hashlib import sha256
from typing import Any

import pytest
from PIL import Image

from devtools.wechat.starting import LoopbackWeChat
from tests.loopback_calls import errcode, post
from tests.phones import Phone
from tests.push_sink import Sink, listening
from tests.wechat_loopback import APPID, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

TEXT = "/wxa/msg_sec_check"
MEDIA = "/wxa/media_check_async"
PICTURE = "/wxa/img_sec_check"
RULES = [
    {"pattern": "可疑", "suggest": "review", "label": 20003},
    {"pattern": "违法", "suggest": "risky", "label": 20006},
]


@pytest.fixture
def judging(wechat: LoopbackWeChat) -> LoopbackWeChat:
    wechat.control(f"accounts/{APPID}", method="PATCH", checks={"rules": RULES})
    return wechat


def _text(phone: Phone, content: str, **more: Any) -> dict[str, Any]:
    return {"content": content, "version": 2, "scene": 2, "openid": phone.openid} | more


def _media(phone: Phone, url: str = "http://127.0.0.1:9/a.jpg", **more: Any) -> dict[str, Any]:
    body = {"media_url": url, "media_type": 2, "version": 2, "scene": 1, "openid": phone.openid}
    return body | more


@pytest.mark.parametrize(
    ("content", "suggest", "label"),
    [
        pytest.param("今天天气很好", "pass", 100, id="nothing wrong"),
        pytest.param("可疑的话", "review", 20003, id="to be looked at"),
        pytest.param("可疑，而且违法", "risky", 20006, id="the worst counts"),
    ],
)
async def test_a_text_is_judged_by_its_words(
    judging: LoopbackWeChat, content: str, suggest: str, label: int
) -> None:
    phone = await Phone.of(judging)
    reply = (await post(judging, TEXT, _text(phone, content))).json()
    assert reply["errcode"] == 0
    assert reply["result"] == {"suggest": suggest, "label": label}
    assert reply["trace_id"].count("-") == 2
    assert any(part["errcode"] for part in reply["detail"]), "some details do not count"


async def test_the_title_is_judged_too(judging: LoopbackWeChat) -> None:
    phone = await Phone.of(judging)
    reply = await post(judging, TEXT, _text(phone, "好", title="违法"))
    assert reply.json()["result"]["suggest"] == "risky"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"scene": 5}, 40129, id="unknown scene"),
        pytest.param({"openid": "oNobody"}, 40003, id="nobody"),
        pytest.param({"content": ""}, 44002, id="nothing"),
        pytest.param({"version": 3}, 47001, id="unknown version"),
        pytest.param({"content": "字" * 2501}, 47001, id="too long"),
        pytest.param({"signature": "签名"}, 47001, id="a signature outside a profile"),
    ],
)
async def test_what_cannot_be_checked_is_refused(
    judging: LoopbackWeChat, change: dict[str, Any], code: int
) -> None:
    phone = await Phone.of(judging)
    assert await errcode(judging, TEXT, _text(phone, "好") | change) == code
    assert await errcode(judging, TEXT, _text(phone, "字" * 2500)) == 0


async def test_only_who_was_there_within_two_hours_has_texts_checked(
    judging: LoopbackWeChat,
) -> None:
    phone = await Phone.of(judging)
    judging.advance(7201)
    assert await errcode(judging, TEXT, _text(phone, "好")) == 61010
    assert await errcode(judging, MEDIA, _media(phone)) == 61010
    await phone.visit()
    assert await errcode(judging, TEXT, _text(phone, "好")) == 0


async def test_an_openid_of_another_account_is_told_apart(judging: LoopbackWeChat) -> None:
    other = await judging.acontrol("accounts")
    stranger = await Phone.of(judging, appid=other["appid"])
    assert await errcode(judging, TEXT, _text(stranger, "好")) == 43104


async def test_the_old_check_knows_good_and_bad_alone(judging: LoopbackWeChat) -> None:
    assert await errcode(judging, TEXT, {"content": "违法"}) == 87014
    assert await errcode(judging, TEXT, {"content": "可疑"}) == 0


async def test_text_in_escapes_is_refused(judging: LoopbackWeChat) -> None:
    body = b'{"content": "\\u597d"}'
    assert (await post(judging, TEXT, content=body)).json()["errcode"] == 40033


async def test_a_full_minute_has_a_code_of_its_own(judging: LoopbackWeChat) -> None:
    limits = {TEXT: {"per_minute": 1}}
    await judging.acontrol(f"accounts/{APPID}", method="PATCH", limits=limits)
    await judging.acontrol("clock", frozen=True)
    phone = await Phone.of(judging)
    codes = [await errcode(judging, TEXT, _text(phone, "好")) for _ in range(2)]
    judging.advance(60)
    assert [*codes, await errcode(judging, TEXT, _text(phone, "好"))] == [0, 44991, 0]


async def _verdicts(
    wechat: LoopbackWeChat, sink: Sink, phone: Phone, count: int, **body: Any
) -> tuple[str, list[dict[str, Any]]]:
    reply = (await post(wechat, MEDIA, _media(phone, **body))).json()
    assert reply["errcode"] == 0
    wechat.advance(5)
    return reply["trace_id"], [taken.message(APPID) for taken in await sink.wait_for(count)]


async def test_a_verdict_on_media_is_pushed(judging: LoopbackWeChat) -> None:
    phone = await Phone.of(judging)
    async with listening() as sink:
        await judging.acontrol(f"accounts/{APPID}", method="PATCH", push=sink.settings())
        url = "http://127.0.0.1:9/违法.jpg"
        trace_id, (told,) = await _verdicts(judging, sink, phone, 1, url=url)
    assert (told["Event"], told["trace_id"], told["appid"]) == ("wxa_media_check", trace_id, APPID)
    assert told["result"] == {"suggest": "risky", "label": "20006"}, "the label is text in reality"
    assert told["version"] == 2


@pytest.mark.parametrize(
    ("form", "count"), [("twice", 2), ("before_reply", 1), ("unknown_trace", 1)]
)
async def test_a_verdict_may_be_unruly(judging: LoopbackWeChat, form: str, count: int) -> None:
    phone = await Phone.of(judging)
    judging.fault("media", path=MEDIA, form=form, count=1)
    async with listening() as sink:
        await judging.acontrol(f"accounts/{APPID}", method="PATCH", push=sink.settings())
        trace_id, told = await _verdicts(judging, sink, phone, count)
    assert ({each["trace_id"] for each in told} == {trace_id}) is (form != "unknown_trace")


async def test_a_verdict_may_never_come_and_questions_run_out(judging: LoopbackWeChat) -> None:
    phone = await Phone.of(judging)
    judging.fault("media", path=MEDIA, form="never")
    async with listening() as sink:
        settings = {"push": sink.settings(), "checks": {"media_ahead": 2}}
        await judging.acontrol(f"accounts/{APPID}", method="PATCH", **settings)
        codes = [await errcode(judging, MEDIA, _media(phone)) for _ in range(3)]
        judging.advance(3600)
        await asyncio.sleep(0.1)
        assert sink.taken == []
    assert codes == [0, 0, 87020]


async def test_media_may_really_be_fetched(judging: LoopbackWeChat) -> None:
    phone = await Phone.of(judging)
    hashed = [{"pattern": sha256(b"picture").hexdigest(), "suggest": "review", "label": 20002}]
    checks = {"rules": hashed, "downloads_media": True, "label_is_text": False}
    async with listening() as sink, listening() as files:
        files.answer = lambda _number, _taken: b"picture"
        await judging.acontrol(
            f"accounts/{APPID}", method="PATCH", push=sink.settings(), checks=checks
        )
        _, (told,) = await _verdicts(judging, sink, phone, 1, url=files.url)
        assert told["result"] == {"suggest": "review", "label": 20002}
        _, (_, missing) = await _verdicts(judging, sink, phone, 2)
    assert missing["errcode"] == -1008


async def test_the_old_verdict_has_another_shape(judging: LoopbackWeChat) -> None:
    phone = await Phone.of(judging)
    async with listening() as sink:
        await judging.acontrol(f"accounts/{APPID}", method="PATCH", push=sink.settings())
        body = _media(phone)
        del body["version"]
        assert await errcode(judging, MEDIA, body) == 0
        judging.advance(5)
        (taken,) = await sink.wait_for(1)
    assert (taken.message(APPID)["isrisky"], taken.message(APPID)["status_code"]) == (0, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"media_type": 3}, 40004, id="unknown kind"),
        pytest.param({"scene": 0}, 40129, id="unknown scene"),
        pytest.param({"media_url": ""}, 47001, id="no address"),
        pytest.param({"openid": "oNobody"}, 40003, id="nobody"),
    ],
)
async def test_media_that_cannot_be_checked_are_refused(
    judging: LoopbackWeChat, change: dict[str, Any], code: int
) -> None:
    phone = await Phone.of(judging)
    assert await errcode(judging, MEDIA, _media(phone) | change) == code


def _drawn(width: int, height: int, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(_drawn(10, 10), 0, id="small"),
        pytest.param(_drawn(750, 1334, "JPEG"), 0, id="as large as may be"),
        pytest.param(_drawn(751, 10), -1, id="too wide"),
        pytest.param(_drawn(10, 10) + b"x" * 1024 * 1024, -1, id="too many bytes"),
        pytest.param(b"no picture", 47001, id="no picture"),
        pytest.param(_drawn(10, 10, "BMP"), 47001, id="another kind"),
    ],
)
async def test_a_picture_is_checked_at_once(
    judging: LoopbackWeChat, data: bytes, code: int
) -> None:
    files = {"media": ("a.png", data, "image/png")}
    assert (await post(judging, PICTURE, files=files)).json()["errcode"] == code


async def test_a_picture_may_be_bad(judging: LoopbackWeChat) -> None:
    data = _drawn(10, 10)
    rules = [{"pattern": sha256(data).hexdigest()}]
    await judging.acontrol(f"accounts/{APPID}", method="PATCH", checks={"rules": rules})
    reply = await post(judging, PICTURE, files={"media": ("a.png", data, "image/png")})
    assert reply.json()["errcode"] == 87014
    assert (await post(judging, PICTURE, files={"file": data})).json()["errcode"] == 47001

"""What wechatpy 2.0.0a26 really does, so that an upgrade that does otherwise is seen.

Two different things call themselves that version. The gateway is built on the traps below.
"""

from __future__ import annotations

import gzip
import hashlib
import inspect
import json
import time
from collections.abc import Iterator

import pytest
import requests
import wechatpy
from requests import Response
from wechatpy.client import WeChatClient
from wechatpy.client.api import WeChatWxa
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import (
    APILimitedException,
    InvalidAppIdException,
    InvalidSignatureException,
    WeChatClientException,
)
from wechatpy.utils import check_signature

from miniprogram_api.wechat.client import ROOT, check_library
from tests.scripted_answers import ScriptedAnswers, Told, told

APP_ID = "wxba5fad812f8e6fb9"
AES_KEY = "A" * 43
ENCRYPTED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzD"
    "pVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2I"
    "uQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F"
    "9mFUPAJGj04="
)
"""WeChat's own example of an encrypted push."""


@pytest.fixture
def wechat() -> Iterator[ScriptedAnswers]:
    with ScriptedAnswers() as scripted:
        yield scripted


def client_of(wechat: ScriptedAnswers, **options: object) -> WeChatClient:
    """Return wechatpy's own client with every group of calls moved to the scripted server."""
    client = WeChatClient("wx1", "SECRET", **{"timeout": 2, "auto_retry": False, **options})
    client.session.set(client.access_token_key, "TOKEN")
    for group in (client, *vars(client).values()):
        if isinstance(group, WeChatClient | BaseWeChatAPI) and getattr(group, "API_BASE_URL", ""):
            group.API_BASE_URL = group.API_BASE_URL.replace(ROOT, wechat.root)
    return client


def test_it_is_the_wechatpy_that_the_gateway_was_built_on() -> None:
    check_library()
    assert wechatpy.__version__ == "2.0.0.alpha26"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("get_wxa_code_unlimited", "scene width auto_color line_color page is_hyaline"),
        ("get_wxa_code", "path width auto_color line_color is_hyaline"),
        ("check_text_security", "content"),
        ("check_media_async", "media_url media_type"),
        ("send_subscribe_message", "user_id template_id data page"),
        ("get_phone_number", "code"),
        ("code_to_session", "js_code"),
    ],
)
def test_its_own_calls_lack_what_is_needed(method: str, parameters: str) -> None:
    """That is why the gateway builds the bodies itself."""
    found = list(inspect.signature(getattr(WeChatWxa, method)).parameters)
    assert found == ["self", *parameters.split()]


def test_chinese_goes_out_raw_and_without_a_content_type(wechat: ScriptedAnswers) -> None:
    client_of(wechat).post(f"{wechat.root}/x", data={"text": "公开"})
    (asked,) = wechat.asked
    assert "公开".encode() in asked.body
    assert "content-type" not in asked.headers
    assert asked.query == {"access_token": "TOKEN"}


def test_none_for_a_token_fetches_none_and_sends_none(wechat: ScriptedAnswers) -> None:
    client = client_of(wechat)
    client.session.delete(client.access_token_key)
    client.get(f"{wechat.root}/sns/jscode2session", params={"access_token": None, "js_code": "c"})
    (asked,) = wechat.asked
    assert asked.query == {"js_code": "c"}


@pytest.mark.parametrize(
    ("body", "result"),
    [
        pytest.param(b'{"errcode":0}', {"errcode": 0}, id="zero"),
        pytest.param(b'{"errcode":"0"}', {"errcode": 0}, id="zero as text"),
        pytest.param(b'{"a":1}', {"a": 1}, id="no errcode"),
        pytest.param(b"null", None, id="null"),
        pytest.param(b"[1]", [1], id="list"),
        pytest.param(b'{"a":"\xff"}', {"a": ""}, id="invalid UTF-8 is left out"),
    ],
)
def test_what_comes_back(wechat: ScriptedAnswers, body: bytes, result: object) -> None:
    wechat.script = lambda _asked: Told(body)
    assert client_of(wechat).get(f"{wechat.root}/x") == result


@pytest.mark.parametrize("body", [b'{"a', b"<html>", b"", b"\x89PNG"], ids=str)
def test_what_is_no_json_comes_back_as_a_response(wechat: ScriptedAnswers, body: bytes) -> None:
    wechat.script = lambda _asked: Told(body)
    assert isinstance(client_of(wechat).get(f"{wechat.root}/x"), Response)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(told(errcode=40003, errmsg="x"), WeChatClientException, id="refused"),
        pytest.param(told(errcode=45009, errmsg="x"), APILimitedException, id="45009"),
        pytest.param(told(errcode="x"), ValueError, id="errcode is a word"),
        pytest.param(Told(b"{}", status=502), WeChatClientException, id="502"),
        pytest.param(Told(wait_s=0.5), requests.ReadTimeout, id="silence"),
        pytest.param(Told(is_reset=True), requests.ConnectionError, id="reset"),
        pytest.param(Told(cut=3), requests.exceptions.ChunkedEncodingError, id="cut off"),
        pytest.param(
            Told(b"zz", headers={"Content-Encoding": "gzip"}),
            requests.exceptions.ContentDecodingError,
            id="gzip garbage",
        ),
    ],
)
def test_how_it_fails(wechat: ScriptedAnswers, answer: Told, kind: type[Exception]) -> None:
    wechat.script = lambda _asked: answer
    with pytest.raises(kind) as caught:
        client_of(wechat, timeout=0.2).get(f"{wechat.root}/x")
    assert caught.type is kind


@pytest.mark.parametrize("code", [45011, 44991])
def test_minute_limits_are_plain_refusals(wechat: ScriptedAnswers, code: int) -> None:
    wechat.script = lambda _asked: told(errcode=code, errmsg="x")
    with pytest.raises(WeChatClientException) as caught:
        client_of(wechat).get(f"{wechat.root}/x")
    assert caught.type is WeChatClientException
    assert caught.value.errcode == code


def test_an_error_status_has_no_code(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda _asked: Told(b"<html>", status=502)
    with pytest.raises(WeChatClientException) as caught:
        client_of(wechat).get(f"{wechat.root}/x")
    assert caught.value.errcode is None
    assert caught.value.response.status_code == 502


def test_the_exception_holds_the_token(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda _asked: told(errcode=40003, errmsg="x")
    with pytest.raises(WeChatClientException) as caught:
        client_of(wechat).get(f"{wechat.root}/x")
    assert "TOKEN" in caught.value.request.url


def test_the_text_of_a_failed_connection_holds_the_secret() -> None:
    client = WeChatClient("wx1", "SECRET", timeout=1, auto_retry=False)
    with pytest.raises(requests.ConnectionError, match="secret=SECRET"):
        client.get("http://127.0.0.1:9/x", params={"secret": "SECRET", "access_token": None})


def test_a_redirected_post_becomes_a_get_unless_forbidden(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda asked: (
        Told(b"", 302, {"Location": "/elsewhere"}) if asked.path == "/x" else Told()
    )
    client_of(wechat).post(f"{wechat.root}/x", data={"a": "b"})
    assert [(asked.method, asked.body) for asked in wechat.asked][1] == ("GET", b"")
    answer = client_of(wechat).post(f"{wechat.root}/x", data={"a": "b"}, allow_redirects=False)
    assert isinstance(answer, Response)
    assert wechat.paths() == ["/x", "/elsewhere", "/x"]


def test_its_own_repeats_end_only_with_the_stack(
    wechat: ScriptedAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[int] = []

    def fetch(self: WeChatClient) -> None:
        fetched.append(1)
        if len(fetched) > 20:
            raise StopIteration

    monkeypatch.setattr(WeChatClient, "fetch_access_token", fetch)
    wechat.script = lambda _asked: told(errcode=40001, errmsg="x")
    with pytest.raises(StopIteration):
        client_of(wechat, auto_retry=True).get(f"{wechat.root}/x")
    assert len(wechat.asked) == 21


def test_its_own_token_call_ignores_the_limit(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda _asked: Told(b'{"access_token":"T","expires_in":7200}', wait_s=0.6)
    client = client_of(wechat, timeout=0.1)
    began = time.monotonic()
    client._fetch_access_token(f"{wechat.root}/cgi-bin/token", {"secret": "SECRET"})
    assert time.monotonic() - began > 0.5


def test_its_limit_is_between_two_bytes(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda _asked: Told(b'{"errcode":0}', drip_s=0.15)
    began = time.monotonic()
    client_of(wechat, timeout=1).get(f"{wechat.root}/x")
    assert time.monotonic() - began > 1


def test_a_token_without_an_end_is_kept_for_ever(wechat: ScriptedAnswers) -> None:
    client = WeChatClient("wx1", "SECRET", access_token="GIVEN", auto_retry=False)
    assert client.expires_at is None
    assert client.access_token == "GIVEN"


def test_moving_the_base_moves_not_every_call(wechat: ScriptedAnswers) -> None:
    client = WeChatClient("wx1", "SECRET")
    client.API_BASE_URL = wechat.root
    assert client.wxa.API_BASE_URL.startswith(ROOT)
    assert f'"{ROOT}/cgi-bin/token"' in inspect.getsource(WeChatClient.fetch_access_token)


def test_groups_of_calls_are_an_instances_own() -> None:
    one, other = WeChatClient("wx1", "SECRET"), WeChatClient("wx2", "SECRET")
    assert one.wxa is not other.wxa
    assert one._http is not other._http


def test_gzip_is_unpacked(wechat: ScriptedAnswers) -> None:
    wechat.script = lambda _asked: Told(
        gzip.compress(b'{"a":1}'), headers={"Content-Encoding": "gzip"}
    )
    assert client_of(wechat).get(f"{wechat.root}/x") == {"a": 1}


def test_a_lone_surrogate_cannot_be_sent(wechat: ScriptedAnswers) -> None:
    with pytest.raises(UnicodeEncodeError):
        client_of(wechat).post(f"{wechat.root}/x", data={"a": "\ud800"})
    assert wechat.asked == []


def test_the_check_of_the_address_is_wechats() -> None:
    signature = "f464b24fc39322e44b38aa78f5edd27bd1441696"
    check_signature("AAAAA", signature, "1714036504", "1514711492")
    with pytest.raises(InvalidSignatureException):
        check_signature("AAAAB", signature, "1714036504", "1514711492")


def test_an_empty_token_lets_everybody_sign() -> None:
    """That is why a push address without a token is no setting."""
    check_signature("", hashlib.sha1(b"12").hexdigest(), "1", "2")


def test_it_decrypts_wechats_example() -> None:
    crypto = WeChatCrypto("AAAAA", AES_KEY, APP_ID)
    signature = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    push = {"Encrypt": ENCRYPTED}
    text = crypto.decrypt_message(push, signature, "1714112445", "415670741")
    assert json.loads(text)["Event"] == "debug_demo"
    with pytest.raises(InvalidSignatureException):
        crypto.decrypt_message(push, "0" * 40, "1714112445", "415670741")
    other = WeChatCrypto("AAAAA", AES_KEY, "wx0000000000000000")
    with pytest.raises(InvalidAppIdException):
        other.decrypt_message(push, signature, "1714112445", "415670741")


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 20, "!" * 43])
def test_a_key_that_is_none_fails_at_once(key: str) -> None:
    with pytest.raises((ValueError, AssertionError)):
        WeChatCrypto("AAAAA", key, APP_ID)

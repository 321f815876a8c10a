"""Signing in, session keys and phone numbers at the loopback WeChat."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    SECRET,
    ask,
    stable_token,
    wechat,
    wechat_process,
    with_token,
)

__all__ = ["wechat", "wechat_process"]

PHONE = "/wxa/business/getuserphonenumber"


@pytest.fixture
def user(wechat: LoopbackWeChat) -> dict[str, Any]:
    made: dict[str, Any] = wechat.control("users", openid=OPENID, phone="13912345678")
    return made


def code_of(wechat: LoopbackWeChat, openid: str = OPENID) -> str:
    return str(wechat.control("phone/login", appid=APPID, openid=openid)["code"])


def phone_code_of(wechat: LoopbackWeChat, openid: str = OPENID) -> str:
    return str(wechat.control("phone/tap_phone", appid=APPID, openid=openid)["code"])


def login(wechat: LoopbackWeChat, code: str, **more: str) -> dict[str, Any]:
    query = {
        "appid": APPID,
        "secret": SECRET,
        "js_code": code,
        "grant_type": "authorization_code",
    }
    response = ask(wechat, "GET", "/sns/jscode2session", params=query | more)
    assert response.headers["content-type"] == "text/plain"
    reply: dict[str, Any] = json.loads(response.content)
    return reply


@pytest.mark.usefixtures("user")
def test_a_login_code_is_good_once(wechat: LoopbackWeChat) -> None:
    code = code_of(wechat)
    session = login(wechat, code)
    assert session.keys() == {"openid", "session_key"} and session["openid"] == OPENID
    assert len(base64.b64decode(session["session_key"])) == 16
    again = login(wechat, code)
    assert again["errcode"] == 40163 and again["errmsg"].startswith("code been used rid: ")
    assert login(wechat, code_of(wechat)) == session


@pytest.mark.usefixtures("user")
def test_a_login_code_lives_for_five_minutes(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    first, second = code_of(wechat), code_of(wechat)
    wechat.advance(299)
    assert "openid" in login(wechat, first)
    wechat.advance(1)
    assert login(wechat, second)["errcode"] == 40029


@pytest.mark.usefixtures("user")
def test_another_apps_code_or_an_unknown_one_signs_nobody_in(wechat: LoopbackWeChat) -> None:
    code = code_of(wechat)
    other = wechat.control("accounts", secret="f" * 32)["appid"]
    assert login(wechat, code, appid=other, secret="f" * 32)["errcode"] == 40029
    assert login(wechat, "0" * 32)["errcode"] == 40029
    assert login(wechat, phone_code_of(wechat))["errcode"] == 40029
    assert login(wechat, code, secret="f" * 32)["errcode"] == 40125
    assert login(wechat, code, grant_type="password")["errcode"] == 40002
    assert "openid" in login(wechat, code)


def test_a_unionid_is_told_where_the_account_is_bound(wechat: LoopbackWeChat) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", is_bound=True)
    made = wechat.control("users", openid=OPENID)
    assert login(wechat, code_of(wechat))["unionid"] == made["unionid"]


@pytest.mark.usefixtures("user")
def test_who_is_blocked_cannot_sign_in(wechat: LoopbackWeChat) -> None:
    wechat.control(f"users/{OPENID}", method="PATCH", is_blocked=True)
    assert login(wechat, code_of(wechat))["errcode"] == 40226


@pytest.mark.usefixtures("user")
def test_a_session_key_may_change_with_a_login(wechat: LoopbackWeChat) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", changes_session_key_at_login=True)
    assert login(wechat, code_of(wechat)) != login(wechat, code_of(wechat))


@pytest.mark.usefixtures("user")
def test_the_mock_code_stands_for_one_user_where_it_is_allowed(wechat: LoopbackWeChat) -> None:
    mock = "the code is a mock one"
    assert login(wechat, mock)["errcode"] == 40029
    wechat.control(f"accounts/{APPID}", method="PATCH", mock_user=OPENID)
    assert login(wechat, mock)["openid"] == OPENID == login(wechat, mock)["openid"]


@pytest.mark.usefixtures("user")
def test_one_user_signs_in_a_hundred_times_a_minute_at_most(wechat: LoopbackWeChat) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", mock_user=OPENID)
    wechat.control("clock", frozen=True)
    for _ in range(100):
        assert "openid" in login(wechat, "the code is a mock one")
    assert login(wechat, "the code is a mock one")["errcode"] == 45011
    wechat.control("users", openid="oB")
    assert login(wechat, code_of(wechat, "oB"))["openid"] == "oB"
    wechat.advance(60)
    assert "openid" in login(wechat, "the code is a mock one")


@pytest.mark.usefixtures("user")
def test_a_phone_number_is_told_once_for_a_phone_code(wechat: LoopbackWeChat) -> None:
    code = phone_code_of(wechat)
    assert len(code) == 64
    reply = with_token(wechat, "POST", PHONE, json={"code": code}).json()
    told = reply["phone_info"]
    assert (reply["errcode"], reply["errmsg"]) == (0, "ok")
    assert told["phoneNumber"] == told["purePhoneNumber"] == "13912345678"
    assert told["countryCode"] == "86" and told["watermark"]["appid"] == APPID
    assert with_token(wechat, "POST", PHONE, json={"code": code}).json()["errcode"] == 40029


@pytest.mark.usefixtures("user")
def test_what_is_no_phone_code_of_this_person_tells_no_number(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    code = phone_code_of(wechat)

    def errcode(**body: str) -> int:
        return int(with_token(wechat, "POST", PHONE, json=body).json()["errcode"])

    assert errcode(code=code_of(wechat)) == 40029
    assert errcode(code=code, openid="oSomebodyElse") == 40029
    assert errcode() == 47001
    wechat.advance(300)
    assert errcode(code=code) == 40029
    other = wechat.control("accounts")["appid"]
    wechat.control("users", appid=other, openid="oB")
    foreign = wechat.control("phone/tap_phone", appid=other, openid="oB")["code"]
    assert errcode(code=foreign) == 40013


@pytest.mark.usefixtures("user")
def test_a_phone_number_is_charged_when_the_button_is_pressed(wechat: LoopbackWeChat) -> None:
    phone_code_of(wechat), phone_code_of(wechat)
    account = wechat.control(f"accounts/{APPID}", method="GET")
    assert account["phones_charged"] == 2


def test_a_foreign_number_carries_its_prefix(wechat: LoopbackWeChat) -> None:
    wechat.control("users", openid=OPENID, phone="5550100", country_code="1")
    code = phone_code_of(wechat)
    told = with_token(wechat, "POST", PHONE, json={"code": code}).json()["phone_info"]
    assert told["phoneNumber"].endswith("5550100") and told["phoneNumber"] != "5550100"
    assert told["purePhoneNumber"] == "5550100" and told["countryCode"] == "1"


@pytest.mark.usefixtures("user")
def test_a_session_key_is_checked_and_changed(wechat: LoopbackWeChat) -> None:
    key = login(wechat, code_of(wechat))["session_key"]
    token = stable_token(wechat)["access_token"]

    def call(path: str, key: str, **more: str) -> dict[str, Any]:
        signature = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
        query = {
            "access_token": token,
            "openid": OPENID,
            "signature": signature,
            "sig_method": "hmac_sha256",
        }
        reply: dict[str, Any] = ask(wechat, "GET", path, params=query | more).json()
        return reply

    assert call("/wxa/checksession", key) == {"errcode": 0, "errmsg": "ok"}
    assert call("/wxa/checksession", "A" * 24)["errcode"] == 87009
    assert call("/wxa/checksession", key, sig_method="sha1")["errcode"] == 87008
    assert call("/wxa/checksession", key, openid="oB")["errcode"] == 40003
    renewed = call("/wxa/resetusersessionkey", key)["session_key"]
    assert renewed != key
    assert call("/wxa/checksession", key)["errcode"] == 87009
    assert call("/wxa/checksession", renewed)["errcode"] == 0
    wechat.control("restart")
    token = stable_token(wechat)["access_token"]
    assert call("/wxa/checksession", renewed)["errcode"] == 87007

"""Limits of the loopback WeChat, how they are cleared, and what became of a call."""

from __future__ import annotations

from typing import Any

import pytest

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    SECRET,
    ask,
    plain_token,
    stable_token,
    wechat,
    wechat_process,
    with_token,
)

__all__ = ["wechat", "wechat_process"]

LISTED = "/wxaapi/newtmpl/gettemplate"
CLEAR, CLEAR_BY_SECRET = "/cgi-bin/clear_quota", "/cgi-bin/clear_quota/v2"
CLEAR_ONE, GET = "/cgi-bin/openapi/quota/clear", "/cgi-bin/openapi/quota/get"
RID = "/cgi-bin/openapi/rid/get"


def errcode(wechat: LoopbackWeChat, method: str, path: str, **what: Any) -> int:
    return int(with_token(wechat, method, path, **what).json().get("errcode", 0))


def limit(wechat: LoopbackWeChat, path: str, **limits: int) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", limits={path: limits})


def test_a_minute_that_is_full(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True, set=1_800_000_000.0)
    limit(wechat, LISTED, per_minute=2)
    assert [errcode(wechat, "GET", LISTED) for _ in range(3)] == [0, 0, 45011]
    wechat.advance(60)
    assert errcode(wechat, "GET", LISTED) == 0


def test_the_code_of_a_full_minute_can_be_the_older_one(wechat: LoopbackWeChat) -> None:
    limit(wechat, LISTED, per_minute=0, over_minute=45009)
    assert errcode(wechat, "GET", LISTED) == 45009


def test_a_day_that_is_full_until_midnight_in_beijing(wechat: LoopbackWeChat) -> None:
    # 23:59 in Beijing.
    wechat.control("clock", frozen=True, set=1_795_708_740.0)
    limit(wechat, LISTED, per_day=1)
    assert [errcode(wechat, "GET", LISTED) for _ in range(2)] == [0, 45009]
    wechat.advance(59)
    assert errcode(wechat, "GET", LISTED) == 45009
    wechat.advance(1)
    assert errcode(wechat, "GET", LISTED) == 0


def test_a_quota_is_told_and_cleared(wechat: LoopbackWeChat) -> None:
    limit(wechat, LISTED, per_day=2, per_minute=5)
    errcode(wechat, "GET", LISTED)
    told = with_token(wechat, "POST", GET, json={"cgi_path": LISTED}).json()
    assert told["quota"] == {"daily_limit": 2, "used": 1, "remain": 1}
    assert told["rate_limit"] == {"call_count": 5, "refresh_second": 60}
    assert [errcode(wechat, "GET", LISTED) for _ in range(2)] == [0, 45009]
    assert errcode(wechat, "POST", CLEAR_ONE, json={"cgi_path": LISTED}) == 0
    assert errcode(wechat, "GET", LISTED) == 0


def test_who_takes_payments_may_send_more_cards(wechat: LoopbackWeChat) -> None:
    def most() -> int:
        body = {"cgi_path": "/cgi-bin/message/subscribe/send"}
        return int(with_token(wechat, "POST", GET, json=body).json()["quota"]["daily_limit"])

    assert most() == 10_000_000
    wechat.control(f"accounts/{APPID}", method="PATCH", has_payment=True)
    assert most() == 30_000_000


@pytest.mark.parametrize(
    ("path", "code"), [("wxa/x", 76021), ("/nowhere", 76021), ("/sns/jscode2session", 76022)]
)
def test_a_quota_that_nobody_can_ask_for(wechat: LoopbackWeChat, path: str, code: int) -> None:
    for which in (GET, CLEAR_ONE):
        assert errcode(wechat, "POST", which, json={"cgi_path": path}) == code


def test_all_quotas_are_cleared_ten_times_a_month(wechat: LoopbackWeChat) -> None:
    # Noon of the last day of a month in Beijing.
    wechat.control("clock", frozen=True, set=1_796_011_200.0)
    limit(wechat, LISTED, per_day=1)
    assert [errcode(wechat, "GET", LISTED) for _ in range(2)] == [0, 45009]
    assert errcode(wechat, "POST", CLEAR, json={"appid": "wx" + "0" * 16}) == 40013
    for _ in range(5):
        assert errcode(wechat, "POST", CLEAR, json={"appid": APPID}) == 0
        assert clear_by_secret(wechat, "json") == 0
    assert errcode(wechat, "POST", CLEAR, json={"appid": APPID}) == 48006
    assert clear_by_secret(wechat, "params") == 48006
    assert errcode(wechat, "GET", LISTED) == 0
    wechat.advance(86400)
    assert clear_by_secret(wechat, "params") == 0


def clear_by_secret(wechat: LoopbackWeChat, where: str, **more: str) -> int:
    what = {where: {"appid": APPID, "appsecret": SECRET} | more}
    return int(ask(wechat, "POST", CLEAR_BY_SECRET, **what).json()["errcode"])


def test_who_clears_by_secret_must_know_it(wechat: LoopbackWeChat) -> None:
    assert clear_by_secret(wechat, "json", appsecret="f" * 32) == 40125
    assert clear_by_secret(wechat, "json", appsecret="") == 41004
    assert clear_by_secret(wechat, "params", appid="") == 41002
    assert clear_by_secret(wechat, "json", appid="wx" + "0" * 16) == 40013


def test_a_rid_tells_what_became_of_a_call(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True, set=1_800_000_000.0)
    failed = with_token(wechat, "POST", GET, json={"cgi_path": "/nowhere"}).json()
    rid = failed["errmsg"].split(" rid: ")[1]
    assert rid.startswith(f"{1_800_000_000:08x}-")
    wechat.advance(7 * 86400)
    told = with_token(wechat, "POST", RID, json={"rid": rid}).json()["request"]
    assert told["invoke_time"] == 1_800_000_000
    assert "/nowhere" in told["request_body"] and "76021" in told["response_body"]
    assert told["client_ip"] == "127.0.0.1" and "access_token=" in told["request_url"]
    wechat.advance(1)
    assert errcode(wechat, "POST", RID, json={"rid": rid}) == 76004


def test_rids_that_tell_nothing(wechat: LoopbackWeChat) -> None:
    def asked(rid: str) -> int:
        return errcode(wechat, "POST", RID, json={"rid": rid})

    assert asked("nonsense") == 76002
    assert asked("00000000-00000000-00000000") == 76001
    other = wechat.control("accounts", secret="f" * 32)["appid"]
    plain_token(wechat, appid=other, secret="f" * 32)
    assert asked(wechat.journal("/cgi-bin/token")[-1]["rid"]) == 76003
    query = {"appid": APPID, "secret": SECRET, "js_code": "x", "grant_type": "authorization_code"}
    ask(wechat, "GET", "/sns/jscode2session", params=query)
    assert asked(wechat.journal("/sns/jscode2session")[-1]["rid"]) == 76022


def test_templates_are_listed(wechat: LoopbackWeChat) -> None:
    template = {
        "id": "T" * 43,
        "title": "受理通知",
        "kind": 3,
        "content": "事项:{{thing1.DATA}}\n进度:{{enum_string2.DATA}}\n",
        "choices": {"enum_string2": ["已受理", "已答复"]},
    }
    plain = {"id": "U" * 43, "title": "通知", "content": "事项:{{thing1.DATA}}\n"}
    wechat.control(f"accounts/{APPID}", method="PATCH", templates=[template, plain])
    first, second = with_token(wechat, "GET", LISTED).json()["data"]
    assert (first["priTmplId"], first["type"], second["type"]) == ("T" * 43, 3, 2)
    assert first["keywordEnumValueList"] == [
        {"keywordCode": "enum_string2", "enumValueList": ["已受理", "已答复"]}
    ]
    assert "keywordEnumValueList" not in second


def test_where_the_platform_is_and_how_it_reaches_us(wechat: LoopbackWeChat) -> None:
    for path in ("/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"):
        assert with_token(wechat, "GET", path).json() == {"ip_list": ["127.0.0.1"]}
    check = "/cgi-bin/callback/check"
    assert errcode(wechat, "POST", check, json={"action": "all"}) == 40201
    push = {"url": "http://127.0.0.1:9/push"}
    wechat.control(f"accounts/{APPID}", method="PATCH", push=push)
    assert errcode(wechat, "POST", check, json={"action": "look"}) == 40202
    asked = {"action": "all", "check_operator": "NOBODY"}
    assert errcode(wechat, "POST", check, json=asked) == 40203
    assert with_token(wechat, "POST", check, json={"action": "all"}).json().keys() == {
        "dns",
        "ping",
    }


def test_checks_come_in_their_order(wechat: LoopbackWeChat) -> None:
    """Fault, method, token, minute, day, body, fields: each hides all that come after it."""
    token = stable_token(wechat)["access_token"]

    def asked(method: str, token: str, **what: Any) -> int:
        reply = ask(wechat, method, GET, params={"access_token": token}, **what).json()
        return int(reply["errcode"])

    assert asked("POST", token, json={"cgi_path": "/nowhere"}) == 76021
    assert asked("POST", token, json={}) == 47001
    assert asked("POST", token, content="nonsense") == 47001
    limit(wechat, GET, per_day=0)
    assert asked("POST", token, content="nonsense") == 45009
    limit(wechat, GET, per_day=0, per_minute=0)
    assert asked("POST", token, content="nonsense") == 45011
    assert asked("POST", "nonsense", content="nonsense") == 40014
    assert asked("GET", "nonsense") == 43002
    wechat.fault("errcode", errcode=-1)
    assert asked("GET", "nonsense") == -1


def test_an_unknown_path_is_a_page_that_is_not_found(wechat: LoopbackWeChat) -> None:
    reply = with_token(wechat, "GET", "/wxa/nowhere")
    assert reply.status_code == 404 and reply.headers["content-type"].startswith("text/html")


def test_json_of_the_platform_is_called_as_it_calls_it(wechat: LoopbackWeChat) -> None:
    reply = with_token(wechat, "GET", LISTED)
    assert reply.headers["content-type"] == "application/json; encoding=utf-8"


def test_chinese_must_not_be_escaped(wechat: LoopbackWeChat) -> None:
    for body, code in (
        ('{"cgi_path":"\\u516c"}', 40033),
        ('{"cgi_path":"公"}', 76021),
        ('{"cgi_path":"\\\\u516c"}', 76021),
        ('{"cgi_path":"\\u000a"}', 76021),
    ):
        assert errcode(wechat, "POST", GET, content=body.encode()) == code

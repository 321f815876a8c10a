"""Every error of the platform can be met at the loopback WeChat, and says what it says there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from devtools.wechat.errcodes import TEXTS
from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    SECRET,
    TEMPLATE,
    ask,
    plain_token,
    stable_token,
    wechat,
    wechat_process,
    with_token,
)

__all__ = ["wechat", "wechat_process"]

NOBODY = "oNobody"
BANNED, LISTED = "B" * 43, "/wxaapi/newtmpl/gettemplate"
SCENE, PATH, SQUARE = "/wxa/getwxacodeunlimit", "/wxa/getwxacode", "/cgi-bin/wxaapp/createwxaqrcode"
SEND, TEXT = "/cgi-bin/message/subscribe/send", "/wxa/msg_sec_check"
MEDIA, PHONE = "/wxa/media_check_async", "/wxa/business/getuserphonenumber"
CHECK, QUOTA = "/cgi-bin/callback/check", "/cgi-bin/openapi/quota/get"
CLEAR, RID = "/cgi-bin/clear_quota", "/cgi-bin/openapi/rid/get"
SESSION, KEY = "/sns/jscode2session", "/wxa/checksession"

Asked = Callable[[LoopbackWeChat], dict[str, Any]]


def posted(path: str, body: dict[str, Any] | None = None, **account: Any) -> Asked:
    """Post JSON with a good token, at an account that is changed like this first."""

    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        change(wechat, **account)
        reply: dict[str, Any] = with_token(wechat, "POST", path, json=body or {}).json()
        return reply

    return asked


def text(**more: Any) -> Asked:
    account = {"checks": more.pop("checks")} if "checks" in more else {}
    body = {"content": "好", "version": 2, "scene": 2, "openid": OPENID}
    return posted(TEXT, body | more, **account)


def media(**more: Any) -> Asked:
    account = {"checks": more.pop("checks")} if "checks" in more else {}
    body = {"media_url": "http://127.0.0.1:9/a.jpg", "media_type": 2, "version": 2, "scene": 1}
    return posted(MEDIA, body | {"openid": OPENID} | more, **account)


def card(value: str = "您的申请已受理", **more: Any) -> Asked:
    account = {"messages": more.pop("messages")} if "messages" in more else {}
    body = {"touser": OPENID, "template_id": TEMPLATE, "data": {"thing1": {"value": value}}}
    return posted(SEND, body | more, **account)


def change(wechat: LoopbackWeChat, **account: Any) -> None:
    if account:
        wechat.control(f"accounts/{APPID}", method="PATCH", **account)


def given(**account: Any) -> Asked:
    """Ask for a token at an account that is changed like this first."""

    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        change(wechat, **account)
        return stable_token(wechat)

    return asked


def fault(errcode: int, path: str = "*") -> Asked:
    """Meet what no account of the loopback comes to by itself."""

    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        wechat.fault("errcode", errcode=errcode, path=path)
        return stable_token(wechat)

    return asked


def login(code: str = "", *, uses: int = 1, **user: Any) -> Asked:
    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        if user:
            wechat.control(f"users/{OPENID}", method="PATCH", **user)
        code_now = code or wechat.control("phone/login", appid=APPID, openid=OPENID)["code"]
        query = {"appid": APPID, "secret": SECRET, "grant_type": "authorization_code"}
        for _ in range(uses):
            reply = ask(wechat, "GET", SESSION, params=query | {"js_code": code_now})
        answered: dict[str, Any] = reply.json()
        return answered

    return asked


def session(**query: str) -> Asked:
    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        if "signature" in query:
            login()(wechat)
        whole = {"openid": OPENID, "sig_method": "hmac_sha256"} | query
        reply: dict[str, Any] = with_token(wechat, "GET", KEY, params=whole).json()
        return reply

    return asked


def after(moved: Callable[[LoopbackWeChat], object], path: str = LISTED) -> Asked:
    """Make a call with a token that was good before something happened."""

    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        token = stable_token(wechat)["access_token"]
        moved(wechat)
        reply: dict[str, Any] = ask(wechat, "GET", path, params={"access_token": token}).json()
        return reply

    return asked


def bare(method: str, path: str, **query: str) -> Asked:
    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        reply: dict[str, Any] = ask(wechat, method, path, params=query).json()
        return reply

    return asked


def with_body(path: str, content: bytes) -> Asked:
    def asked(wechat: LoopbackWeChat) -> dict[str, Any]:
        reply: dict[str, Any] = with_token(wechat, "POST", path, content=content).json()
        return reply

    return asked


def again(asked: Asked, times: int = 2) -> Asked:
    return lambda wechat: [asked(wechat) for _ in range(times)][-1]


def another_phone(wechat: LoopbackWeChat) -> dict[str, Any]:
    code = wechat.control("phone/tap_phone", appid=other(wechat), openid="oOther")["code"]
    return posted(PHONE, {"code": code})(wechat)


def other(wechat: LoopbackWeChat) -> str:
    """Make a second account, with one user of its own."""
    appid = str(wechat.control("accounts", secret="f" * 32)["appid"])
    wechat.control("users", appid=appid, openid="oOther")
    return appid


def anothers_openid(wechat: LoopbackWeChat) -> dict[str, Any]:
    other(wechat)
    return text(openid="oOther")(wechat)


def anothers_rid(wechat: LoopbackWeChat) -> dict[str, Any]:
    plain_token(wechat, appid=other(wechat), secret="f" * 32)
    return posted(RID, {"rid": wechat.journal("/cgi-bin/token")[-1]["rid"]})(wechat)


def old_rid(wechat: LoopbackWeChat) -> dict[str, Any]:
    plain_token(wechat)
    wechat.advance(8 * 86400)
    return posted(RID, {"rid": wechat.journal("/cgi-bin/token")[-1]["rid"]})(wechat)


def two_cards_at_once(wechat: LoopbackWeChat) -> dict[str, Any]:
    """Send one that takes its time, give up waiting, and send another."""
    token = stable_token(wechat)["access_token"]
    wechat.control("phone/subscribe", openid=OPENID, choices={TEMPLATE: "accept"})
    wechat.fault("slow", before="work", seconds=1, path=SEND, count=1)
    body = {"touser": OPENID, "template_id": TEMPLATE, "data": {"thing1": {"value": "好"}}}
    query = {"access_token": token}
    with pytest.raises(httpx.ReadTimeout):
        ask(wechat, "POST", SEND, params=query, json=body, timeout=0.3)
    reply: dict[str, Any] = ask(wechat, "POST", SEND, params=query, json=body).json()
    return reply


def not_here_lately(wechat: LoopbackWeChat) -> dict[str, Any]:
    wechat.advance(2 * 3600 + 1)
    return text()(wechat)


def limited(path: str, **limit: int) -> Asked:
    return posted(path, {"content": "好"}, limits={path: limit})


RULE = {"rules": [{"pattern": "好"}]}

ROWS: dict[int, Asked] = {
    -1: fault(-1),
    40001: after(lambda wechat: stable_token(wechat, force_refresh=True)),
    40002: lambda wechat: stable_token(wechat, grant_type="password"),
    40003: card(touser=NOBODY),
    40004: media(media_type=3),
    40013: lambda wechat: stable_token(wechat, appid="wx" + "0" * 16),
    40014: bare("GET", LISTED, access_token="nonsense"),
    40029: login("0" * 32),
    40033: with_body(TEXT, b'{"content":"\\u516c"}'),
    40037: card(template_id="X" * 43),
    40097: posted(SCENE, {"scene": "a", "env_version": "preview"}),
    40125: lambda wechat: stable_token(wechat, secret="f" * 32),
    40129: posted(SCENE, {"scene": "a b"}),
    40159: posted(PATH, {"path": ""}),
    40163: login(uses=2),
    40164: given(allowed_ips=["192.0.2.1"]),
    40169: posted(SCENE, {"scene": "x" * 33}),
    40201: posted(CHECK, {"action": "all"}),
    40202: posted(CHECK, {"action": "look"}),
    40203: posted(CHECK, {"action": "all", "check_operator": "NOBODY"}),
    40226: login(is_blocked=True),
    40243: given(status="secret_frozen"),
    41001: bare("GET", LISTED),
    41002: lambda wechat: stable_token(wechat, appid=""),
    41004: lambda wechat: stable_token(wechat, secret=""),
    41030: posted(SCENE, {"scene": "a", "page": "pages/nowhere"}),
    42001: after(lambda wechat: wechat.advance(7200)),
    43001: bare("POST", LISTED),
    43002: bare("GET", TEXT),
    43101: card(),
    43104: anothers_openid,
    43107: card(template_id=BANNED),
    43108: two_cards_at_once,
    44002: with_body(TEXT, b""),
    44991: limited(TEXT, per_minute=0),
    45002: text(content="好" * 2501, checks={"too_long": 45002}),
    45009: limited(TEXT, per_day=0),
    45011: posted(SCENE, limits={SCENE: {"per_minute": 0}}),
    45029: posted(PATH, {"path": "pages/home/home"}, limited_codes=100_000),
    45168: card("好的", messages={"sensitive_words": ["好"]}),
    47001: with_body(TEXT, b"nonsense"),
    47003: card("字" * 21),
    48001: posted(TEXT, {"content": "好"}, unauthorized=[TEXT]),
    48006: again(posted(CLEAR, {"appid": APPID}), 11),
    50002: after(lambda wechat: change(wechat, status="account_frozen")),
    50004: given(status="token_forbidden"),
    50007: given(status="account_frozen"),
    61010: not_here_lately,
    76001: posted(RID, {"rid": "00000000-00000000-00000000"}),
    76002: posted(RID, {"rid": "nonsense"}),
    76003: anothers_rid,
    76004: old_rid,
    76021: posted(QUOTA, {"cgi_path": "/nowhere"}),
    76022: posted(QUOTA, {"cgi_path": SESSION}),
    85096: posted(SCENE, {"scene": "scancode_time"}),
    87007: session(),
    87008: session(sig_method="sha1"),
    87009: session(signature="00"),
    87014: posted(TEXT, {"content": "好"}, checks=RULE),
    87020: again(media(checks={"media_ahead": 1})),
    89503: fault(89503, "/cgi-bin/stable_token"),
    89506: fault(89506, "/cgi-bin/stable_token"),
    89507: fault(89507, "/cgi-bin/stable_token"),
}


@pytest.fixture
def platform(wechat: LoopbackWeChat) -> LoopbackWeChat:
    """An account with everything that there is to do wrong."""
    templates = [
        {"id": TEMPLATE, "title": "通知", "content": "事项:{{thing1.DATA}}\n"},
        {"id": BANNED, "title": "禁用", "content": "事项:{{thing1.DATA}}\n", "is_banned": True},
    ]
    change(wechat, pages=["pages/home/home"], templates=templates)
    wechat.control("users", openid=OPENID)
    return wechat


def test_every_error_has_a_row() -> None:
    assert set(ROWS) == set(TEXTS)


@pytest.mark.parametrize("errcode", sorted(TEXTS))
def test_an_error_is_met(platform: LoopbackWeChat, errcode: int) -> None:
    reply = ROWS[errcode](platform)
    assert reply["errcode"] == errcode, reply
    before, _, rid = reply["errmsg"].rpartition(" rid: ")
    assert [len(part) for part in rid.split("-")] == [8, 8, 8]
    assert before == TEXTS[errcode].format(ip="127.0.0.1", key="thing1")

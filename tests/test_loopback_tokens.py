"""Access tokens of the loopback WeChat."""

from __future__ import annotations

import json
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
)

__all__ = ["wechat", "wechat_process"]

LISTED = "/wxaapi/newtmpl/gettemplate"


def errcode_with(wechat: LoopbackWeChat, token: str) -> int:
    """Return what a call with that token is answered: 0 if it is good."""
    reply = ask(wechat, "GET", LISTED, params={"access_token": token}).json()
    return int(reply["errcode"])


def test_a_stable_token_is_the_same_until_its_last_five_minutes(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    first = stable_token(wechat)
    assert first["expires_in"] == 7200 and "errcode" not in first
    assert len(first["access_token"]) >= 136
    wechat.advance(6900)
    assert stable_token(wechat) == first | {"expires_in": 300}
    wechat.advance(1)
    second = stable_token(wechat)
    assert second["access_token"] != first["access_token"] and second["expires_in"] == 7200
    wechat.advance(298)
    assert errcode_with(wechat, first["access_token"]) == 0
    wechat.advance(1)
    assert errcode_with(wechat, first["access_token"]) == 42001
    assert errcode_with(wechat, second["access_token"]) == 0


def test_each_plain_token_is_new_and_the_one_before_is_good_for_five_minutes(
    wechat: LoopbackWeChat,
) -> None:
    wechat.control("clock", frozen=True)
    first, second = plain_token(wechat), plain_token(wechat)
    assert first["access_token"] != second["access_token"]
    wechat.advance(299)
    assert errcode_with(wechat, first["access_token"]) == 0
    wechat.advance(1)
    assert errcode_with(wechat, first["access_token"]) == 40001
    assert errcode_with(wechat, second["access_token"]) == 0


def test_neither_family_replaces_the_others_token(wechat: LoopbackWeChat) -> None:
    stable, plain = stable_token(wechat), plain_token(wechat)
    stable_token(wechat, force_refresh=True)
    assert errcode_with(wechat, plain["access_token"]) == 0
    wechat.control("reset")
    wechat.control("accounts", appid=APPID, secret=SECRET)
    wechat.control("clock", frozen=True)
    stable = stable_token(wechat)
    plain_token(wechat), plain_token(wechat)
    wechat.advance(301)
    assert errcode_with(wechat, stable["access_token"]) == 0


def test_a_forced_token_ends_the_one_before_at_once(wechat: LoopbackWeChat) -> None:
    wechat.control("clock", frozen=True)
    first = stable_token(wechat)
    second = stable_token(wechat, force_refresh=True)
    assert errcode_with(wechat, first["access_token"]) == 40001
    wechat.advance(29)
    assert stable_token(wechat, force_refresh=True)["access_token"] == second["access_token"]
    wechat.advance(1)
    assert stable_token(wechat, force_refresh=True)["access_token"] != second["access_token"]


def test_a_token_is_forced_twenty_times_a_day_at_most(wechat: LoopbackWeChat) -> None:
    # 23:00 in Beijing, 15:00 UTC.
    wechat.control("clock", frozen=True, set=1_795_705_200.0)
    for _ in range(20):
        assert "access_token" in stable_token(wechat, force_refresh=True)
        wechat.advance(30)
    assert stable_token(wechat, force_refresh=True)["errcode"] == 45009
    wechat.advance(3600)
    assert "access_token" in stable_token(wechat, force_refresh=True)


@pytest.mark.parametrize(
    ("given", "errcode"),
    [
        ({"secret": "f" * 32}, 40125),
        ({"appid": "wx" + "0" * 16}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"grant_type": "password"}, 40002),
    ],
)
def test_who_asks_for_a_token_must_be_the_account(
    wechat: LoopbackWeChat, given: dict[str, str], errcode: int
) -> None:
    assert stable_token(wechat, **given)["errcode"] == errcode
    assert plain_token(wechat, **given)["errcode"] == errcode


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"status": "secret_frozen"}, 40243),
        ({"status": "token_forbidden"}, 50004),
        ({"status": "account_frozen"}, 50007),
        ({"allowed_ips": ["192.0.2.1"]}, 40164),
    ],
)
def test_an_account_may_be_kept_from_tokens(
    wechat: LoopbackWeChat, changed: dict[str, Any], errcode: int
) -> None:
    wechat.control(f"accounts/{APPID}", method="PATCH", **changed)
    for reply in (stable_token(wechat), plain_token(wechat)):
        assert reply["errcode"] == errcode
        assert errcode != 40164 or "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1" in reply["errmsg"]


@pytest.mark.parametrize("errcode", [42001, 40001, 40014])
def test_a_token_may_die_while_it_is_used(wechat: LoopbackWeChat, errcode: int) -> None:
    first = stable_token(wechat)["access_token"]
    wechat.fault("token_dies", path=LISTED, skip=1, count=1, errcode=errcode)
    assert [errcode_with(wechat, first) for _ in range(3)] == [0, errcode, errcode]
    second = stable_token(wechat)["access_token"]
    assert second != first
    assert errcode_with(wechat, second) == 0


def test_a_rejected_token_may_be_given_again_until_it_is_forced(wechat: LoopbackWeChat) -> None:
    first = stable_token(wechat)["access_token"]
    wechat.control("tokens/invalidate", errcode=40001, is_stuck=True)
    assert stable_token(wechat)["access_token"] == first
    assert errcode_with(wechat, first) == 40001
    second = stable_token(wechat, force_refresh=True)["access_token"]
    assert second != first
    assert stable_token(wechat)["access_token"] == second
    assert errcode_with(wechat, second) == 0


def test_a_stable_token_is_asked_for_with_json_of_any_content_type(wechat: LoopbackWeChat) -> None:
    body = json.dumps({"grant_type": "client_credential", "appid": APPID, "secret": SECRET})
    assert "access_token" in ask(wechat, "POST", "/cgi-bin/stable_token", content=body).json()
    form = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    assert ask(wechat, "POST", "/cgi-bin/stable_token", data=form).json()["errcode"] == 47001
    assert ask(wechat, "GET", "/cgi-bin/stable_token", params=form).json()["errcode"] == 43002


@pytest.mark.parametrize(
    ("put", "drop", "seen"),
    [
        ({"expires_in": "7200"}, [], {"expires_in": "7200"}),
        ({"expires_in": 0}, [], {"expires_in": 0}),
        ({}, ["access_token"], {"access_token": None}),
        ({"errcode": -1}, ["access_token", "errmsg"], {"errcode": -1, "errmsg": None}),
    ],
    ids=["as text", "no time", "no token", "no errmsg"],
)
def test_a_token_reply_may_be_odd(
    wechat: LoopbackWeChat, put: dict[str, Any], drop: list[str], seen: dict[str, Any]
) -> None:
    wechat.fault("odd", path="/cgi-bin/stable_token", put=put, drop=drop)
    reply = stable_token(wechat)
    assert {name: reply.get(name) for name in seen} == seen

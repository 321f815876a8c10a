"""Pushes on the wire, read by the library that the backend checks and decrypts them with."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest
import xmltodict
from msgspec.structs import replace as change
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from devtools.wechat.push_letters import Letter, Trick, letter
from devtools.wechat.push_messages import Event, ListShape, TimeShape
from devtools.wechat.push_settings import PushFormat, PushMode, PushSettings

APPID = "wx0123456789abcdef"
SETTINGS = PushSettings(token="T0ken", aes_key="k" * 42 + "A")
POPUP = Event(
    "subscribe_msg_popup_event",
    "oABC",
    1_700_000_000,
    items=[{"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}],
    parent="SubscribeMsgPopupEvent",
)
TWO = replace(POPUP, items=[*(POPUP.items or []), {"TemplateId": "T2"}])
MODES = list(PushMode)


def _letter(event: Event, settings: PushSettings = SETTINGS, trick: Trick | None = None) -> Letter:
    return letter(
        event,
        settings,
        appid=APPID,
        original_id="gh_0123456789ab",
        timestamp=1_700_000_001,
        nonce="4711",
        trick=trick,
    )


def _decrypted(sent: Letter, settings: PushSettings = SETTINGS) -> str:
    crypto = WeChatCrypto(SETTINGS.token, SETTINGS.aes_key, APPID)
    is_json = settings.format is PushFormat.JSON
    outer = json.loads(sent.body) if is_json else sent.body
    query = sent.query
    return crypto.decrypt_message(outer, query["msg_signature"], query["timestamp"], query["nonce"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("form", list(PushFormat))
def test_a_push_is_read_by_the_library(mode: PushMode, form: PushFormat) -> None:
    settings = change(SETTINGS, mode=mode, format=form)
    sent = _letter(POPUP, settings)
    check_signature("T0ken", *(sent.query[name] for name in ("signature", "timestamp", "nonce")))
    inside = sent.body.decode() if mode is PushMode.PLAIN else _decrypted(sent, settings)
    told: dict[str, Any] = (
        json.loads(inside) if form is PushFormat.JSON else xmltodict.parse(inside)["xml"]
    )
    assert told["Event"] == "subscribe_msg_popup_event"
    assert told["FromUserName"] == "oABC"
    under = told if form is PushFormat.JSON else told["SubscribeMsgPopupEvent"]
    assert under["List"] == (POPUP.items or [])[0]


def test_the_compatible_mode_shows_the_fields_and_what_is_encrypted() -> None:
    as_json = json.loads(_letter(POPUP, change(SETTINGS, mode=PushMode.COMPAT)).body)
    assert as_json["Event"] == "subscribe_msg_popup_event"
    assert as_json["Encrypt"]
    xml = change(SETTINGS, mode=PushMode.COMPAT, format=PushFormat.XML)
    as_xml = xmltodict.parse(_letter(POPUP, xml).body)["xml"]
    assert as_xml["Event"] == "subscribe_msg_popup_event"
    assert as_xml["Encrypt"]


@pytest.mark.parametrize(
    ("event", "lists", "expected"),
    [
        pytest.param(POPUP, ListShape.NATURAL, dict, id="one is an object"),
        pytest.param(TWO, ListShape.NATURAL, list, id="two are an array"),
        pytest.param(POPUP, ListShape.ARRAY, list, id="one in an array"),
    ],
)
def test_the_list_has_the_shape_that_is_asked_for(
    event: Event, lists: ListShape, expected: type
) -> None:
    told = json.loads(_decrypted(_letter(event, change(SETTINGS, lists=lists))))
    assert isinstance(told["List"], expected)


def test_the_list_may_stand_under_its_parent() -> None:
    settings = change(SETTINGS, lists=ListShape.UNDER_PARENT, times=TimeShape.STRING)
    told = json.loads(_decrypted(_letter(POPUP, settings)))
    assert told["SubscribeMsgPopupEvent"]["List"] == POPUP.items
    assert told["CreateTime"] == "1700000000"


def test_a_wrong_signature_does_not_agree() -> None:
    with pytest.raises(InvalidSignatureException):
        _decrypted(_letter(POPUP, trick=Trick.WRONG_SIGNATURE))


def test_another_mini_programs_message_is_told_apart() -> None:
    with pytest.raises(InvalidAppIdException):
        _decrypted(_letter(POPUP, trick=Trick.WRONG_APPID))


def test_an_old_push_is_an_hour_old() -> None:
    assert _letter(POPUP, trick=Trick.OLD_TIMESTAMP).query["timestamp"] == "1699996401"


def test_a_broken_message_is_signed_rightly_and_no_json() -> None:
    with pytest.raises(ValueError, match="line 1"):
        json.loads(_decrypted(_letter(POPUP, trick=Trick.BROKEN_MESSAGE)))


def test_a_huge_push_is_of_two_megabytes_and_more() -> None:
    assert len(_letter(POPUP, trick=Trick.HUGE).body) > 2 * 1024 * 1024


def test_text_that_would_end_a_section_of_xml_is_escaped() -> None:
    event = Event("debug_demo", "oABC", 1, fields={"debug_str": "a]]>b<c"})
    sent = _letter(event, change(SETTINGS, mode=PushMode.PLAIN, format=PushFormat.XML))
    assert xmltodict.parse(sent.body)["xml"]["debug_str"] == "a]]>b<c"


@pytest.mark.parametrize("wrong", [{"mode": "loud"}, {"aes_key": "short"}, {"colour": "red"}])
def test_settings_that_are_none_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, PushSettings)

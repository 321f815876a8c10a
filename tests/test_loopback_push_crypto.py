"""The loopback's cipher against the answers that WeChat publishes."""

from __future__ import annotations

import json

import pytest

from devtools.wechat.push_crypto import Envelope, Unreadable, signature

TOKEN = "AAAAA"
APPID = "wxba5fad812f8e6fb9"
ENVELOPE = Envelope("A" * 43, APPID)
NONCE = "415670741"
PUSHED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzD"
    "pVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2I"
    "uQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F"
    "9mFUPAJGj04="
)
ANSWERED = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)


def test_the_check_of_an_address_is_signed_as_published() -> None:
    assert signature(TOKEN, "1714036504", "1514711492") == (
        "f464b24fc39322e44b38aa78f5edd27bd1441696"
    )


def test_the_published_message_is_read_and_its_signature_agrees() -> None:
    assert signature(TOKEN, "1714112445", NONCE, PUSHED) == (
        "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"
    )
    assert json.loads(ENVELOPE.open(PUSHED)) == {
        "ToUserName": "gh_97417a04a28d",
        "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "CreateTime": 1714112445,
        "MsgType": "event",
        "Event": "debug_demo",
        "debug_str": "hello world",
    }


def test_the_published_answer_is_made_byte_by_byte() -> None:
    made = ENVELOPE.close(b'{"demo_resp":"good luck"}', random=b"707722b803182950")
    assert made == ANSWERED
    assert signature(TOKEN, "1713424427", NONCE, made) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.mark.parametrize("length", [0, 1, 11, 12, 31, 32, 33, 5000])
def test_what_is_closed_is_opened_again(length: int) -> None:
    assert ENVELOPE.open(ENVELOPE.close(b"x" * length)) == b"x" * length


@pytest.mark.parametrize(
    "encrypted",
    [
        pytest.param(ENVELOPE.close(b"{}", broken=True), id="broken padding"),
        pytest.param(Envelope("A" * 43, "wx" + "0" * 16).close(b"{}"), id="another mini-program"),
        pytest.param(Envelope("B" * 42 + "A", APPID).close(b"{}"), id="another key"),
        pytest.param("", id="nothing"),
        pytest.param("====", id="not base64"),
        pytest.param("QUJD", id="not a whole block"),
    ],
)
def test_what_is_not_of_this_key_is_unreadable(encrypted: str) -> None:
    with pytest.raises(Unreadable):
        ENVELOPE.open(encrypted)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="43 characters"):
        Envelope("A" * 39, APPID)

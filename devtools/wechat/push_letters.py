"""One push as it goes over the wire: query and body, right, or wrong in one chosen way."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum

from devtools.wechat.push_crypto import Envelope, signature
from devtools.wechat.push_messages import Event, as_json, as_xml, in_xml
from devtools.wechat.push_settings import PushFormat, PushMode, PushSettings

HUGE_BYTES = 2 * 1024 * 1024
OLD_SECONDS = 3600
_STRANGE_APPID = "wx" + "f" * 16


class Trick(StrEnum):
    """What may be wrong with a push."""

    WRONG_SIGNATURE = "wrong_signature"
    WRONG_APPID = "wrong_appid"
    OLD_TIMESTAMP = "old_timestamp"
    BROKEN_PADDING = "broken_padding"
    BROKEN_MESSAGE = "broken_message"
    """Signed and encrypted as it should be, but cut off inside."""
    HUGE = "huge"
    EMPTY = "empty"


@dataclass(frozen=True)
class Letter:
    query: dict[str, str]
    body: bytes
    content_type: str
    openid: str = ""
    closed: str = ""
    """What is encrypted inside the body, "" in plain mode."""


def signed_query(token: str, *, timestamp: int, nonce: str) -> dict[str, str]:
    """Return what every query begins with, that of the check of an address too."""
    return {
        "signature": signature(token, str(timestamp), nonce),
        "timestamp": str(timestamp),
        "nonce": nonce,
    }


def letter(
    event: Event,
    settings: PushSettings,
    *,
    appid: str,
    original_id: str,
    timestamp: int,
    nonce: str,
    trick: Trick | None = None,
) -> Letter:
    """Write an event as a push. For a repetition see `signed_anew`."""
    if trick is Trick.HUGE:
        event = replace(event, fields=event.fields | {"filler": "x" * HUGE_BYTES})
    if trick is Trick.OLD_TIMESTAMP:
        timestamp -= OLD_SECONDS
    message = _message(event, settings, original_id)
    if trick is Trick.BROKEN_MESSAGE:
        message = message[: len(message) // 2]
    body, closed = message, ""
    if settings.mode is not PushMode.PLAIN:
        envelope = Envelope(
            settings.aes_key, _STRANGE_APPID if trick is Trick.WRONG_APPID else appid
        )
        closed = envelope.close(message, broken=trick is Trick.BROKEN_PADDING)
        is_open = settings.mode is PushMode.COMPAT
        body = _outer(message if is_open else None, closed, original_id, settings.format)
    if trick is Trick.EMPTY:
        body = b""
    content_type = "application/json" if settings.format is PushFormat.JSON else "text/xml"
    token = settings.token if trick is not Trick.WRONG_SIGNATURE else "not" + settings.token
    written = Letter({}, body, content_type, event.openid, closed)
    return signed_anew(written, token, timestamp=timestamp, nonce=nonce)


def signed_anew(written: Letter, token: str, *, timestamp: int, nonce: str) -> Letter:
    """Return the same body with another query."""
    query = signed_query(token, timestamp=timestamp, nonce=nonce) | {"openid": written.openid}
    if written.closed:
        query |= {
            "encrypt_type": "aes",
            "msg_signature": signature(token, str(timestamp), nonce, written.closed),
        }
    return replace(written, query=query)


def _message(event: Event, settings: PushSettings, original_id: str) -> bytes:
    if settings.format is PushFormat.XML:
        return as_xml(event, original_id)
    return as_json(event, original_id, settings.lists, settings.times)


def _outer(message: bytes | None, closed: str, original_id: str, form: PushFormat) -> bytes:
    """Return the encrypted form, with the fields of the open message beside it where one is given."""
    if form is PushFormat.XML:
        if message is None:
            return in_xml({"ToUserName": original_id, "Encrypt": closed})
        return message.removesuffix(b"</xml>") + in_xml({"Encrypt": closed}).removeprefix(b"<xml>")
    try:
        fields = {"ToUserName": original_id} if message is None else json.loads(message)
    except ValueError:  # A message that is broken on purpose has no fields to show.
        fields = {"ToUserName": original_id}
    return json.dumps(fields | {"Encrypt": closed}, ensure_ascii=False).encode()

"""Replies that are none, and replies with other fields than they should have."""

from __future__ import annotations

import json

from devtools.wechat.call import JSON_TYPE, Reply
from devtools.wechat.faults import Form, Odd

_BODIES = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "errcode_text": b'{"errcode":"x","errmsg":"ok"}',
    "invalid_utf8": b'{"errcode":0,"errmsg":"\xff\xfe\xc0"}',
}


def malformed(reply: Reply, form: Form) -> tuple[Reply, int | None]:
    """Return what is sent instead, and the Content-Length it claims where that is not the true one.

    Of a reply that was not made (the action was not done) an "ok" is wrecked.
    """
    whole = reply.body or b'{"errcode":0,"errmsg":"ok"}'
    headers = {"Content-Type": JSON_TYPE, **reply.headers}
    match form:
        case "truncated":
            return Reply(200, headers, whole[: len(whole) // 2]), None
        case "html_200":
            return Reply.html(200, "502 Bad Gateway"), None
        case "html_502":
            return Reply.html(502, "502 Bad Gateway"), None
        case "too_long_length":
            return Reply(200, headers, whole), len(whole) + 10
        case "too_short_length":
            return Reply(200, headers, whole), len(whole) - 5
        case "gzip_garbage":
            return Reply(200, {**headers, "Content-Encoding": "gzip"}, b"\x1f\x8bgarbage"), None
        case _:
            return Reply(200, headers, _BODIES[form]), None


def made_odd(reply: Reply, odd: Odd) -> Reply:
    """Return the reply with fields put in and dropped; what is no JSON object stays as it is."""
    try:
        fields = json.loads(reply.body)
    except ValueError:
        return reply
    if not isinstance(fields, dict):
        return reply
    fields = {name: fields[name] for name in fields if name not in odd.drop} | odd.put
    changed = Reply.of(fields)
    return Reply(reply.status, reply.headers, changed.body)

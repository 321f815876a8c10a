"""Sending a sound whole or in parts: players of phones ask for a part first, and seek by parts."""

from __future__ import annotations

import re

from sanic import HTTPResponse, Request
from sanic.response import raw

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def in_parts(request: Request, content: bytes, media_type: str) -> HTTPResponse:
    """Return all of a content, or the one part that is asked for.

    Several parts at once, and what is no range, get all of it. Source: RFC 9110, section 14.
    """
    size = len(content)
    headers = {"Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or asked[1] == asked[2] == "":
        return raw(content, headers=headers, content_type=media_type)
    if asked[1] == "":
        first, last = max(0, size - int(asked[2])), size - 1
    else:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first >= size or first > last:
        headers["Content-Range"] = f"bytes */{size}"
        return raw(b"", status=416, headers=headers, content_type=media_type)
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return raw(content[first : last + 1], 206, headers, media_type)

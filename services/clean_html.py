"""Web pages that somebody sent, made harmless before anybody gets them.

nh3 takes out whatever runs, loads or sends: scripts, frames, forms, event handlers, styles, and
addresses that are not plain links.
"""

from __future__ import annotations

import nh3

from services.importing.html import decoded

_OPENING = b'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>\n'
_CLOSING = b"\n</body></html>\n"
_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area"}
"""Without pictures: they are fetched from other sites, which then know who reads."""


def cleaned(page: bytes) -> bytes:
    """Return a page with its text and plain marks only, in UTF-8.

    Heavy work for long pages: to be called outside the event loop. Raises Unreadable.
    """
    text = nh3.clean(
        decoded(page), tags=_TAGS, url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )  # fmt: skip
    return _OPENING + text.encode() + _CLOSING

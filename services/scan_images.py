"""Pictures of codes: WeChat's own (小程序码), kept once made, or plain ones that lead to our pages.

WeChat being away never keeps anybody from a code: the plain one opens the same thing in a browser.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.scan_code import ScanCode, ScanImage, ScanKind
from services.wechat import CodeImage, WeChat, WeChatFailed

WIDTH_PX = 860
"""Sharp at 11 cm on paper. Source: getwxacodeunlimit takes 280 to 1280."""
_PAGES = {
    ScanKind.VENUE: "pages/home/home",
    ScanKind.KIOSK: "pages/home/home",
    ScanKind.DOCUMENT: "pages/document/document",
}
_DOTS = 12
"""Pixels a dot of a plain code."""


@dataclass(frozen=True)
class Drawn:
    """A code as it is shown."""

    image: CodeImage
    is_mini_program: bool
    """Whether WeChat has to scan it; any camera reads a plain one."""


def public_path(code: ScanCode) -> str:
    """Return the page of ours that shows what a code leads to."""
    query = urlencode({"venue": code.venue.code, "from": "code"})
    if code.document is not None:
        return f"/documents/{code.document.id}?{query}"
    return f"/venues/{code.venue.code}"


def plain(address: str) -> CodeImage:
    """Return a plain code of an address."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="png", scale=_DOTS, border=4)
    return CodeImage(drawn.getvalue(), "image/png")


async def kept(code: ScanCode, wechat: WeChat, version: str) -> CodeImage | None:
    """Return WeChat's picture where it was made before."""
    row = await ScanImage.get_or_none(code_id=code.id, look=_look(code, wechat, version))
    return CodeImage(bytes(row.data), row.media_type) if row is not None else None


async def obtained(code: ScanCode, wechat: WeChat, version: str) -> CodeImage:
    """Return WeChat's picture, made and kept where there is none yet. Raises WeChatFailed."""
    found = await kept(code, wechat, version)
    if found is not None:
        return found
    image = await wechat.code_image(code.key, _PAGES[code.kind], width=WIDTH_PX)
    try:
        async with in_transaction() as database:
            await ScanImage.create(
                code_id=code.id,
                look=_look(code, wechat, version),
                media_type=image.media_type,
                data=image.data,
                using_db=database,
            )
    except IntegrityError:
        pass  # Another process asked for it at the same moment.
    return image


async def drawn(code: ScanCode, wechat: WeChat | None, version: str, base: str) -> Drawn:
    """Return a code as it is to be printed: WeChat's where it can be had, else a plain one that
    leads to our page below `base`.
    """
    if wechat is not None:
        try:
            return Drawn(await obtained(code, wechat, version), is_mini_program=True)
        except WeChatFailed:
            pass  # The gateway has noted why.
    return Drawn(plain(f"{base}{public_path(code)}"), is_mini_program=False)


def _look(code: ScanCode, wechat: WeChat, version: str) -> str:
    return f"{wechat.app_id} {_PAGES[code.kind]} {version} {WIDTH_PX}"

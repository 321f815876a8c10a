"""Codes that take a document home: a phone's camera opens the same place, or WeChat the mini-program.

Nobody waits for WeChat here: until its picture is there, the plain code is shown.
"""

from __future__ import annotations

import asyncio
import io
from urllib.parse import urlencode

import segno
import structlog
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw
from tortoise.exceptions import BaseORMException

from models.document import Document
from models.scan_code import ScanCode
from models.venue import Venue
from server.context import context_of
from server.public_address import public_address
from server.visiting import venue_of
from services import documents, scan_codes, scan_images
from services.wechat import CodeImage, WeChat, WeChatFailed

_LONGEST_PLACE = 100

log = structlog.get_logger(__name__)


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(code, "/documents/<document_id:int>/code.svg", name="document_code")


async def code(request: Request, document_id: int) -> HTTPResponse:
    """Draw the code of a document, at a place of it with ?at=."""
    shown = await documents.published(str(document_id))
    venue = await venue_of(request)
    place = request.args.get("at", "")[:_LONGEST_PLACE]
    image = None if place else await _of_mini_program(request, venue, shown)
    if image is not None:
        return raw(image.data, content_type=image.media_type)
    query = {"at": place} if place else {}
    query |= {"venue": venue.code, "from": "code"}
    address = f"{public_address(request)}/documents/{shown.id}?{urlencode(query)}"
    drawn = io.BytesIO()
    # Black on white with the margin of four that readers of codes expect, on any page.
    segno.make_qr(address, error="m").save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return raw(drawn.getvalue(), content_type="image/svg+xml")


async def _of_mini_program(request: Request, venue: Venue, document: Document) -> CodeImage | None:
    """Return WeChat's picture where it was made before; else have it made for the next who asks."""
    context = context_of(request)
    parts = context.parts
    if parts.wechat is None:
        return None
    code = await scan_codes.of_document(venue, document)
    version = parts.settings.wechat_version
    image = await scan_images.kept(code, parts.wechat, version)
    making = context.codes_in_making
    if image is None and code.id not in making:
        making[code.id] = asyncio.create_task(_make(code, parts.wechat, version))
        making[code.id].add_done_callback(lambda _: making.pop(code.id))
    return image


async def _make(code: ScanCode, wechat: WeChat, version: str) -> None:
    try:
        await scan_images.obtained(code, wechat, version)
    except WeChatFailed:
        pass  # The gateway has noted why.
    except (BaseORMException, OSError) as error:
        log.warning("code not kept", code_id=code.id, error=type(error).__name__)

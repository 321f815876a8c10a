"""Sheets to put up in a zone: the unified sign, a code, and what it does in one sentence (扫码牌).

Source: 渝府办发〔2021〕100号, unified name and sign.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass

from PIL import Image
from tortoise.transactions import in_transaction

from models.device import Device
from models.document import Document
from models.scan_code import ScanCode
from models.venue import ZONE_NAME, Area, Venue
from services import audit, documents, scan_codes, scan_images
from services.access import Actor, Permission
from services.printed_document import (
    Block,
    PageBreak,
    Paragraph,
    Picture,
    PrintedDocument,
    Setting,
)
from services.scan_images import Drawn
from services.wechat import CodeImage, WeChat

_CODE_MM = 105.0
_LONGEST_TITLE = 40
"""Characters: a sheet is one page."""


@dataclass(frozen=True)
class Drawing:
    """What pictures of codes are made with."""

    wechat: WeChat | None
    version: str
    """Of the mini-program: release, trial or develop."""
    base: str
    """Where phones reach this server, for plain codes."""


@dataclass(frozen=True)
class Sheet:
    """One sheet, as it is shown and printed."""

    code: ScanCode
    place: str
    """The house the zone is in."""
    sentence: str
    """What the code does."""
    picture: Drawn
    address: str
    """What whoever has no WeChat types into a browser."""
    phone: str

    @property
    def call(self) -> str:
        """What to scan it with."""
        return "打开微信扫一扫" if self.picture.is_mini_program else "打开手机扫一扫"

    @property
    def heading(self) -> str:
        """Where it is put up."""
        device = self.code.device
        return self.place if device is None else f"{self.place} {device.name}"

    @property
    def name(self) -> str:
        """What it is called in lists and files."""
        document = self.code.document
        return self.heading if document is None else f"{self.place} {document.title}"


async def of_venue(actor: Actor, venue: Venue, drawing: Drawing) -> list[Sheet]:
    """Return the sheets of a zone: its own, and one for each of its kiosks.

    Raises NotAllowed, NotFound.
    """
    actor.require(Permission.MANAGE_VENUES)
    actor.require_sight(venue.id)
    devices = await Device.filter(venue_id=venue.id, revoked_at=None).order_by("id")
    codes = [await scan_codes.of_venue(venue)]
    for device in devices:
        device.venue = venue
        codes.append(await scan_codes.of_kiosk(device))
    return [await _sheet(code, drawing) for code in codes]


async def of_document(actor: Actor, venue: Venue, document_id: int, drawing: Drawing) -> Sheet:
    """Return the sheet of a document that lies in a zone. Raises NotAllowed, NotFound, Withdrawn."""
    actor.require(Permission.WRITE_DOCUMENTS)
    document = await documents.published(str(document_id))
    return await _sheet(await scan_codes.of_document(venue, document), drawing)


async def note_printed(actor: Actor, sheets: list[Sheet]) -> None:
    """Record that sheets were taken out to be put up."""
    first = sheets[0].code
    async with in_transaction() as database:
        await audit.record(
            *(actor, audit.Action.SCAN_CODES_PRINTED, first.subject),
            venue_id=first.venue_id,
            using_db=database,
            sheets=len(sheets),
        )


async def printed(sheets: list[Sheet]) -> PrintedDocument:
    """Return sheets laid out for paper, one a page."""
    blocks: list[Block] = []
    for sheet in sheets:
        blocks += [PageBreak()] if blocks else []
        blocks += [
            Paragraph(ZONE_NAME, Setting.SIGN),
            Paragraph(sheet.heading, Setting.CENTRED),
            Picture(
                png=await asyncio.to_thread(_png, sheet.picture.image),
                width_mm=_CODE_MM,
                description=sheet.sentence,
            ),
            Paragraph(sheet.call, Setting.CENTRED),
            Paragraph(sheet.sentence, Setting.CENTRED),
            *(Paragraph(line, Setting.SMALL) for line in _foot(sheet)),
        ]
    title = f"{ZONE_NAME}扫码牌 {sheets[0].name}"
    return PrintedDocument(title=title, shows_title=False, blocks=tuple(blocks), large=True)


async def _sheet(code: ScanCode, drawing: Drawing) -> Sheet:
    return Sheet(
        code=code,
        place=code.venue.place,
        sentence=_sentence(code),
        picture=await scan_images.drawn(code, drawing.wechat, drawing.version, drawing.base),
        address=f"{drawing.base}{scan_images.public_path(code).partition('?')[0]}",
        phone=code.venue.phone,
    )


def _sentence(code: ScanCode) -> str:
    applies = "、申请公开" if Area.APPLICATIONS in code.venue.areas else ""
    if code.device is not None:
        return f"扫一扫，在{code.device.name}上没办完的，用自己的手机接着查、接着问{applies}。"
    if code.document is not None:
        return f"扫一扫，在手机上读、听{_quoted(code.document)}。"
    return f"扫一扫，在手机上查文件、问问题{applies}、收通知。"


def _quoted(document: Document) -> str:
    title = document.title
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1]}…"
    return title if "《" in title else f"《{title}》"


def _foot(sheet: Sheet) -> list[str]:
    lines = [f"不用微信：在浏览器里打开 {sheet.address}"]
    if sheet.phone:
        lines.append(f"不会扫码：请工作人员帮忙，或拨打 {sheet.phone}")
    return lines


def _png(image: CodeImage) -> bytes:
    """Return a picture as PNG, whatever WeChat made."""
    if image.media_type == "image/png":
        return image.data
    made = io.BytesIO()
    with Image.open(io.BytesIO(image.data)) as opened:
        opened.convert("RGB").save(made, format="PNG")
    return made.getvalue()

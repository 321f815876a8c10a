"""Codes that are scanned in a zone: of the zone, a kiosk, a document. Each has a key, for good.

The key is what the mini-program gets as its scene. It is short and random: what it leads to may
change, and nothing can be read off it.
"""

from __future__ import annotations

import re
import secrets
import string
from urllib.parse import unquote

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.device import Device
from models.document import Document
from models.scan_code import ScanCode, ScanKind
from models.venue import Venue
from services.errors import Invalid, NotFound

KEY_LENGTH = 16
"""Of 64 letters each: 96 bits."""
LONGEST_SCENE = 32
"""Characters that a code holds. Source: getwxacodeunlimit."""
_LETTERS = string.ascii_letters + string.digits + "-_"
"""WeChat allows more, but & was refused and = cut by scanners in the wild."""
_SCENE = re.compile(rf"[0-9A-Za-z_-]{{1,{LONGEST_SCENE}}}")


class BadScene(Invalid):
    """What was scanned is no key of ours: too long, or of other characters."""

    code = "bad_scene"
    sentence = "这个码没有读完整，请重新扫一次，或者在列表里选择专区。"


class UnknownScene(NotFound):
    """It looks like a key of ours and is none."""

    code = "unknown_scene"
    sentence = "没有找到这个码，它可能已经换过。请选择专区，或请工作人员帮忙。"


async def of_venue(venue: Venue) -> ScanCode:
    """Return the code of a zone, made where it has none yet."""
    return await _obtained(f"venue:{venue.id}", ScanKind.VENUE, venue)


async def of_kiosk(device: Device) -> ScanCode:
    """Return the code of a kiosk, made where it has none yet. Its zone is at hand."""
    return await _obtained(f"kiosk:{device.id}", ScanKind.KIOSK, device.venue, device=device)


async def of_document(venue: Venue, document: Document) -> ScanCode:
    """Return the code of a document that lies in a zone, made where it has none yet."""
    subject = f"document:{venue.id}:{document.id}"
    return await _obtained(subject, ScanKind.DOCUMENT, venue, document=document)


def read_scene(scene: str) -> str:
    """Return a scene as it was made, whether or not the phone has decoded it. Raises BadScene."""
    plain = unquote(scene) if len(scene) <= 3 * LONGEST_SCENE else ""
    if not _SCENE.fullmatch(plain):
        raise BadScene(f"A scene has 1 to {LONGEST_SCENE} characters of [0-9A-Za-z_-].")
    return plain


async def resolve(scene: str) -> ScanCode:
    """Return the code that was scanned, with its zone, kiosk and document.

    Raises BadScene, UnknownScene.
    """
    code = await (
        ScanCode.filter(key=read_scene(scene)).select_related("venue", "device", "document").first()
    )
    if code is None:
        raise UnknownScene("No code has this key.")
    return code


async def _obtained(
    subject: str,
    kind: ScanKind,
    venue: Venue,
    *,
    device: Device | None = None,
    document: Document | None = None,
) -> ScanCode:
    code = await ScanCode.get_or_none(subject=subject)
    if code is None:
        try:
            async with in_transaction() as database:
                code = await ScanCode.create(
                    key="".join(secrets.choice(_LETTERS) for _ in range(KEY_LENGTH)),
                    kind=kind,
                    venue_id=venue.id,
                    device_id=device and device.id,
                    document_id=document and document.id,
                    subject=subject,
                    using_db=database,
                )
        except IntegrityError:
            code = await ScanCode.get(subject=subject)  # Somebody else has just made it.
    code.venue, code.device, code.document = venue, device, document
    return code

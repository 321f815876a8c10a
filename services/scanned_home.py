"""What a phone shows first in a zone: where it is, what was scanned, and what can be done here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from models.ledger_count import Counted
from models.publishable import Publication
from models.scan_code import ScanCode, ScanKind
from models.venue import Area, Venue
from services import documents, ledger, notice_board, scan_codes, venue_profiles, venues
from services.errors import NotFound
from services.venue_profiles import VenueProfile


class Deed(StrEnum):
    """What people do in a zone, and on the phone as well."""

    READ = "read"
    ASK = "ask"
    APPLY = "apply"
    TRACK = "track"
    LEAVE_QUESTION = "leave_question"
    SUGGEST = "suggest"
    RATE = "rate"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "read": "查文件、听文件",
            "ask": "问一问",
            "apply": "申请公开",
            "track": "查办理进度",
            "leave_question": "留言咨询",
            "suggest": "意见建议",
            "rate": "评价服务",
        }[self.value]

    @property
    def area(self) -> Area | None:
        """The area that a zone must have for it, None where every zone does."""
        return {
            Deed.APPLY: Area.APPLICATIONS,
            Deed.SUGGEST: Area.APPLICATIONS,
            Deed.LEAVE_QUESTION: Area.ADVICE,
        }.get(self)


class DeedHere(msgspec.Struct, frozen=True):
    """One thing to do, and whether this zone does it."""

    deed: Deed
    label: str
    is_here: bool
    sentence: str
    """Where to go for it, "" where it is here."""


class ScannedDocument(msgspec.Struct, frozen=True):
    """The document whose code was scanned."""

    id: int
    title: str
    agency: str
    document_number: str
    is_readable: bool
    sentence: str
    """What to say where it was withdrawn, "" otherwise."""


class NoticeHere(msgspec.Struct, frozen=True):
    """A notice that is up in the zone."""

    id: int
    title: str
    is_emergency: bool
    published_at: datetime | None


class ScannedHome(msgspec.Struct, frozen=True):
    """The first page in a zone."""

    venue: VenueProfile
    scanned: ScanKind | None
    """What was scanned, null where nothing was."""
    kiosk: str
    """The name of the kiosk that was scanned, "" for none or one that is no longer used."""
    document: ScannedDocument | None
    deeds: list[DeedHere]
    notices: list[NoticeHere]
    """Emergencies first, then the newest."""


async def of_scene(scene: str, *, now: datetime) -> ScannedHome:
    """Return the home of the zone whose code was scanned, and count the visit.

    Raises BadScene, UnknownScene, and NotFound for a zone that was given up.
    """
    code = await scan_codes.resolve(scene)
    shown = await _home(code.venue, code, now)
    is_document = code.kind is ScanKind.DOCUMENT
    ledger.note(Counted.TAKEN_HOME if is_document else Counted.VISIT, code.venue_id)
    return shown


async def of_venue(venue: Venue, *, now: datetime) -> ScannedHome:
    """Return the home of a zone that was chosen, and count the visit. Raises NotFound."""
    shown = await _home(venue, None, now)
    ledger.note(Counted.VISIT, venue.id)
    return shown


async def _home(venue: Venue, code: ScanCode | None, now: datetime) -> ScannedHome:
    device = code.device if code is not None else None
    return ScannedHome(
        venue=await venue_profiles.profile(venue.code, now=now),
        scanned=code.kind if code is not None else None,
        kiosk=device.name if device is not None and device.revoked_at is None else "",
        document=await _document(code) if code is not None else None,
        deeds=[await _deed(deed, venue, now) for deed in Deed],
        notices=[
            NoticeHere(row.id, row.title, row.is_emergency, row.published_at)
            for row in await notice_board.on_phone(venue.id, now)
        ],
    )


async def _deed(deed: Deed, venue: Venue, now: datetime) -> DeedHere:
    if deed.area is None or deed.area in venue.areas:
        return DeedHere(deed, deed.label, True, "")
    instead = await venues.instead_of(venue, deed.area, now=now)
    return DeedHere(deed, deed.label, False, instead.sentence(venue))


async def _document(code: ScanCode) -> ScannedDocument | None:
    document = code.document
    if document is None or document.publication is Publication.UNPUBLISHED:
        return None
    sentence = ""
    try:
        await documents.published(str(document.id))
    except NotFound as gone:
        sentence = gone.sentence
    return ScannedDocument(
        document.id, document.title, document.agency, document.document_number,
        is_readable=not sentence, sentence=sentence,
    )  # fmt: skip

"""Sheets with codes to put up: of zones with their kiosks, and of single documents."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from models.venue import Venue
from server.console.pages import show
from server.console.staff_door import staff
from server.context import context_of
from server.printed_files import FileKind, file_kind, printed_file
from server.public_address import public_address
from services import devices, scan_sheets, venue_editing, venues
from services.access import Actor, Permission
from services.errors import NotFound
from services.scan_sheets import Drawing, Sheet

_LIST = "/console/scan-codes"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    zone = "/scan-codes/venues/<venue_id:int>"
    document = "/documents/<document_id:int>/scan-sheet"
    routes.add_route(every, "/scan-codes", name="scan_codes")
    routes.add_route(of_venue, zone, name="scan_sheets")
    routes.add_route(
        picture_in_venue, f"{zone}/<code_id:int>/picture", name="scan_sheet_picture"
    )  # fmt: skip
    routes.add_route(of_document, document, name="document_scan_sheet")
    routes.add_route(picture_of_document, f"{document}/picture", name="document_scan_picture")
    for kind in FileKind:
        routes.add_route(venue_file, f"{zone}/sheets.{kind}", name=f"scan_sheets_{kind}")
        routes.add_route(document_file, f"{document}.{kind}", name=f"document_scan_sheet_{kind}")


@staff(Permission.MANAGE_VENUES)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show the zones that have sheets, and how many."""
    kiosks: dict[int, int] = {}
    for device in await devices.visible_to(actor):
        if device.revoked_at is None:
            kiosks[device.venue_id] = kiosks.get(device.venue_id, 0) + 1
    seen = [venue for venue in await venue_editing.visible_to(actor) if venue.is_open_to_public]
    return show(
        request, actor, "console/scan_codes.html", venues=seen, kiosks=kiosks,
        has_wechat=context_of(request).parts.wechat is not None,
    )  # fmt: skip


@staff(Permission.MANAGE_VENUES)
async def of_venue(request: Request, actor: Actor, venue_id: int) -> HTTPResponse:
    """Show the sheets of a zone as they will be printed."""
    sheets = await _of_venue(request, actor, venue_id)
    path = f"{_LIST}/venues/{venue_id}"
    pictures = {sheet.code.id: f"{path}/{sheet.code.id}/picture" for sheet in sheets}
    return show(
        request, actor, "console/scan_sheets.html", sheets=sheets, pictures=pictures,
        title=sheets[0].place, files=f"{path}/sheets", back=_LIST, query="", venues=[], venue=None,
    )  # fmt: skip


@staff(Permission.MANAGE_VENUES)
async def venue_file(request: Request, actor: Actor, venue_id: int) -> HTTPResponse:
    """Send the sheets of a zone as a file, one a page."""
    return await _file(request, actor, await _of_venue(request, actor, venue_id))


@staff(Permission.MANAGE_VENUES)
async def picture_in_venue(
    request: Request, actor: Actor, venue_id: int, code_id: int
) -> HTTPResponse:
    """Send the picture of one code of a zone."""
    for sheet in await _of_venue(request, actor, venue_id):
        if sheet.code.id == code_id:
            return _picture(sheet)
    raise NotFound("The zone has no such code.")


@staff(Permission.WRITE_DOCUMENTS)
async def of_document(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Show the sheet of a document, in a zone (?venue=CODE)."""
    venue = await _venue_named(request)
    sheet = await scan_sheets.of_document(actor, venue, document_id, _drawing(request))
    path, query = f"/console/documents/{document_id}/scan-sheet", f"?venue={venue.code}"
    return show(
        request, actor, "console/scan_sheets.html", sheets=[sheet],
        pictures={sheet.code.id: f"{path}/picture{query}"}, title=sheet.name, files=path,
        back=f"/console/documents/{document_id}", query=query, venue=venue.code,
        venues=[(zone.code, zone.title) for zone in await venues.open_to_public()],
    )  # fmt: skip


@staff(Permission.WRITE_DOCUMENTS)
async def document_file(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Send the sheet of a document as a file."""
    venue = await _venue_named(request)
    sheet = await scan_sheets.of_document(actor, venue, document_id, _drawing(request))
    return await _file(request, actor, [sheet])


@staff(Permission.WRITE_DOCUMENTS)
async def picture_of_document(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Send the picture of a document's code."""
    venue = await _venue_named(request)
    return _picture(await scan_sheets.of_document(actor, venue, document_id, _drawing(request)))


async def _of_venue(request: Request, actor: Actor, venue_id: int) -> list[Sheet]:
    venue = await venue_editing.one(actor, venue_id)
    return await scan_sheets.of_venue(actor, venue, _drawing(request))


async def _venue_named(request: Request) -> Venue:
    named = request.args.get("venue") or context_of(request).parts.settings.venue
    return await venues.first(named)


async def _file(request: Request, actor: Actor, sheets: list[Sheet]) -> HTTPResponse:
    await scan_sheets.note_printed(actor, sheets)
    kind = file_kind(request.path.rpartition(".")[2])
    return await printed_file(await scan_sheets.printed(sheets), kind, f"扫码牌 {sheets[0].name}")


def _drawing(request: Request) -> Drawing:
    parts = context_of(request).parts
    return Drawing(parts.wechat, parts.settings.wechat_version, public_address(request))


def _picture(sheet: Sheet) -> HTTPResponse:
    image = sheet.picture.image
    return raw(image.data, content_type=image.media_type)

"""One document to read."""

from __future__ import annotations

from typing import NoReturn

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, redirect

from models.ledger_count import Counted
from server.context import context_of
from server.reading.pages import link, same, show
from server.reading.speech import RATES
from server.same_origin import address_of
from server.sending_files import send_file
from server.visiting import venue_of
from services import documents, ledger, reading, stored_files
from services.errors import NotFound, Withdrawn
from services.text_finding import LONGEST_SOUGHT

_TURNS = {"find", "hit", "size", "place"}
"""In the query of somebody who reads on, and is not counted again."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(named, "/documents/named", name="named_document")
    routes.add_route(document, "/documents/<document_id:int>", name="document")
    routes.add_route(still, "/documents/<document_id:int>/still", name="document_still")
    routes.add_route(file, "/documents/<document_id:int>/file", name="document_file")
    routes.add_route(
        printed, "/documents/<document_id:int>/printed", methods={"POST"}, name="printed"
    )


async def document(request: Request, document_id: int) -> HTTPResponse:
    """Show a document; ?at= leads to an article, a heading or a paragraph of it."""
    try:
        shown = await documents.show(str(document_id))
    except Withdrawn as gone:
        return await show(request, "reading/withdrawn.html", status=404, gone=gone)
    place = request.args.get("at", "")
    position = reading.position_of(shown, place)
    if position is not None:
        await _count(request)
        there = same(request, **{"at": None, "from": None, "place": position})
        return redirect(f"{there}#p{position}", status=303)
    sought = request.args.get("find", "").strip()[:LONGEST_SOUGHT]
    layout = reading.lay_out(shown, sought)
    await _count(request)
    return await show(
        request,
        "reading/document.html",
        document=shown,
        layout=layout,
        sought=sought,
        hit=_hit(request, layout.hits),
        missing_place=place,
        place=request.args.get("place", ""),
        speaks=context_of(request).speech.speaks,
        rates=RATES,
    )


async def named(request: Request) -> HTTPResponse:
    """Lead to a document by its number, however it is typed (?number=)."""
    found = await documents.published(request.args.get("number", ""))
    return redirect(link(request, f"/documents/{found.id}"), status=303)


async def still(request: Request, document_id: int) -> HTTPResponse:
    """Say whether a version (?version=) is still the one to read: a page that reads aloud asks."""
    await reading.require_version(document_id, request.args.get("version", ""))
    return empty()


async def file(request: Request, document_id: int) -> None:
    """Send the original."""
    shown = await documents.published(str(document_id))
    if shown.file_id is None:
        _no_file()
    original = await stored_files.find(shown.file_id)
    await send_file(request, original, shown.file_name or shown.title)


async def printed(request: Request, document_id: int) -> HTTPResponse:
    """Count that a document was printed. The page says so when the browser prints."""
    context_of(request).prints_limit.note(address_of(request))
    await documents.published(str(document_id))
    ledger.note(Counted.PRINT, (await venue_of(request)).id)
    return empty()


async def _count(request: Request) -> None:
    is_taken_home = request.args.get("from") == "code"
    if is_taken_home:
        ledger.note(Counted.TAKEN_HOME, (await venue_of(request)).id)
    elif not _TURNS & set(request.args):
        ledger.note(Counted.READING, (await venue_of(request)).id)


def _hit(request: Request, hits: int) -> int:
    wanted = request.args.get("hit", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
    return min(max(1, number), hits) if hits else 0


def _no_file() -> NoReturn:
    raise NotFound("The document has no file.", sentence="这份文件没有原件可以下载。")

"""Codes that take a document home: a phone's camera opens the same place."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from server.public_address import public_address
from server.visiting import venue_of
from services import documents

_LONGEST_PLACE = 100


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(code, "/documents/<document_id:int>/code.svg", name="document_code")


async def code(request: Request, document_id: int) -> HTTPResponse:
    """Draw the code of a document, at a place of it with ?at=."""
    shown = await documents.published(str(document_id))
    place = request.args.get("at", "")[:_LONGEST_PLACE]
    query = {"at": place} if place else {}
    query |= {"venue": (await venue_of(request)).code, "from": "code"}
    address = f"{public_address(request)}/documents/{shown.id}?{urlencode(query)}"
    drawn = io.BytesIO()
    # Black on white with the margin of four that readers of codes expect, on any page.
    segno.make_qr(address, error="m").save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return raw(drawn.getvalue(), content_type="image/svg+xml")

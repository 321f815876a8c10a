"""The receipt and the letters of an application as files for the phone of who filed it."""

from __future__ import annotations

from urllib.parse import quote

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from miniprogram_api.mp.sessions import signed_in
from models.citizen import Citizen
from services import application_receipts, citizen_cases, served_letters
from services.letter_files import LetterFormat


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/applications/<application_id:int>"
    for kind in LetterFormat:
        routes.add_route(receipt, f"{one}/receipt.{kind}", name=f"mp_receipt_{kind}")
        routes.add_route(
            letter, f"{one}/letters/<letter_id:int>/file.{kind}", name=f"mp_letter_{kind}"
        )


@signed_in
async def receipt(request: Request, citizen: Citizen, application_id: int) -> HTTPResponse:
    """Send the receipt, in large print with ?large=1."""
    tie = await citizen_cases.own(citizen.id, application_id)
    shown = await application_receipts.receipt_of(
        tie.application_id, keys=request.app.ctx.parts.keys
    )
    kind = _kind(request)
    content = await kind.made(application_receipts.printed(shown, large=_is_large(request)))
    return _file(f"{shown.number}.{kind}", content, kind)


@signed_in
async def letter(
    request: Request, citizen: Citizen, application_id: int, letter_id: int
) -> HTTPResponse:
    """Send a letter that was served on them, in large print with ?large=1. That it was is recorded."""
    tie = await citizen_cases.own(citizen.id, application_id)
    kind = _kind(request)
    name, content = await served_letters.file_of(
        tie.application, letter_id, kind, keys=request.app.ctx.parts.keys, large=_is_large(request)
    )
    return _file(name, content, kind)


def _kind(request: Request) -> LetterFormat:
    return LetterFormat(request.path.rpartition(".")[2])


def _is_large(request: Request) -> bool:
    return bool(request.args.get("large") == "1")


def _file(name: str, content: bytes, kind: LetterFormat) -> HTTPResponse:
    disposition = f"attachment; filename=\"document.{kind}\"; filename*=UTF-8''{quote(name)}"
    return raw(
        content, content_type=kind.media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )  # fmt: skip

"""The receipt of an application that staff took in, to be printed, and the papers that came with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote, urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, raw

from models.application_file import FilePurpose
from server.console.application_intake import PATH
from server.console.pages import show
from server.console.staff_door import staff
from server.context import context_of
from server.printed_files import FileKind, file_kind, printed_file
from server.public_address import public_address
from services import application_files, application_receipts
from services.access import Actor, Permission
from services.application_receipts import STATUS_PATH, Receipt, code_svg
from services.errors import Invalid

_NAME_HEADER = "x-file-name"
_PURPOSES = (FilePurpose.IDENTITY, FilePurpose.ATTACHMENT)


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/application-intake/<application_id:int>"
    routes.add_route(receipt, one, name="application_receipt")
    routes.add_route(code, f"{one}/code.svg", name="application_receipt_code")
    for kind in FileKind:
        routes.add_route(
            receipt_file, f"{one}/receipt.{kind}", name=f"application_receipt_{kind}"
        )  # fmt: skip
    routes.add_route(
        receive, f"{one}/files", methods={"POST"}, name="receive_case_file", stream=True
    )


@staff(Permission.TAKE_APPLICATIONS)
async def receipt(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Show a receipt."""
    shown = await _receipt(request, actor, application_id)
    keys = context_of(request).parts.keys
    return show(
        request, actor, "console/application_receipt.html", receipt=shown,
        notes=application_receipts.notes(shown), path=f"{PATH}/{application_id}", back=PATH,
        files=await application_files.listed(actor, application_id, keys=keys),
        purposes=[(purpose.value, purpose.label) for purpose in _PURPOSES],
    )  # fmt: skip


@staff(Permission.TAKE_APPLICATIONS)
async def receipt_file(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Send a receipt as a file, with ?large=1 in large print."""
    shown = await _receipt(request, actor, application_id)
    document = application_receipts.printed(
        shown, _status_address(request, shown), large=bool(request.args.get("large"))
    )
    kind = file_kind(request.path.rpartition(".")[2])
    return await printed_file(document, kind, f"登记回执 {shown.number}")


@staff(Permission.TAKE_APPLICATIONS)
async def code(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Draw the code that leads to how it stands."""
    shown = await _receipt(request, actor, application_id)
    return raw(code_svg(_status_address(request, shown)), content_type="image/svg+xml")


@staff(Permission.TAKE_APPLICATIONS)
async def receive(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Take one file in: its bytes are the body, its name is in a header."""
    try:
        purpose = FilePurpose(request.args.get("purpose", ""))
    except ValueError:
        raise Invalid("No such purpose.", sentence="请选择是什么材料。") from None
    if purpose not in _PURPOSES:
        raise Invalid("Not a purpose of this page.", sentence="请选择是什么材料。")
    kept = await application_files.store(
        actor,
        application_id,
        purpose,
        unquote(request.headers.get(_NAME_HEADER, "")),
        _body(request),
        keys=context_of(request).parts.keys,
    )
    return json({"file": kept.id, "name": kept.name}, status=201)


async def _receipt(request: Request, actor: Actor, application_id: int) -> Receipt:
    keys = context_of(request).parts.keys
    return await application_receipts.receipt_for(actor, application_id, keys=keys)


def _status_address(request: Request, shown: Receipt) -> str:
    return f"{public_address(request)}{STATUS_PATH}?{urlencode({'code': shown.query_code})}"


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream  # Sanic declares a type without its methods.
    while chunk := await stream.read():
        yield chunk

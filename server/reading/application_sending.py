"""Reading everything once more, sending it, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import segno
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server.context import context_of
from server.printed_files import FileKind, file_kind, printed_file
from server.public_address import public_address
from server.rate_limit import TooManyRequests
from server.reading.applying import (
    applying,
    channel_of,
    open_steps,
    show_applying,
    to_receipt,
    to_step,
)
from server.reading.pages import link
from server.same_origin import address_of
from server.visiting import venue_of
from services import agencies, application_receipts, application_sending
from services.application_drafts import Draft
from services.application_receipts import Receipt
from services.disclosure.draft_content import DraftContent, Step
from services.disclosure.draft_questions import question_of
from services.disclosure.masking import masked_number
from services.errors import Conflict, Invalid, NotAllowed, NotFound, OpenZoneError

_NOT_READ_BACK = {Step.PUBLIC, Step.NOTICE, Step.CHECK}


@dataclass(frozen=True)
class Line:
    """One answer on the page that shows everything."""

    step: Step
    name: str
    value: str


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(check_page, "/apply/check", name="apply_check")
    routes.add_route(send, "/apply/check", methods={"POST"}, name="send_application")
    routes.add_route(receipt, "/apply/receipt", name="apply_receipt")
    for kind in FileKind:
        routes.add_route(receipt_file, f"/apply/receipt.{kind}", name=f"apply_receipt_{kind}")


@applying
async def check_page(request: Request, draft: Draft) -> HTTPResponse:
    """Show everything, to be read once more and changed."""
    following = (await open_steps(request, draft))[1]
    if following is not Step.CHECK:
        return to_step(request, following)
    return await _page(request, draft)


@applying
async def send(request: Request, draft: Draft) -> HTTPResponse:
    """Send it. A second time the receipt is the same."""
    context = context_of(request)
    following = (await open_steps(request, draft))[1]
    if following is not Step.CHECK:
        return to_step(request, following)
    try:
        context.applications_limit.note(address_of(request))
        await application_sending.send(
            draft, venue=await venue_of(request), channel=await channel_of(request),
            keys=context.parts.keys, now=datetime.now(UTC),
        )  # fmt: skip
    except TooManyRequests as often:
        return await _page(request, draft, refused=often, status=429)
    except (Conflict, Invalid, NotAllowed) as wrong:
        return await _page(request, draft, refused=wrong, status=422)
    return to_receipt(request, draft)


@applying
async def receipt(request: Request, draft: Draft) -> HTTPResponse:
    """Show the receipt of what was sent, in large print with ?large=1."""
    if draft.application_id is None:
        return redirect(link(request, "/apply/check"), status=303)
    shown = await application_receipts.receipt_of(
        draft.application_id, keys=context_of(request).parts.keys
    )
    return await show_applying(
        request,
        "reading/apply_receipt.html",
        title=application_receipts.TITLE,
        receipt=shown,
        notes=application_receipts.notes(shown),
        code_image=segno.make_qr(await _status_address(request, shown), error="m").svg_data_uri(
            scale=6, border=4, dark="#000", light="#fff"
        ),
        is_large=_is_large(request),
        kinds=tuple(FileKind),
    )


@applying
async def receipt_file(request: Request, draft: Draft) -> HTTPResponse:
    """Send the receipt as a file."""
    if draft.application_id is None:
        raise NotFound("Nothing was sent.")
    kind = file_kind(request.path.rpartition(".")[2])
    shown = await application_receipts.receipt_of(
        draft.application_id, keys=context_of(request).parts.keys
    )
    laid_out = application_receipts.printed(
        shown, await _status_address(request, shown), large=_is_large(request)
    )
    return await printed_file(laid_out, kind, f"{application_receipts.TITLE}{shown.number}")


async def _status_address(request: Request, shown: Receipt) -> str:
    query = {"venue": (await venue_of(request)).code, "code": shown.query_code}
    return f"{public_address(request)}{application_receipts.STATUS_PATH}?{urlencode(query)}"


def _is_large(request: Request) -> bool:
    return bool(request.args.get("large") == "1")


async def _page(
    request: Request, draft: Draft, *, refused: OpenZoneError | None = None, status: int = 200
) -> HTTPResponse:
    return await show_applying(
        request,
        "reading/apply_check.html",
        status=status,
        lines=await _lines(draft.content),
        sentence=refused.sentence if refused is not None else "",
    )


async def _lines(content: DraftContent) -> list[Line]:
    lines = []
    for step in content.steps():
        if step in _NOT_READ_BACK:
            continue
        value = await _read_back(content, step)
        lines.append(Line(step, question_of(step, content).short, value or "（没有填）"))
    return lines


async def _read_back(content: DraftContent, step: Step) -> str:
    """Return an answer as it is read back. The number of a document is never shown in full."""
    if step is Step.AGENCY:
        return (await agencies.one(content.agency_id)).name if content.agency_id else ""
    chosen = {
        Step.KIND: content.kind,
        Step.CATEGORY: content.org_category,
        Step.IDENTITY_KIND: content.identity_kind,
        Step.WAY: content.delivery_way,
        Step.CARRIER: content.carrier,
    }
    if step in chosen:
        value = chosen[step]
        return value.label if value is not None else ""
    return {
        Step.INFORMATION: content.title,
        Step.FEATURES: content.features,
        Step.NUMBER: content.document_number,
        Step.PERIOD: content.period,
        Step.NAME: content.name,
        Step.CONTACT: content.contact,
        Step.IDENTITY: masked_number(content.identity_number),
        Step.PHONE: content.phone,
        Step.ADDRESS: content.address,
        Step.POSTCODE: content.postcode,
        Step.EMAIL: content.email,
        Step.FAX: content.fax,
        Step.OTHER_FORM: "可以" if content.accepts_other_form else "不行，先问我",
        Step.HELP: content.help_wanted or "不需要",
    }[step]

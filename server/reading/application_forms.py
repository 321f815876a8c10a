"""The application form for paper: to be looked at, printed or taken home; blank, as a sample, filled in."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server.printed_files import FileKind, file_kind, printed_file
from server.reading.applying import applying
from server.reading.pages import show
from server.visiting import is_kiosk
from services import agencies, application_forms, application_sending
from services.application_drafts import Draft
from services.clock import zone_day
from services.disclosure.draft_content import Step
from services.disclosure.form_layout import FormSheet, blank, filled, sample
from services.disclosure.masking import masked_number
from services.errors import Invalid, NotAllowed, NotFound

_NO_FILES = "自助机上不保存文件，请直接打印，或者用手机接着填。"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(page, "/apply/form", name="application_form")
    for kind in FileKind:
        routes.add_route(file, f"/apply/form.{kind}", name=f"application_form_{kind}")
        routes.add_route(
            filled_file, f"/apply/check/form.{kind}", name=f"filled_application_form_{kind}"
        )
    routes.add_route(filled_page, "/apply/check/form", name="filled_application_form")


async def page(request: Request) -> HTTPResponse:
    """Show the form, with ?sample=1 as somebody might fill it in, with ?agency=ID to an agency."""
    return await show(
        request,
        "reading/application_form.html",
        sheet=await _sheet(request),
        files="/apply/form",
        query={"agency": request.args.get("agency"), "sample": request.args.get("sample")},
    )


async def file(request: Request) -> HTTPResponse:
    """Send it as a file."""
    sheet = await _sheet(request)
    kind = file_kind(request.path.rpartition(".")[2])
    return await printed_file(application_forms.printed(sheet), kind, sheet.title)


@applying
async def filled_page(request: Request, draft: Draft) -> HTTPResponse:
    """Show what somebody filled in as the form, to be printed. The number of their document is only
    shown in part: others may look at the screen.
    """
    at_kiosk = await is_kiosk(request)
    return await show(
        request, "reading/application_form.html", sheet=await _filled(draft, masks=True),
        files="" if at_kiosk else "/apply/check/form", query={},
    )  # fmt: skip


@applying
async def filled_file(request: Request, draft: Draft) -> HTTPResponse:
    """Send it as a file, but to no kiosk: the data of a document are not left on one.

    Raises NotAllowed there.
    """
    if await is_kiosk(request):
        raise NotAllowed("A kiosk keeps no files.", sentence=_NO_FILES)
    kind = file_kind(request.path.rpartition(".")[2])
    sheet = await _filled(draft, masks=False)
    return await printed_file(application_forms.printed(sheet), kind, sheet.title)


async def _filled(draft: Draft, *, masks: bool) -> FormSheet:
    content, now = draft.content, datetime.now(UTC)
    if content.agency_id is None or content.next_step() is not Step.CHECK:
        raise Invalid("A question is open.", sentence="还有一项没有填，填完才能看填好的申请表。")
    agency = await agencies.one(content.agency_id)
    person = application_sending.person_in(content, now)
    if masks:
        person = msgspec.structs.replace(
            person, identity_number=masked_number(person.identity_number)
        )
    request = application_sending.request_in(content)
    return filled(agency.name, person, request, zone_day(now))


async def _sheet(request: Request) -> FormSheet:
    wanted = request.args.get("agency", "")
    name = ""
    if wanted:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
            raise NotFound("There is no such agency.")
        name = (await agencies.one(int(wanted))).name
    return sample(name) if request.args.get("sample") else blank(name)

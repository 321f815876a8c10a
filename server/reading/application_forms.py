"""The application form for paper: to be looked at, printed or taken home, blank and as a sample."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from server.printed_files import FileKind, file_kind, printed_file
from server.reading.pages import show
from services import agencies, application_forms
from services.disclosure.form_layout import FormSheet, blank, sample
from services.errors import NotFound


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(page, "/apply/form", name="application_form")
    for kind in FileKind:
        routes.add_route(file, f"/apply/form.{kind}", name=f"application_form_{kind}")


async def page(request: Request) -> HTTPResponse:
    """Show the form, with ?sample=1 as somebody might fill it in, with ?agency=ID to an agency."""
    return await show(
        request,
        "reading/application_form.html",
        sheet=await _sheet(request),
        query={"agency": request.args.get("agency"), "sample": request.args.get("sample")},
    )


async def file(request: Request) -> HTTPResponse:
    """Send it as a file."""
    sheet = await _sheet(request)
    kind = file_kind(request.path.rpartition(".")[2])
    return await printed_file(application_forms.printed(sheet), kind, sheet.title)


async def _sheet(request: Request) -> FormSheet:
    wanted = request.args.get("agency", "")
    name = ""
    if wanted:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
            raise NotFound("There is no such agency.")
        name = (await agencies.one(int(wanted))).name
    return sample(name) if request.args.get("sample") else blank(name)

"""Bringing files in: chosen or dragged, sent one by one, and what became of each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from models.import_batch import ImportState
from server.console.forms import Form
from server.console.pages import show
from server.console.scopes import chosen_scope, scopes_of
from server.console.staff_door import staff
from server.context import context_of
from services import import_batches
from services.access import Actor, Permission
from services.errors import Invalid
from services.importing.files import LARGEST_FILE

_NAME_HEADER = "x-file-name"
_SHOWN_FAILURES = 100


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(imports, "/imports", name="imports")
    routes.add_route(begin, "/imports", methods={"POST"}, name="begin_import")
    routes.add_route(batch, "/imports/<batch_id:int>", name="import_batch")
    routes.add_route(files, "/imports/<batch_id:int>/files", name="import_files")
    routes.add_route(
        receive, "/imports/<batch_id:int>/files", methods={"POST"}, name="receive_file", stream=True
    )


@staff(Permission.WRITE_DOCUMENTS)
async def imports(request: Request, actor: Actor) -> HTTPResponse:
    """Show where to drop files, and the batches of before."""
    return show(
        request,
        actor,
        "console/imports.html",
        scopes=await scopes_of(actor),
        recent=await import_batches.recent(actor),
        largest=LARGEST_FILE,
        most_files=import_batches.MOST_FILES,
    )


@staff(Permission.WRITE_DOCUMENTS)
async def begin(request: Request, actor: Actor) -> HTTPResponse:
    """Begin a batch; the page sends its files one after the other."""
    form = Form(request)
    venue_id, agency_id = chosen_scope(form, await scopes_of(actor))
    if form.errors:
        raise Invalid("The scope is none of theirs.", sentence=next(iter(form.errors.values())))
    begun = await import_batches.begin(actor, venue_id=venue_id, agency_id=agency_id)
    return json({"batch": begun.id}, status=201)


@staff(Permission.WRITE_DOCUMENTS)
async def receive(request: Request, actor: Actor, batch_id: int) -> HTTPResponse:
    """Take one file in: its bytes are the body, its name is in a header."""
    announced = request.headers.get("content-length", "")
    taken = await import_batches.receive(
        actor,
        batch_id,
        unquote(request.headers.get(_NAME_HEADER, "")),
        _body(request),
        announced=int(announced) if announced.isdecimal() else None,
    )
    context_of(request).files_came.set()
    reason = taken.failures[0]["reason"] if taken.failures else ""
    return json({"file": taken.id, "reason": reason}, status=422 if reason else 201)


@staff(Permission.WRITE_DOCUMENTS)
async def batch(request: Request, actor: Actor, batch_id: int) -> HTTPResponse:
    """Show what became of the files of a batch."""
    return await _shown(request, actor, batch_id, "console/import_batch.html")


@staff(Permission.WRITE_DOCUMENTS, is_active=False)
async def files(request: Request, actor: Actor, batch_id: int) -> HTTPResponse:
    """Show the files alone; the page fetches this until all are read."""
    return await _shown(request, actor, batch_id, "console/import_files.html")


async def _shown(request: Request, actor: Actor, batch_id: int, template: str) -> HTTPResponse:
    found, taken = await import_batches.show(actor, batch_id)
    unfinished = {ImportState.WAITING, ImportState.READING}
    return show(
        request,
        actor,
        template,
        batch=found,
        files=taken,
        is_finished=not any(file.state in unfinished for file in taken),
        shown_failures=_SHOWN_FAILURES,
    )


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream  # Sanic declares a type without its methods.
    while chunk := await stream.read():
        yield chunk

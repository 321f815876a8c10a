"""Files of a case at the console: put in, sent out, proof of identity only for a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from models.application_file import FilePurpose
from server.console.forms import Form
from server.console.pages import go_on
from server.console.staff_door import staff
from server.context import context_of
from server.sending_files import send_content
from services import application_files
from services.access import Actor, Permission
from services.applicants import Reason
from services.errors import Invalid, NotFound

_WORK = Permission.WORK_ON_APPLICATIONS


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    files = "/applications/<application_id:int>/files"
    routes.add_route(receive, files, methods={"POST"}, name="put_case_file_in", stream=True)
    routes.add_route(send, f"{files}/<file_id:int>/file", name="case_file")
    routes.add_route(
        send_identity, f"{files}/<file_id:int>/identity", methods={"POST"}, name="identity_file"
    )


@staff(_WORK)
async def receive(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Take a file in: its bytes are the body, its name and what it is are in headers."""
    purpose = request.headers.get("x-file-purpose", "")
    if purpose not in set(FilePurpose):
        raise Invalid("What the file is is missing.", sentence="请选择这是什么材料。")
    taken = await application_files.store(
        actor, application_id, FilePurpose(purpose),
        unquote(request.headers.get("x-file-name", "")), _body(request),
        keys=context_of(request).parts.keys,
    )  # fmt: skip
    return json({"file": taken.id}, status=201)


@staff(_WORK)
async def send(request: Request, actor: Actor, application_id: int, file_id: int) -> None:
    """Send a file."""
    await _send(request, actor, application_id, file_id, None)


@staff(_WORK)
async def send_identity(
    request: Request, actor: Actor, application_id: int, file_id: int
) -> HTTPResponse | None:
    """Send proof of identity, for a reason that goes on the record."""
    reason = Form(request).choice("reason", "事由", Reason)
    if reason is None:
        return go_on(request, f"/console/applications/{application_id}", "请选择查看的事由。")
    await _send(request, actor, application_id, file_id, reason)
    return None


async def _send(
    request: Request, actor: Actor, application_id: int, file_id: int, reason: Reason | None
) -> None:
    file, content = await application_files.opened(
        actor, file_id, keys=context_of(request).parts.keys, reason=reason
    )
    if file.application_id != application_id:
        raise NotFound("It belongs to another case.")
    await send_content(request, content, file.name, file.media_type, file.size_bytes)


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream  # Sanic declares a type without its methods.
    while chunk := await stream.read():
        yield chunk

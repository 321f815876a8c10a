"""What applicants sent from the phone and what waits for staff: set aside where it is not followed.

What is followed is registered by the act itself, which takes up what waits.
"""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from server.console.forms import Form
from server.console.pages import go_on
from server.console.staff_door import staff
from services import application_messages
from services.access import Actor, Permission
from services.errors import EditedMeanwhile

_PATH = "/console/applications"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(
        set_aside, "/applications/<application_id:int>/messages/<message_id:int>/set-aside",
        methods={"POST"}, name="set_message_aside",
    )  # fmt: skip


@staff(Permission.WORK_ON_APPLICATIONS)
async def set_aside(
    request: Request, actor: Actor, application_id: int, message_id: int
) -> HTTPResponse:
    """Note that a message is not followed."""
    page = f"{_PATH}/{application_id}#messages"
    try:
        await application_messages.set_aside(
            actor, application_id, message_id, edits=Form(request).edits()
        )
    except EditedMeanwhile:
        return go_on(request, page, "这条内容已经有人处理过了。")
    return go_on(request, page, "已记下不采用，内容留在案卷里。")

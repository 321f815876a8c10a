"""What staff see: what is loaded, which engines run, who waits for help, what was left."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import redirect

from models.help_call import HelpCall
from server.context import context_of
from server.engines import open_model_store
from server.readiness import readiness
from services import help_calls, holdings, left_questions


async def overview(request: Request) -> HTTPResponse:
    """Show everything at once."""
    context = context_of(request)
    store = open_model_store(context.parts.settings)
    return context.pages.show(
        "console.html",
        readiness=await readiness(context),
        holdings=await holdings.count(),
        recogniser_note=context.parts.recogniser_note,
        synthesiser_note=context.parts.synthesiser_note,
        models=await asyncio.to_thread(store.status),
        left=await left_questions.newest(keys=context.parts.keys),
        local=_local,
        **await _calls(),
    )


async def calls(request: Request) -> HTTPResponse:
    """Show the open calls only; the overview fetches this every other second."""
    return context_of(request).pages.show("console_calls.html", **await _calls())


async def take_call(request: Request, call_id: int) -> HTTPResponse:
    """Note that somebody goes to the kiosk."""
    await help_calls.take(call_id, taken_at=datetime.now(UTC))
    return redirect("/console", status=303)


async def _calls() -> dict[str, Any]:
    waiting: list[HelpCall] = await help_calls.waiting()
    now = datetime.now(UTC)
    minutes = {call.id: int((now - call.called_at).total_seconds() // 60) for call in waiting}
    return {"calls": waiting, "minutes": minutes}


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%m月%d日 %H:%M}"

"""The result list for a few words."""

from __future__ import annotations

import msgspec
from sanic import HTTPResponse, Request
from sanic.response import json

from models.ledger_count import Counted
from services import ledger, venues
from services.errors import Invalid
from services.replies import Hit

_MOST = 100


class SearchReply(msgspec.Struct, frozen=True):
    """What was found, the likeliest first."""

    hits: list[Hit]


async def search(request: Request) -> HTTPResponse:
    """Find entries and passages."""
    limit = request.args.get("limit", "10")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= _MOST):
        raise Invalid(
            "limit must be a number from 1 to 100.", sentence="条数应为 1 到 100 的数字。"
        )
    code = request.args.get("venue")
    venue = (await venues.by_code(code)).id if code else None
    hits = await request.app.ctx.library.search(request.args.get("q", ""), int(limit), venue)
    ledger.note(Counted.SEARCH, venue)
    return json(SearchReply(hits))

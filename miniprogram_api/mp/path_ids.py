"""Numbers in addresses that no row can have: nothing is found under them, and no database is asked."""

from __future__ import annotations

from sanic import Request

from services.errors import NotFound

LARGEST_ID = 2**31 - 1


async def require_possible(request: Request) -> None:
    """Raise NotFound for an address with a number that is no row's."""
    for value in request.match_info.values():
        if type(value) is int and not 0 < value <= LARGEST_ID:
            raise NotFound("No row has such a number.")

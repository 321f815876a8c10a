"""Where phones reach this server, for what is printed or drawn as a code."""

from __future__ import annotations

from sanic import Request

from server.context import context_of


def public_address(request: Request) -> str:
    """Return where phones reach this server."""
    return context_of(request).parts.settings.public_url or f"{request.scheme}://{request.host}"

"""The public pages: plain pages that anybody may read, on any machine, without a script."""

from __future__ import annotations

from sanic import Blueprint

from server.reading import answers, codes, documents, speech, venues

_MODULES = (documents, codes, speech, answers, venues)


def reading_routes() -> Blueprint:
    """Return the routes of the public pages."""
    routes = Blueprint("reading")
    for module in _MODULES:
        module.add_routes(routes)
    return routes

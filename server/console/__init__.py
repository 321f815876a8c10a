"""The staff door. Until there is a sign-in, it opens on the machine itself only."""

from __future__ import annotations

from sanic import Blueprint

from server.console import overview
from server.same_origin import require_this_machine


def console_routes() -> Blueprint:
    """Return the routes of the console."""
    routes = Blueprint("console", url_prefix="/console")
    routes.on_request(require_this_machine)
    routes.add_route(overview.overview, "/", name="overview", strict_slashes=False)
    routes.add_route(overview.calls, "/help-calls", name="calls")
    routes.add_route(
        overview.take_call, "/help-calls/<call_id:int>/taken", methods={"POST"}, name="take_call"
    )
    return routes

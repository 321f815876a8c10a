"""The mini-program's door: version 1 of what phones call. Old versions of the mini-program live on."""

from __future__ import annotations

from sanic import Blueprint

from miniprogram_api.mp import (
    application_acts,
    application_files,
    applications,
    ask_stream,
    asking,
    catalogue,
    documents,
    drafts,
    handovers,
    help_calls,
    home,
    inbox,
    inquiries,
    me,
    notices,
    path_ids,
    ratings,
    recordings,
    sessions,
    signing_in,
    sounds,
    subscriptions,
)
from miniprogram_api.wechat import push

_MODULES = (
    *(signing_in, me, home),
    *(catalogue, documents, sounds, asking, recordings, ask_stream, inquiries, ratings),
    help_calls,
    *(applications, application_acts, application_files, drafts, handovers),
    *(notices, inbox, subscriptions),
    push,
)
"""Each adds its routes with add_to."""


def mp_routes() -> Blueprint:
    """Return the routes of /mp/v1."""
    routes = Blueprint("mp", url_prefix="/mp/v1")
    # Before a connection is taken up: a socket is refused like any other request.
    routes.on_request(sessions.admit)
    routes.on_request(path_ids.require_possible)
    for module in _MODULES:
        module.add_to(routes)
    return routes

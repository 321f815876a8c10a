"""The public pages: plain pages that anybody may read, on any machine, without a script."""

from __future__ import annotations

from server.reading import (
    answers,
    application_drafts,
    application_forms,
    application_handovers,
    application_referrals,
    application_sending,
    application_status,
    applications,
    catalogue,
    codes,
    documents,
    gazettes,
    notices,
    speech,
    suggestions,
    venues,
)
from server.routes import Routes

_MODULES = (
    *(catalogue, documents, codes, speech, gazettes, answers, suggestions, venues, notices),
    *(applications, application_drafts, application_referrals, application_sending),
    *(application_forms, application_handovers, application_status),
)


def reading_routes() -> Routes:
    """Return the routes of the public pages."""
    routes = Routes("reading")
    for module in _MODULES:
        module.add_routes(routes)
    return routes

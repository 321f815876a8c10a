"""The public door: version 1 of the API, stable for clients in the wild."""

from __future__ import annotations

from sanic import Blueprint

from miniprogram_api import applications, ask, documents, questions, search, suggestions, venues


def api_routes() -> Blueprint:
    """Return the routes of /api/v1."""
    routes = Blueprint("miniprogram_api", url_prefix="/api/v1")
    routes.add_route(ask.ask, "/ask", methods={"POST"}, name="ask")
    routes.add_route(search.search, "/search", name="search")
    routes.add_route(documents.show_document, "/documents/<wanted:str>", name="show_document")
    routes.add_route(venues.every, "/venues", name="venues")
    routes.add_route(venues.one, "/venues/<code:str>", name="venue")
    routes.add_route(questions.leave, "/questions", methods={"POST"}, name="leave_question")
    routes.add_route(questions.show, "/questions/<number:str>", name="show_question")
    routes.add_route(suggestions.leave, "/suggestions", methods={"POST"}, name="leave_suggestion")
    routes.add_route(suggestions.show, "/suggestions/<number:str>", name="show_suggestion")
    routes.add_route(applications.agencies, "/agencies", name="agencies")
    routes.add_route(applications.file, "/applications", methods={"POST"}, name="file_application")
    routes.add_route(
        applications.status, "/applications/status", methods={"POST"}, name="application_status"
    )
    return routes

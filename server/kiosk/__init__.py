"""The voice door: the kiosk page, its voice connection, its calls for help, its notices."""

from __future__ import annotations

from sanic import Request
from sanic.exceptions import SanicException

from server.kiosk import consultation, doors, enrolment, notices
from server.kiosk.voice import voice
from server.routes import Routes


def kiosk_routes() -> Routes:
    """Return the routes of the kiosk."""
    routes = Routes("kiosk", url_prefix="/kiosk")
    routes.add_route(doors.page, "/", name="page", strict_slashes=False)
    routes.add_route(doors.settings_page, "/settings", name="settings")
    routes.add_route(doors.speech, "/speech/<token:str>", name="speech")
    routes.add_route(doors.call_for_help, "/help", methods={"POST"}, name="call_for_help")
    routes.add_route(doors.help_call, "/help/<call_id:int>", name="help_call")
    routes.add_route(doors.note_visit, "/visits", methods={"POST"}, name="note_visit")
    routes.add_route(
        consultation.leave_question, "/questions", methods={"POST"}, name="leave_question"
    )
    routes.add_route(consultation.suggest, "/suggestions", methods={"POST"}, name="suggest")
    routes.add_route(consultation.rate, "/ratings", methods={"POST"}, name="rate")
    routes.add_route(consultation.elsewhere, "/elsewhere", name="elsewhere")
    routes.add_route(consultation.look_up, "/questions/<number:str>", name="look_up")
    routes.add_route(notices.every, "/notices", name="notices")
    routes.add_route(notices.one, "/notices/<notice_id:int>", name="notice")
    routes.add_route(
        notices.shown, "/notices/<notice_id:int>/shown", methods={"POST"}, name="notice_shown"
    )
    routes.add_route(enrolment.enrol, "/enrolment", methods={"POST"}, name="enrol")
    routes.add_route(enrolment.presence, "/presence", methods={"POST"}, name="presence")
    routes.add_route(enrolment.report_fault, "/faults", methods={"POST"}, name="report_fault")
    routes.on_request(_require_upgrade)
    routes.on_request(enrolment.require_kiosk)
    routes.add_websocket_route(voice, "/voice", name="voice")
    return routes


def _require_upgrade(request: Request) -> None:
    """Tell a program that only looks at the voice address what it is for."""
    if not request.path.endswith("/voice"):
        return
    wanted = request.headers.get("upgrade", "").lower()
    if wanted != "websocket" or not request.headers.get("sec-websocket-key"):
        raise SanicException(
            "This is a WebSocket.", status_code=426, headers={"Upgrade": "websocket"}
        )

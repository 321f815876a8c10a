"""The web application: every door on one Sanic app."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import TYPE_CHECKING

import msgspec
import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.config import Config
from sanic.exceptions import PayloadTooLarge
from sanic.response import raw, redirect

from miniprogram_api import api_routes
from miniprogram_api.mp import mp_routes
from server.console import console_routes
from server.context import Context, context_of
from server.errors import PHONES, PROGRAMS, ProblemHandler, problem_codes
from server.kiosk import kiosk_routes
from server.metrics import Metrics
from server.openapi import describe_api
from server.pages import SECURITY_HEADERS, STATIC, Pages
from server.readiness import healthz, metrics, readyz
from server.reading import reading_routes
from server.same_origin import address_of, require_same_origin
from server.speech_desk import SpeechDesk
from server.visiting import is_kiosk
from services.errors import NotFound
from services.voice_places import VoiceLimits

if TYPE_CHECKING:
    from server.parts import Parts

LARGEST_BODY = 64 * 1024
"""Bytes of any request that is not refused, but for forms that take long texts, and files."""
LARGEST_LONG_TEXT = 2 * 1024 * 1024
"""Bytes of a form whose route says that it takes long texts (ctx_takes_long_text)."""
_LARGEST_READ = LARGEST_LONG_TEXT + LARGEST_BODY
"""Bytes that are read before refusing, so that the sender sees the refusal and not a reset."""
_LARGEST_FRAME = 64 * 1024
"""Bytes of one message on the voice connection: two seconds of sound."""
_LARGEST_ID = 2**31 - 1
"""The largest number that a row may have on every database."""
_numbers = itertools.count(1)


def create_app(
    parts: Parts, *, voice_limits: VoiceLimits | None = None, is_only_one: bool = False
) -> Sanic[Config, Context]:
    """Return the application that serves these parts. Loads nothing by itself."""
    counted = Metrics()
    context = Context(
        parts=parts,
        metrics=counted,
        pages=Pages(),
        speech=SpeechDesk(parts.synthesiser, parts.settings.voice, counted, parts.keys.speech),
        voice_limits=voice_limits or VoiceLimits(listening_at_once=parts.listening_at_once),
    )
    app: Sanic[Config, Context] = Sanic(
        f"openzone-{next(_numbers)}",
        ctx=context,
        error_handler=ProblemHandler(),
        dumps=msgspec.json.encode,
        configure_logging=False,
    )
    app.config.AUTO_EXTEND = False
    app.config.ACCESS_LOG = False
    # Sanic leaves out of its own methods what nobody listens to, for one app of a process only. It
    # saves an eighth of what a typed question costs.
    app.config.TOUCHUP = is_only_one
    app.config.REQUEST_MAX_SIZE = _LARGEST_READ
    app.config.WEBSOCKET_MAX_SIZE = _LARGEST_FRAME
    app.on_request(_begin)
    app.on_request(_guard)
    app.on_response(_finish)  # type: ignore[no-untyped-call]
    _add_routes(app)
    return app


def _add_routes(app: Sanic[Config, Context]) -> None:
    app.blueprint(api_routes())
    app.blueprint(mp_routes())
    app.blueprint(kiosk_routes())
    app.blueprint(reading_routes())
    app.blueprint(console_routes())
    app.static("/static", STATIC, name="static")
    app.add_route(_to_first_page, "/", name="root")
    app.add_route(healthz, "/healthz", name="healthz")
    app.add_route(readyz, "/readyz", name="readyz")
    app.add_route(metrics, "/metrics", name="metrics")
    app.add_route(_openapi, "/openapi.json", name="openapi")
    app.add_route(_docs, "/docs", name="docs")


def _begin(request: Request) -> None:
    # Our own id, never the sender's: it is logged, and senders can write anything into theirs.
    request.ctx.request_id = secrets.token_hex(8)
    request.ctx.began = time.perf_counter()
    request.ctx.address = address_of(request)
    if request.path.startswith(PROGRAMS):
        context_of(request).asked_at = time.monotonic()


def _guard(request: Request) -> None:
    if any(isinstance(n, int) and not 0 <= n <= _LARGEST_ID for n in request.match_info.values()):
        # Databases refuse such numbers in words of their own.
        raise NotFound("No row has such a number.")
    takes_long_text = request.route is not None and getattr(
        request.route.ctx, "takes_long_text", False
    )
    largest = LARGEST_LONG_TEXT if takes_long_text else LARGEST_BODY
    if len(request.body) > largest:
        raise PayloadTooLarge(f"A body may have {largest} bytes.")
    if request.path.startswith(PHONES):
        return  # They have no cookies that a foreign page could use, and send odd headers.
    is_voice = "upgrade" in request.headers.get("connection", "").lower()
    if is_voice or request.method not in {"GET", "HEAD"}:
        require_same_origin(request)


def _finish(request: Request, response: HTTPResponse) -> None:
    for header, value in SECURITY_HEADERS.items():
        response.headers.setdefault(header, value)
    if "cache-control" not in response.headers:
        response.headers["Cache-Control"] = (
            "no-cache" if request.path.startswith("/static/") else "no-store"
        )
    request_id = getattr(request.ctx, "request_id", "")
    if request_id:
        response.headers["X-Request-ID"] = request_id
    _count(request, response, request_id)


def _count(request: Request, response: HTTPResponse, request_id: str) -> None:
    counted = context_of(request).metrics
    # The pattern, not the address: an address may hold a token or what somebody typed.
    route = f"/{request.route.path}" if request.route is not None else "unmatched"
    seconds = time.perf_counter() - getattr(request.ctx, "began", time.perf_counter())
    counted.requests.labels(request.method, route, response.status).inc()
    counted.request_seconds.labels(route).observe(seconds)
    decision = getattr(request.ctx, "decision", None)
    if decision is not None:
        counted.asks.labels("api", decision).inc()
    structlog.get_logger().info(
        "request answered",
        request_id=request_id,
        method=request.method,
        route=route,
        status=response.status,
        ms=round(seconds * 1000, 1),
    )


async def _to_first_page(request: Request) -> HTTPResponse:
    return redirect("/kiosk" if await is_kiosk(request) else "/documents")


async def _openapi(_request: Request) -> HTTPResponse:
    return raw(msgspec.json.encode(describe_api()), content_type="application/json")


async def _docs(request: Request) -> HTTPResponse:
    return context_of(request).pages.show("docs.html", api=describe_api(), problems=problem_codes())

"""Every failure as a problem of RFC 9457, with a sentence that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import structlog
from sanic import HTTPResponse, Request
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.response import raw

from server.context import context_of
from server.rate_limit import TooManyRequests
from services import errors as office
from services.logged_failures import failure_fields
from speech import errors as speech

PHONES = "/mp/"
PROGRAMS = ("/api/", PHONES)
"""Addresses at which no person with a browser waits."""

STATUS: dict[type[Exception], int] = {
    office.NotFound: 404,
    office.NotAllowed: 403,
    office.NotSignedIn: 401,
    office.Invalid: 422,
    office.Conflict: 409,
    office.Unavailable: 503,
    TooManyRequests: 429,
    speech.UnreadableAudio: 422,
    speech.UnknownVoice: 422,
    speech.SpeechError: 503,
    msgspec.ValidationError: 422,
    msgspec.DecodeError: 400,
    UnicodeDecodeError: 400,
}
"""The status of each family; the nearest ancestor counts."""

_NOT_KEEPABLE = "22021"
"""What PostgreSQL says of a text with a zero character (character_not_in_repertoire), which it neither
keeps nor looks for: whoever sent it is wrong, and not the server."""

TITLES = {
    400: "请求格式有误",
    401: "没有登录",
    403: "不允许",
    404: "没有找到",
    405: "方法不对",
    408: "等待超时",
    409: "内容有冲突",
    413: "内容太长",
    422: "内容不能用",
    426: "要用语音连接",
    429: "过于频繁",
    500: "系统出错",
    503: "暂时不可用",
}

_SENTENCES = {
    "malformed": "提交的内容读不出来，请检查格式后重新提交。",
    "invalid": office.Invalid.sentence,
    "not_found": "没有这个页面或接口，请返回首页重新开始。",
    "method_not_allowed": "这个地址不支持这种操作，请返回首页重新开始。",
    "too_large": "内容太长了，请用一两句话说明您想问的事。",
    "upgrade_required": "这个地址只供自助机页面的语音连接使用。",
    "timeout": "等待的时间太长了，请再试一次。",
    "forbidden": office.NotAllowed.sentence,
    "unavailable": office.Unavailable.sentence,
    "error": office.OpenZoneError.sentence,
    "unreadable_audio": "这段声音读不出来，请换一个文件，或再录一次。",
    "unknown_voice": "没有这个声音可选，请换一个。",
    "synthesis_failed": "这句话暂时念不出来，请看屏幕上的文字。",
    "speech_error": office.EngineMissing.sentence,
    "engine_busy": office.Unavailable.sentence,
    "engine_broken": office.EngineMissing.sentence,
    "model_unavailable": office.EngineMissing.sentence,
}
_CODES_OF_STATUS = {
    400: "malformed",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    413: "too_large",
    426: "upgrade_required",
    503: "unavailable",
}


class Problem(msgspec.Struct, frozen=True):
    """A failure, as RFC 9457 wants it told."""

    type: str
    """Where the problem is explained."""
    title: str
    status: int
    detail: str
    """For programmers, in English; empty when it is the server's own fault."""
    code: str
    """Stable; programs switch on it."""
    sentence: str
    """For people, in Chinese: what to do now."""
    request_id: str
    """Staff can find the log line by it."""


@dataclass(frozen=True)
class Described:
    """What one exception is called outside."""

    status: int
    code: str
    sentence: str
    detail: str


def describe(error: BaseException) -> Described:
    """Return the status, code and sentence of any exception."""
    if isinstance(error, SanicException):
        code = _CODES_OF_STATUS.get(error.status_code, "error")
        status = error.status_code
        if status >= 500 or code == "error":
            status = status if code != "error" else max(status, 500)
        return Described(status, code, _SENTENCES[code], str(error) if status < 500 else "")
    if getattr(error.__cause__, "sqlstate", "") == _NOT_KEEPABLE:
        error = office.Invalid("A text holds a character that is none.")
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if isinstance(error, office.OpenZoneError):
        return Described(status, error.code, error.sentence, str(error))
    code = "error"
    if isinstance(error, speech.SpeechError):
        code = error.code
    elif isinstance(error, msgspec.ValidationError):
        code = "invalid"
    elif isinstance(error, msgspec.DecodeError | UnicodeDecodeError):
        code = "malformed"
    detail = str(error) if status < 500 else ""
    return Described(status, code, _SENTENCES.get(code, _SENTENCES["error"]), detail)


def wants_html(request: Request) -> bool:
    """Whether a person with a browser is waiting rather than a program."""
    if request.path.startswith(PROGRAMS):
        return False
    best = request.accept.match("application/json", "application/problem+json", "text/html")
    return bool(best) and str(best.mime) == "text/html"


class ProblemHandler(ErrorHandler):
    """Turns every exception of a handler into a problem, and logs only the server's own faults."""

    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        told = describe(exception)
        if told.status >= 500:
            self.log(request, exception)
        request_id = getattr(request.ctx, "request_id", "")
        headers = dict(getattr(exception, "headers", None) or {})
        if wants_html(request):
            page = context_of(request).pages.show(
                "problem.html",
                status=told.status,
                title=TITLES.get(told.status, TITLES[500]),
                sentence=told.sentence,
                code=told.code,
                request_id=request_id,
            )
            page.headers.extend(headers)
            return page
        problem = Problem(
            type=f"/docs#problem-{told.code}",
            title=TITLES.get(told.status, TITLES[500]),
            status=told.status,
            detail=told.detail,
            code=told.code,
            sentence=told.sentence,
            request_id=request_id,
        )
        return raw(
            msgspec.json.encode(problem),
            status=told.status,
            headers=headers,
            content_type="application/problem+json",
        )

    @staticmethod
    def log(request: Request, exception: Exception) -> None:
        """Log the type and place of a failure, never its words nor the address asked for."""
        structlog.get_logger().error(
            "request failed",
            request_id=getattr(request.ctx, "request_id", ""),
            **failure_fields(exception),
        )


def problem_codes() -> dict[str, str]:
    """Return every code there is with its sentence, for the documentation."""
    codes = dict(_SENTENCES)
    waiting: list[type[office.OpenZoneError]] = [office.OpenZoneError]
    while waiting:
        kind = waiting.pop()
        codes[kind.code] = codes.get(kind.code, kind.sentence)
        waiting += kind.__subclasses__()
    return dict(sorted(codes.items()))

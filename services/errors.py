"""What can go wrong in the office, free of HTTP.

OpenZoneError
├── NotFound        what was asked for is not here
├── NotAllowed      this person or place may not do this
│   ├── NotSignedIn
│   ├── SignInFailed
│   └── AreaMissing     the zone has not the area for it; the sentence says which zone has
├── Invalid         what was sent cannot be used; the sender can mend it
│   └── QuestionTooLong
├── Conflict        it no longer fits the present state
└── Unavailable     an engine or store is not ready; trying again later may help
    └── EngineMissing
"""

from __future__ import annotations


class OpenZoneError(Exception):
    """A failure with a stable code for programs and a Chinese sentence for people."""

    code = "error"
    sentence = "系统出了点问题，请稍后再试，或请工作人员帮忙。"

    def __init__(self, detail: str = "", *, sentence: str | None = None) -> None:
        super().__init__(detail or self.code)
        if sentence is not None:
            self.sentence = sentence


class NotFound(OpenZoneError):
    code = "not_found"
    sentence = "没有找到您要的内容，它可能已经撤下，请换个说法再查一次。"


class NotAllowed(OpenZoneError):
    code = "not_allowed"
    sentence = "这里不能进行这项操作，请联系工作人员。"


class NotSignedIn(NotAllowed):
    code = "not_signed_in"
    sentence = "请先登录，再进行这项操作。"


class SignInFailed(NotAllowed):
    code = "sign_in_failed"
    sentence = "用户名、密码或动态口令不对。多次输错后要等一会儿才能再试。"


class AreaMissing(NotAllowed):
    code = "area_missing"
    sentence = "这里的专区不办理这项业务，请到政务服务中心的政务公开专区办理。"


class Invalid(OpenZoneError):
    code = "invalid"
    sentence = "提交的内容有误，请检查后重新提交。"


class QuestionTooLong(Invalid):
    code = "question_too_long"
    sentence = "问题太长了，请用一两句话说明您想问的事。"


class Conflict(OpenZoneError):
    code = "conflict"
    sentence = "这项内容刚刚被改动过，请刷新后再试。"


class Unavailable(OpenZoneError):
    code = "unavailable"
    sentence = "系统正忙，请稍等片刻再试，或请工作人员帮忙。"


class EngineMissing(Unavailable):
    code = "engine_missing"
    sentence = "语音功能暂时不能用，您可以打字提问，或请工作人员帮忙。"

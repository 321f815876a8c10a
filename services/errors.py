"""What can go wrong in the office, free of HTTP.

OpenZoneError
├── NotFound        what was asked for is not here
│   └── Withdrawn
├── NotAllowed      this person or place may not do this
│   ├── NotSignedIn
│   ├── SignInFailed
│   ├── AreaMissing     the zone has not the area for it; the sentence says which zone has
│   ├── NotAcceptedHere the zone takes no applications for that agency
│   └── SecondPersonNeeded
├── Invalid         what was sent cannot be used; the sender can mend it
│   └── QuestionTooLong
├── Conflict        it no longer fits the present state
│   ├── EditedMeanwhile
│   └── WrongState
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


class Withdrawn(NotFound):
    """It was published once, and no longer is."""

    code = "withdrawn"
    sentence = "这份内容已经撤下。"

    def __init__(
        self, detail: str = "", *, sentence: str | None = None, replaced_by: int | None = None
    ) -> None:
        super().__init__(detail, sentence=sentence)
        self.replaced_by = replaced_by
        """The id of the document to read in its place, None where there is none."""


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


class NotAcceptedHere(NotAllowed):
    """A zone takes applications for the agencies that authorised it alone: the way is shown instead."""

    code = "not_accepted_here"
    sentence = "这里的专区不代收这个机关的申请，请直接向该机关提出，或请工作人员指引。"


class SecondPersonNeeded(NotAllowed):
    """Whoever wrote or submitted something may not pass its secrecy check."""

    code = "second_person_needed"
    sentence = "保密审查要由另一个人来做：您写过或提交过这一稿，请换一位审查人。"


class Invalid(OpenZoneError):
    code = "invalid"
    sentence = "提交的内容有误，请检查后重新提交。"


class QuestionTooLong(Invalid):
    code = "question_too_long"
    sentence = "问题太长了，请用一两句话说明您想问的事。"


class Conflict(OpenZoneError):
    code = "conflict"
    sentence = "这项内容刚刚被改动过，请刷新后再试。"


class EditedMeanwhile(Conflict):
    """Somebody else changed it since it was shown. Nothing was overwritten."""

    code = "edited_meanwhile"
    sentence = "您打开之后，别人已经改过这里。您的修改还没有保存，请对照后再改。"


class WrongState(Conflict):
    """Its state does not let that be done."""

    code = "wrong_state"
    sentence = "它现在的状态不能这样处理，请刷新后再看。"


class Unavailable(OpenZoneError):
    code = "unavailable"
    sentence = "系统正忙，请稍等片刻再试，或请工作人员帮忙。"


class EngineMissing(Unavailable):
    code = "engine_missing"
    sentence = "语音功能暂时不能用，您可以打字提问，或请工作人员帮忙。"

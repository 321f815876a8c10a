"""WeChat as the office sees it: what can be asked of it, and how it may fail.

The gateway that talks to WeChat is miniprogram_api.wechat. Services know this protocol alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from services.errors import Invalid, NotAllowed, Unavailable


class Reaction(StrEnum):
    """What is done about an answer of WeChat that is no success.

    Source: the platform's list of error codes, and what its pages ask of callers.
    """

    RETRY = "retry"
    """Busy: the same again after a pause, three times at most."""
    RETRY_SOON = "retry_soon"
    """Two calls about one person at once: the same again after about a second."""
    RETRY_NEXT_MINUTE = "retry_next_minute"
    REFRESH = "refresh"
    """The access token is worn out: a new one, and once more."""
    STOP_FOR_TODAY = "stop_for_today"
    """The day's quota of that API is gone."""
    GIVE_UP = "give_up"
    """Permanent for this person or this text; a normal outcome."""
    TELL_USER = "tell_user"
    """The person has to do something: sign in again, press the button again."""
    ALARM = "alarm"
    """Configuration or account: whoever runs the installation has to act, nothing is repeated."""
    MEND = "mend"
    """What was sent is wrong: a fault of the program or of what staff wrote."""


class WeChatFailed(Unavailable):
    """WeChat gave no usable answer, or refused. Tells nothing of whom it was about."""

    code = "wechat_failed"
    sentence = "微信暂时没有响应，请稍后再试；也可以在自助机或窗口办理。"

    def __init__(
        self,
        detail: str = "",
        *,
        reaction: Reaction = Reaction.RETRY,
        errcode: int | None = None,
        rid: str = "",
        is_fate_unknown: bool = False,
        field_name: str = "",
        told: str = "",
    ) -> None:
        super().__init__(detail)
        self.reaction = reaction
        self.errcode = errcode
        self.rid = rid
        """What WeChat asks for when it is asked about a call."""
        self.is_fate_unknown = is_fate_unknown
        """Whether WeChat may have done what it was asked to: the answer was lost."""
        self.field_name = field_name
        """The field of a card that WeChat names (47003), "" otherwise."""
        self.told = told
        """What whoever runs the installation needs to know: the address that WeChat saw (40164)."""


class WeChatCodeRefused(Invalid):
    """A login or phone code that is unknown, used, expired or another app's."""

    code = "wechat_code_refused"
    sentence = "登录凭证已经失效，请退出小程序重新进入，再试一次。"


class WeChatUserBlocked(NotAllowed):
    """WeChat does not let this person sign in (40226)."""

    code = "wechat_user_blocked"
    sentence = "微信暂不允许这个账号登录，请到自助机或窗口办理。"


@dataclass(frozen=True)
class SignedIn:
    """Whom a login code belongs to."""

    openid: str = field(repr=False)
    session_key: str = field(repr=False)
    unionid: str = field(default="", repr=False)
    """ "" where the mini-program belongs to no open-platform account."""


@dataclass(frozen=True)
class Card:
    """A subscription message (订阅消息) to one person."""

    openid: str = field(repr=False)
    template_id: str
    values: dict[str, str]
    """By the template's keys: {"thing1": "…"}."""
    page: str
    """The page that it opens, with its query; "" for none."""


@dataclass(frozen=True)
class CardTemplate:
    """A template that the account has."""

    template_id: str
    title: str
    content: str
    """「事项:{{thing1.DATA}}\\n时间:{{date2.DATA}}」, as WeChat lists it."""
    example: str
    is_long_term: bool
    choices: dict[str, list[str]]
    """What an enumerated field may hold, by key."""


class Suggestion(StrEnum):
    """What WeChat suggests to do with a text (suggest)."""

    PASS = "pass"
    REVIEW = "review"
    RISKY = "risky"


@dataclass(frozen=True)
class TextVerdict:
    """What WeChat thinks of a text."""

    suggestion: Suggestion
    label: int
    """100 is normal; 20001 politics, 20006 crime, and so on."""
    trace_id: str


@dataclass(frozen=True)
class CodeImage:
    """The picture of a mini-program code (小程序码)."""

    data: bytes
    media_type: str
    """image/jpeg or image/png, by what the bytes are."""


class WeChat(Protocol):
    """What the installation asks of WeChat. Every call is bounded in time.

    All raise WeChatFailed, at once where WeChat is known to be down.
    """

    app_id: str

    async def sign_in(self, code: str) -> SignedIn:
        """Exchange a login code, once. Raises WeChatCodeRefused, WeChatUserBlocked."""
        ...

    async def phone_number(self, code: str, openid: str) -> str:
        """Return the number of whoever pressed the button. Raises WeChatCodeRefused."""
        ...

    async def send_card(self, card: Card) -> str:
        """Send a card; return its msgid, "" where WeChat names none.

        Never repeated where its fate is unknown (is_fate_unknown).
        """
        ...

    async def check_text(self, text: str, openid: str) -> TextVerdict:
        """Have a text of any length checked; the worst part's verdict counts."""
        ...

    async def code_image(self, scene: str, page: str, *, width: int = 430) -> CodeImage:
        """Return the code that opens a page with a scene."""
        ...

    async def templates(self) -> list[CardTemplate]:
        """Return the templates that the account has."""
        ...

    async def close(self) -> None:
        """Let go of threads and connections."""
        ...

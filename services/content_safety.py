"""Text that people send from WeChat and that others will see is looked at first (内容安全).

WeChat decides where it can. Where it is in doubt or cannot be asked the text waits for a person of
the staff: it is never lost, and goes nowhere before.
"""

from __future__ import annotations

import asyncio

import structlog

from models.content_safety import ContentSafety
from services.errors import Invalid, WrongState
from services.wechat import Suggestion, WeChat, WeChatFailed

_BUDGET_S = 2.0
"""Seconds that a citizen waits for WeChat's verdict before a person gives it."""

log = structlog.get_logger(__name__)


class ContentRefused(Invalid):
    """WeChat found a text to break the rules of the platform."""

    code = "content_refused"
    sentence = "这段文字没有通过微信的内容安全检测，请改一改再提交；也可以到专区当面说。"


class ContentWaits(WrongState):
    """Somebody has to look at a text before it goes anywhere."""

    code = "content_waits"
    sentence = "这条留言还待人工核看，请先点“核看通过”，再拟成问答。"


async def checked(
    text: str, openid: str, wechat: WeChat | None, *, budget_s: float = _BUDGET_S
) -> ContentSafety:
    """Return what is known of a text that somebody sends from WeChat. Raises ContentRefused."""
    if wechat is None:
        return ContentSafety.NOT_CHECKED
    try:
        async with asyncio.timeout(budget_s):
            verdict = await wechat.check_text(text, openid)
    except TimeoutError:
        log.warning("content not checked", reason="timeout")
        return ContentSafety.WAITING
    except WeChatFailed as failed:
        log.warning("content not checked", reason=failed.reaction.value, errcode=failed.errcode)
        return ContentSafety.WAITING
    log.info("content checked", suggestion=verdict.suggestion.value, label=verdict.label)
    if verdict.suggestion is Suggestion.RISKY:
        raise ContentRefused("The text was found risky.")
    is_fine = verdict.suggestion is Suggestion.PASS
    return ContentSafety.PASSED if is_fine else ContentSafety.WAITING

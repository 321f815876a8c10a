"""What an answer of WeChat's makes of a card. No database here.

Source: the error codes of 发送订阅消息 (subscribe/send), and what its page asks of callers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from models.delivery import DeliveryState
from services.deliveries import Reason
from services.wechat import Reaction, WeChatFailed

MOST_ATTEMPTS = 8
"""How often a card is tried that WeChat was too busy for: over about 40 minutes."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 5.0, 600.0
_SOON_S = 1.0
_FIRST_DELAY_S, _LONGEST_DELAY_S = 60.0, 6 * 3_600.0
"""For what somebody has to put right first: over about a day."""
_OF_ACCOUNT = frozenset(
    {
        None,
        40001,
        40013,
        40014,
        40125,
        40164,
        40243,
        42001,
        50002,
        50004,
        50007,
        89503,
        89506,
        89507,
    }
)
"""What is wrong with these is wrong for every card."""
_S = DeliveryState


@dataclass(frozen=True)
class Outcome:
    """What becomes of a card, and what else follows."""

    state: DeliveryState
    reason: Reason | None = None
    msgid: str = ""
    errcode: int | None = None
    field_name: str = ""
    again_in_s: float = 0.0
    """Seconds until it is tried again, where it is queued."""
    counts: bool = False
    """Whether this was one of the attempts that a card has."""
    is_of_notice: bool = False
    """Whether everybody else to whom the same is owed would meet the same."""
    halts_template: bool = False
    pauses_all: bool = False
    """Whether nothing else would fare better now."""

    @property
    def gives_back(self) -> bool:
        """Whether the permission that was taken is returned: certainly nothing was sent.

        Not where WeChat says that there is none (43101), nor where nobody knows.
        """
        if self.state is _S.FAILED:
            return self.reason is not Reason.FAILED_LATER
        return self.state is _S.QUEUED


_BY_CODE = {
    # Gone from the account or none of it, banned, or not allowed to the account.
    40037: Outcome(_S.QUEUED, Reason.TEMPLATE_HALTED, halts_template=True),
    43107: Outcome(_S.QUEUED, Reason.TEMPLATE_HALTED, halts_template=True),
    48001: Outcome(_S.QUEUED, Reason.TEMPLATE_HALTED, halts_template=True),
    43101: Outcome(_S.REFUSED, Reason.DECLINED),
    40003: Outcome(_S.FAILED, Reason.UNREACHABLE),
    45168: Outcome(_S.FAILED, Reason.SENSITIVE_WORDS, is_of_notice=True),
    47003: Outcome(_S.FAILED, Reason.ARGS_INVALID, is_of_notice=True),
}
_BY_REACTION = {
    Reaction.STOP_FOR_TODAY: Outcome(_S.QUEUED, Reason.QUOTA, pauses_all=True),
    Reaction.RETRY_NEXT_MINUTE: Outcome(_S.QUEUED, Reason.QUOTA, pauses_all=True),
    Reaction.ALARM: Outcome(_S.QUEUED, Reason.ACCOUNT, pauses_all=True),
    Reaction.REFRESH: Outcome(_S.QUEUED, Reason.ACCOUNT, pauses_all=True),
}


def sent(msgid: str) -> Outcome:
    """Return what a success makes of a card."""
    return Outcome(_S.SENT, msgid=msgid[:30])


def lost() -> Outcome:
    """Return what an answer that never came makes of a card."""
    return Outcome(_S.UNKNOWN, Reason.ANSWER_LOST)


def failed(failure: WeChatFailed, attempts: int) -> Outcome:
    """Return what a failure makes of a card that was tried so often before."""
    code, reaction = failure.errcode, failure.reaction
    if failure.is_fate_unknown:
        return replace(lost(), errcode=code)
    known = _BY_CODE.get(code) if code is not None else None
    if known is None and reaction is Reaction.ALARM and code not in _OF_ACCOUNT:
        # A page that is not released (41030), or a code that nobody has seen yet: it may be about
        # this card alone, which must not keep all others waiting behind it.
        return _much_later(code, attempts)
    if known := known or _BY_REACTION.get(reaction):
        return replace(known, errcode=code, field_name=failure.field_name[:40])
    if reaction is Reaction.RETRY_SOON:
        return _again(code, attempts, _SOON_S * (1 + attempts))
    if reaction is Reaction.RETRY and code is None:
        # Out of reach for everybody: an hour of it must not use up anybody's attempts.
        return Outcome(_S.QUEUED, Reason.OUT_OF_REACH, pauses_all=True)
    if reaction is Reaction.RETRY:
        return _again(code, attempts, min(_FIRST_PAUSE_S * 4**attempts, _LONGEST_PAUSE_S))
    return Outcome(_S.FAILED, Reason.NOT_TAKEN, errcode=code)


def _much_later(errcode: int | None, attempts: int) -> Outcome:
    if attempts + 1 >= MOST_ATTEMPTS:
        return Outcome(_S.FAILED, Reason.NOT_TAKEN, errcode=errcode, counts=True)
    pause_s = min(_FIRST_DELAY_S * 4**attempts, _LONGEST_DELAY_S) * random.uniform(1.0, 1.3)
    return Outcome(_S.QUEUED, Reason.ACCOUNT, errcode=errcode, again_in_s=pause_s, counts=True)


def _again(errcode: int | None, attempts: int, pause_s: float) -> Outcome:
    if attempts + 1 >= MOST_ATTEMPTS:
        return Outcome(_S.FAILED, Reason.BUSY, errcode=errcode, counts=True)
    jittered = pause_s * random.uniform(1.0, 1.3)
    return Outcome(_S.QUEUED, Reason.BUSY, errcode=errcode, again_in_s=jittered, counts=True)

"""What a phone gets back to what was asked: the answer, its sounds, and what may come next."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from miniprogram_api.mp.sounds import Spoken, make_ahead, spoken
from models.venue import Area, Venue
from services import turns, venues
from services.conversation import Conversation, Turn
from services.not_understood import NOT_HEARD, Prompt
from services.replies import Answer, Decision
from services.spoken_commands import Command


class Outcome(StrEnum):
    """What became of what was said or typed."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    CONFIRM = "confirm"
    """What was heard is likely to have been something else: see `meant`."""
    HANDOFF = "handoff"
    COMMAND = "command"
    """It steers the phone, as 再说一遍 does: see `command`."""
    NOT_HEARD = "not_heard"
    """There were no intelligible words."""


class Step(StrEnum):
    """What may be done next."""

    MORE = "more"
    CHOOSE = "choose"
    AGREE = "agree"
    DISAGREE = "disagree"
    LEAVE_QUESTION = "leave_question"
    APPLY = "apply"
    CALL_FOR_HELP = "call_for_help"
    RATE = "rate"
    ASK_AGAIN = "ask_again"

    @property
    def label(self) -> str:
        """What a button may say."""
        return {
            "more": "继续",
            "choose": "选择",
            "agree": "是",
            "disagree": "不是",
            "leave_question": "留下问题",
            "apply": "申请公开",
            "call_for_help": "请工作人员帮忙",
            "rate": "评价",
            "ask_again": "重新提问",
        }[self.value]


class NextStep(msgspec.Struct, frozen=True):
    """Something that may be done next."""

    step: Step
    label: str


class Elsewhere(msgspec.Struct, frozen=True):
    """Where to go for what this zone does not do."""

    area: Area
    sentence: str


class AskReply(msgspec.Struct, frozen=True):
    """What a question gets back, the same whether it was typed, recorded or spoken."""

    transcript: str
    """The question as it was understood."""
    outcome: Outcome
    command: Command | None
    answers: tuple[Answer, ...]
    """The answer first and related ones after it; the choices; or none."""
    spoken: list[Spoken]
    """To be said at once, at most 60 characters in all."""
    more: list[list[Spoken]]
    """To be said on 继续, one list each time."""
    turn: str
    """To be sent back with what is said or typed next, so that 第二个, 是 and 要带什么 are
    understood."""
    next_steps: list[NextStep]
    elsewhere: list[Elsewhere]
    meant: str = ""
    """For the outcome confirm: what was likely meant; answered with `agrees` and the `turn`."""
    alternatives: tuple[str, ...] = ()
    """What else may have been said, the likeliest first, for correcting by touch."""


async def reply_to(
    turn: Turn, conversation: Conversation, venue: Venue, context: Any, *, rate: float
) -> AskReply:
    """Return what a phone gets of a turn; the first sounds are begun at once."""
    reply, said, now = turn.reply, turn.said, datetime.now(UTC)
    context.note_asked("phone", reply.decision)
    at_once = spoken(context.speech, reply.spoken, said)
    more = [spoken(context.speech, text, said) for text in reply.spoken_more]
    make_ahead(context.speech, [*at_once, *(more[0] if more else [])], rate)
    steps, elsewhere = await _offered(reply.decision, bool(more), venue, now)
    return AskReply(
        transcript=turn.transcript,
        outcome=Outcome(reply.decision.value),
        command=None,
        answers=reply.answers,
        spoken=at_once,
        more=more,
        turn=turns.seal(
            *(turn, conversation.offer, venue),
            keys=context.parts.keys,
            now=now,
            last=conversation.last,
        ),
        next_steps=steps,
        elsewhere=elsewhere,
        meant=reply.meant,
        alternatives=turn.alternatives,
    )


def command_heard(command: Command, transcript: str, turn: str) -> AskReply:
    """Return what a phone gets where a command was said. What was offered before still is."""
    return _without_answer(transcript, Outcome.COMMAND, command, [], turn)


def not_heard(context: Any, turn: str, prompt: Prompt = NOT_HEARD) -> AskReply:
    """Return what a phone gets where nothing was understood. What was offered before still is."""
    said = spoken(context.speech, prompt.sentence)
    reply = _without_answer("", Outcome.NOT_HEARD, None, said, turn)
    if not prompt.offers_staff:
        return reply
    steps = [_step(Step.CALL_FOR_HELP), *reply.next_steps]
    return msgspec.structs.replace(reply, next_steps=steps)


def _without_answer(
    transcript: str, outcome: Outcome, command: Command | None, said: list[Spoken], turn: str
) -> AskReply:
    return AskReply(
        transcript=transcript,
        outcome=outcome,
        command=command,
        answers=(),
        spoken=said,
        more=[],
        turn=turn,
        next_steps=[_step(Step.ASK_AGAIN)],
        elsewhere=[],
    )


async def _offered(
    decision: Decision, has_more: bool, venue: Venue, now: datetime
) -> tuple[list[NextStep], list[Elsewhere]]:
    """Return what may come next at a zone, and where to go for what it has not."""
    steps = [Step.MORE] if has_more else []
    if decision is Decision.ANSWER:
        return list(map(_step, [*steps, Step.RATE, Step.ASK_AGAIN])), []
    if decision is Decision.CONFIRM:
        return list(map(_step, [Step.AGREE, Step.DISAGREE, Step.ASK_AGAIN])), []
    if decision is Decision.CLARIFY:
        return list(map(_step, [*steps, Step.CHOOSE, Step.ASK_AGAIN])), []
    elsewhere = []
    for area, step in ((Area.ADVICE, Step.LEAVE_QUESTION), (Area.APPLICATIONS, Step.APPLY)):
        if area in venue.areas:
            steps.append(step)
        else:
            instead = await venues.instead_of(venue, area, now=now)
            elsewhere.append(Elsewhere(area, instead.sentence(venue)))
    return list(map(_step, [*steps, Step.CALL_FOR_HELP, Step.ASK_AGAIN])), elsewhere


def _step(step: Step) -> NextStep:
    return NextStep(step, step.label)

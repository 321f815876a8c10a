"""What somebody gets who asks aloud, judged by what the question is known to be about."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from bench.voice.hearing import Hearing
from bench.voice.library import Asked
from search.normalization import compact, normalize
from services.conversation import Turn
from services.errors import OpenZoneError
from services.replies import Answer, Decision, Reply


class Outcome(StrEnum):
    """How a spoken question ended."""

    RIGHT = "right answer"
    RIGHT_CHOICE = "asked back, the right one among the choices"
    RIGHT_CONFIRM = "asked back, and answered right on 是"
    WRONG_CHOICE = "asked back, the right one not there"
    WRONG_CONFIRM = "asked back, and answered wrong on 是"
    REFUSED = "refused"
    WRONG = "wrong answer"
    COMMAND = "taken for a command"


@dataclass(frozen=True)
class Judged:
    """A spoken question's end."""

    outcome: Outcome
    seconds: float
    """From the words to the reply: repair and retrieval."""


async def asked_aloud(asked: Asked, hearing: Hearing, wanted: str, wording: str = "") -> Judged:
    """Return how a question ends whose answer is the entry `wanted`, "" where there is none.

    An entry with the very `wording` of the question answers it as well: some were asked twice.
    What is not heard at all is refused: the kiosk says so.
    """
    conversation = asked.conversation()
    began = time.perf_counter()
    try:
        turn = await conversation.hear(hearing.text, hearing.alternatives)
    except OpenZoneError:
        return Judged(Outcome.REFUSED, time.perf_counter() - began)
    seconds = time.perf_counter() - began
    if not isinstance(turn, Turn):
        return Judged(Outcome.COMMAND, seconds)
    reply = turn.reply
    if reply.decision is Decision.CONFIRM:
        confirmed = (await conversation.confirm(agrees=True)).reply
        outcome = _outcome(confirmed, wanted, wording)
        right = outcome in {Outcome.RIGHT, Outcome.RIGHT_CHOICE}
        return Judged(Outcome.RIGHT_CONFIRM if right else Outcome.WRONG_CONFIRM, seconds)
    return Judged(_outcome(reply, wanted, wording), seconds)


def _outcome(reply: Reply, wanted: str, wording: str) -> Outcome:
    if reply.decision is Decision.HANDOFF:
        return Outcome.REFUSED
    if reply.decision is Decision.ANSWER:
        is_right = _answers(reply.answers[0], wanted, wording)
        return Outcome.RIGHT if is_right else Outcome.WRONG
    is_there = any(_answers(one, wanted, wording) for one in reply.answers)
    return Outcome.RIGHT_CHOICE if is_there else Outcome.WRONG_CHOICE


def _answers(answer: Answer, wanted: str, wording: str) -> bool:
    if not wanted:
        return False
    if answer.external_id == wanted:
        return True
    return bool(wording) and compact(normalize(answer.title)) == compact(normalize(wording))

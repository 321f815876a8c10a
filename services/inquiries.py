"""What somebody learns by the number they were given: whether it was answered, and the answer.

The words that they left are not shown, so that whoever happens on a number learns nobody's question.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from models.left_question import LeftQuestion, QuestionOrigin
from models.suggestion import Suggestion
from services.clock import zone_day
from services.query_numbers import WrongNumber, read_number
from services.secret_key import SecretKeys


class Kind(StrEnum):
    """What was left."""

    QUESTION = "question"
    SUGGESTION = "suggestion"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"question": "问题", "suggestion": "意见建议"}[self.value]


class Inquiry(msgspec.Struct, frozen=True):
    """What a number leads to."""

    number: str
    kind: Kind
    state: str
    """ "open", "answered" or "closed"."""
    left_on: str
    """ISO date, in China."""
    due_on: str
    """The day by which it is answered, "" for one of before there was such a day."""
    answered_on: str
    """ "" while there is no answer."""
    answer: str
    sentence: str
    """How it stands, in words that can be read aloud."""


async def look_up(number: str, *, keys: SecretKeys, kind: Kind | None = None) -> Inquiry:
    """Return what was left under a number. Raises WrongNumber."""
    kept = read_number(number)
    if kind is not Kind.SUGGESTION:
        question = await LeftQuestion.get_or_none(number=kept, origin=QuestionOrigin.LEFT)
        if question is not None:
            return of_row(question, keys)
    if kind is not Kind.QUESTION:
        suggestion = await Suggestion.get_or_none(number=kept)
        if suggestion is not None:
            return of_row(suggestion, keys)
    raise WrongNumber("Nothing has this number.")


def of_row(row: LeftQuestion | Suggestion, keys: SecretKeys) -> Inquiry:
    """Return how something that was left stands."""
    kind = Kind.QUESTION if isinstance(row, LeftQuestion) else Kind.SUGGESTION
    left_at = row.left_at if isinstance(row, LeftQuestion) else row.received_at
    answer = keys.decrypt(row.encrypted_answer) if row.encrypted_answer is not None else ""
    due_on = zone_day(row.due_at) if row.due_at else None
    left_on = zone_day(left_at)
    said = f"您{_said(left_on)}留下的{kind.label}"
    if answer:
        sentence = f"{said}已经答复。{answer}"
    elif row.state.value == "open":
        until = f"，最晚{_said(due_on)}答复" if due_on else ""
        sentence = f"{said}正在办理{until}。"
    else:
        sentence = f"{said}已经办结，没有另外答复。有疑问请找工作人员。"
    return Inquiry(
        number=row.number,
        kind=kind,
        state=row.state.value,
        left_on=left_on.isoformat(),
        due_on=due_on.isoformat() if due_on else "",
        answered_on=zone_day(row.answered_at).isoformat() if row.answered_at else "",
        answer=answer,
        sentence=sentence,
    )


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"

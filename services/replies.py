"""What a question gets back: an answer, a choice, or somebody to ask. Shapes only."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Decision(StrEnum):
    """What was made of a question."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    CONFIRM = "confirm"
    """What was heard is likely to have been something else: it is asked before it is answered."""
    HANDOFF = "handoff"


class Source(msgspec.Struct, frozen=True):
    """Where an answer comes from, as it is shown under it."""

    title: str
    document_number: str
    article: str
    agency: str
    date: str
    """ISO date of the source, "" where it has none."""
    validity: str
    """A label: 现行有效, 已修改, 已废止, 失效 or 效力未注明."""


class Answer(msgspec.Struct, frozen=True):
    """One library entry or quoted passage."""

    kind: str
    """"qa" or "document"."""
    id: int
    external_id: str
    title: str
    """The entry's question, or the document's title with the article."""
    text: str
    """The written answer: the entry's, or the passage word for word."""
    score: float
    """Absolute evidence that this answers the question, 0 to 1; not scaled to the best hit."""
    source: Source


class Finding(msgspec.Struct, frozen=True):
    """An answer as the index keeps it, with what is needed to speak it."""

    answer: Answer
    short: str = ""
    """The entry's own short wording for speaking; "" to take it from the text."""
    focus: str = ""
    """The sentence of the text that says it, where a long passage is quoted."""


class Reply(msgspec.Struct, frozen=True):
    """What a question gets back."""

    decision: Decision
    answers: tuple[Answer, ...]
    """ANSWER: the answer first, then up to two related; CLARIFY: the 2-3 choices; HANDOFF and
    CONFIRM: none."""
    spoken: str
    """What is said at once, at most 60 characters."""
    spoken_more: tuple[str, ...]
    """What is said on 继续, piece by piece, each at most 60 characters."""
    meant: str = ""
    """CONFIRM: what was likely meant, as a question of its own: 您是说……吗. Else ""."""


class Hit(msgspec.Struct, frozen=True):
    """One line of a result list."""

    kind: str
    id: int
    external_id: str
    title: str
    article: str
    snippet: str
    score: float

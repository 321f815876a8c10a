"""From a question to an answer, a choice, or a person: the decision and what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from search.document_number import DocumentNumber, find_numbers
from search.entry import EntryKind
from search.evidence import (
    Asked,
    PassageEvidence,
    QuestionEvidence,
    passage_evidence,
    question_evidence,
)
from search.finding import Candidate, Finder
from search.normalization import normalize
from search.phonetic import folded_key, sound_key
from services.replies import Answer, Decision, Finding, Reply
from services.spoken_answers import spoken_pieces

_CANDIDATES = 10
_POOL = 40
"""Passages that a search looks at closely, to show the ten best."""
_RELATED = 2
_MOST_CHOICES = 3

# Set on questions of the library held out of it and on such questions garbled by sound, never on
# the recordings that figures are reported on: docs/decisions/0001-evidence.md has the curves.
_SURE = 0.75
_SURE_MISSING = 0.4
_VERY_SURE = 0.88
_VERY_SURE_MISSING = 0.6
_VERBATIM = 0.97
_WORTH_ASKING = 0.42
_WORTH_ASKING_ANSWERED = 0.5
_PASSAGE_SURE = 0.8
_PASSAGE_SURE_MISSING = 0.2
_PASSAGE_WORTH_ASKING = 0.62
_DECIDES = {Decision.HANDOFF: 0, Decision.CLARIFY: 1, Decision.ANSWER: 2}
_ALONGSIDE = 0.1
"""A second entry this near to the first makes it a choice."""

Readings = Callable[[], tuple[str, ...]]
"""Tells what may have been said where something was heard, normalized."""

NOTHING_FOUND = "没有找到可靠的答案。您可以请工作人员帮忙，也可以申请公开，或者留下问题。"
WHICH_ONE = "您想问的是哪一个？请点一下，或者说第几个。"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with what speaks for it."""

    finding: Finding
    score: float
    sure: bool
    worth_asking: bool
    nearness: float = 1.0
    """How near retrieval found it to the nearest, 0 to 1."""

    @property
    def answer(self) -> Answer:
        return msgspec.structs.replace(self.finding.answer, score=round(self.score, 4))


def reply_to(text: str, index: Finder, heard_for: Readings | None = None) -> Reply:
    """Decide what a question gets back. Pure work on the index: about a millisecond.

    `heard_for` tells what may have been said instead, normalized, None for what was typed. It is
    asked, which takes ten milliseconds more, only where no question of the library is surely
    meant: passages are looked for by it, and judged by what was heard. One that leaves something
    heard unexplained is no answer.
    """
    asked = Asked.of(text, index.rarity, spoken=heard_for is not None)
    by_number = _by_number(asked, index)
    if by_number is not None:
        return by_number
    if not asked.words:
        return _handoff()
    questions = weighed_questions(asked, index)
    if questions and questions[0].sure:
        return _answer_or_choice(questions)
    if heard_for is not None:
        asked = replace(asked, others=heard_for())
    passages = weighed_passages(asked, index)
    if passages and passages[0].sure:
        return _answer(passages[0], [*passages[1:], *questions])
    return _choice([*questions, *passages])


def reply_within(text: str, index: Finder, document: int) -> Reply | None:
    """Return what one document says to a question, None where it says nothing that is sure."""
    passages = weighed_passages(Asked.of(text, index.rarity), index, within=document)
    if not passages or not passages[0].sure:
        return None
    return _answer(passages[0], passages[1:])


def better_of(asked: Reply, reworded: Reply) -> Reply:
    """Return the reply that decides more, or is surer of the same; what was said wins a tie."""
    return max((asked, reworded), key=lambda reply: (_DECIDES[reply.decision], _surety(reply)))


def _surety(reply: Reply) -> float:
    return reply.answers[0].score if reply.answers else 0.0


def weighed_questions(asked: Asked, index: Finder, limit: int = _CANDIDATES) -> list[Weighed]:
    """Return the library questions near to what was asked, the likeliest first."""
    by_wording = _weighed_questions(asked, index, index.questions(asked.text, limit))
    if by_wording and by_wording[0].sure:
        return by_wording
    by_answer = [c for c in index.passages(asked.text, limit) if c.kind is EntryKind.QUESTION]
    return _best_first([*by_wording, *_weighed_questions(asked, index, by_answer)])


def _weighed_questions(asked: Asked, index: Finder, candidates: list[Candidate]) -> list[Weighed]:
    weighed: list[Weighed] = []
    enough = len(candidates)
    for candidate in candidates:
        if len(weighed) >= enough:
            break
        evidence = question_evidence(asked, candidate, index.rarity)
        if evidence.same_question >= _VERBATIM:
            # The very question: what else is near is only shown beside its answer.
            enough = min(enough, len(weighed) + 1 + _RELATED)
        likely = evidence.score >= _WORTH_ASKING and evidence.answered >= _WORTH_ASKING_ANSWERED
        finding = msgspec.json.decode(candidate.payload, type=Finding)
        weighed.append(Weighed(finding, evidence.score, _question_sure(evidence), likely))
    return _best_first(weighed)


def _best_first(weighed: list[Weighed]) -> list[Weighed]:
    """Return each entry once, by its best wording, the likeliest first."""
    best: dict[str, Weighed] = {}
    for one in sorted(weighed, key=lambda w: (-w.sure, -w.score)):
        best.setdefault(one.finding.answer.external_id, one)
    return list(best.values())


def _question_sure(evidence: QuestionEvidence) -> bool:
    score, missing = evidence.same_question, evidence.missing
    if evidence.conflict:
        return False
    return (score >= _SURE and missing <= _SURE_MISSING) or (
        score >= _VERY_SURE and missing <= _VERY_SURE_MISSING
    )


def weighed_passages(
    asked: Asked,
    index: Finder,
    within: int | None = None,
    limit: int = _CANDIDATES,
) -> list[Weighed]:
    """Return the passages near to what was asked; within keeps to one document."""
    most = limit if within is None else 20 * limit
    found = [
        _weighed_passage(asked, near)
        for near in _near_passages(asked, index, most)
        if within is None or near.finding.answer.id == within
    ]
    return sorted(found, key=lambda w: (-w.sure, -w.score))


def found_passages(asked: Asked, index: Finder, limit: int) -> list[Weighed]:
    """Return at least `limit` passages near to what was asked, where there are so many, the nearest
    first: as near as retrieval and what they say have them together.

    What may have been said instead counts as if it had been.
    """
    readings = [asked, *(Asked.of(text, index.rarity) for text in asked.others)]
    found = [
        max((_weighed_passage(reading, near) for reading in readings), key=lambda w: w.score)
        for near in _near_passages(asked, index, max(limit, _POOL))
    ]
    return sorted(found, key=lambda w: -(w.score + w.nearness))


class _Near(NamedTuple):
    """A passage or document head that retrieval found."""

    candidate: Candidate
    finding: Finding
    nearness: float


def _near_passages(asked: Asked, index: Finder, most: int) -> list[_Near]:
    return [
        _Near(candidate, msgspec.json.decode(candidate.payload, type=Finding), nearness)
        for candidate, nearness in index.near_passages(asked.text, most, asked.others)
        if candidate.kind is not EntryKind.QUESTION
    ]


def _weighed_passage(asked: Asked, near: _Near) -> Weighed:
    candidate, finding, nearness = near
    evidence = passage_evidence(asked, candidate)
    is_passage = candidate.kind is EntryKind.PASSAGE
    return Weighed(
        msgspec.structs.replace(finding, focus=_as_printed(evidence, finding.answer.text)),
        evidence.score,
        is_passage and _passage_sure(asked, evidence),
        evidence.score >= _PASSAGE_WORTH_ASKING and evidence.missing <= _SURE_MISSING,
        nearness,
    )


def _passage_sure(asked: Asked, evidence: PassageEvidence) -> bool:
    # One word alone, 天气 say, is met by any passage that mentions it.
    telling = sum(1 for word in asked.words if len(word.text) > 1)
    return (
        telling >= 2
        and evidence.fits
        and evidence.explains
        and evidence.score >= _PASSAGE_SURE
        and evidence.missing <= _PASSAGE_SURE_MISSING
    )


def _as_printed(evidence: PassageEvidence, text: str) -> str:
    """Return the telling sentence as the passage prints it; the index keeps it normalized."""
    for line in text.splitlines():
        for sentence in line.replace("；", "；\n").replace("。", "。\n").split("\n"):
            if normalize(sentence).strip() == evidence.sentence:
                return sentence.strip()
    return ""


def _by_number(asked: Asked, index: Finder) -> Reply | None:
    """Return a reply where a document number is named, None where none is."""
    numbers = find_numbers(asked.text)
    if not numbers:
        return None
    heads = [
        (number, msgspec.json.decode(candidate.payload, type=Finding))
        for number in numbers
        for candidate in index.documents_numbered(number)
    ]
    if not heads:
        return None
    exact = [f for number, f in heads if _same_prefix(number, f)] or [
        f for number, f in heads if not number.prefix
    ]
    if len(exact) != 1:
        choices = exact or [finding for _, finding in heads]
        return _choice([Weighed(f, 0.6, False, True) for f in choices])
    head = Weighed(exact[0], 1.0, True, True)
    passages = weighed_passages(asked, index, within=head.finding.answer.id)
    inside = [p for p in passages if p.worth_asking and p.finding.focus]
    if inside and len(asked.characters) > len(head.finding.answer.source.document_number) + 6:
        return _answer(inside[0], [head])
    return _answer(head, [])


def _same_prefix(number: DocumentNumber, finding: Finding) -> bool:
    """Return whether the prefix is that of the document, in writing or by its sound."""
    printed = find_numbers(finding.answer.source.document_number)
    if not printed or not number.prefix:
        return False
    heard, written = (folded_key(sound_key(p)) for p in (number.prefix, printed[0].prefix))
    return heard == written or heard.endswith(written)


def _answer_or_choice(questions: list[Weighed]) -> Reply:
    first, others = questions[0], [w for w in questions[1:] if w.sure]
    rivals = [w for w in others if first.score - w.score < _ALONGSIDE and first.score < 0.98]
    different = [w for w in rivals if w.finding.answer.text != first.finding.answer.text]
    if different:
        return _choice([first, *different])
    return _answer(first, questions[1:])


def _answer(best: Weighed, others: list[Weighed]) -> Reply:
    related = [w.answer for w in others if w.worth_asking][:_RELATED]
    pieces = spoken_pieces(best.finding)
    return Reply(Decision.ANSWER, (best.answer, *related), pieces[0], tuple(pieces[1:]))


def _choice(weighed: list[Weighed]) -> Reply:
    """Return two or three things to choose from, or a handoff where there are fewer."""
    likely = [w for w in weighed if w.worth_asking]
    if not likely:
        return _handoff()
    by_score = sorted(likely, key=lambda w: -w.score)
    rest = [w for w in weighed if not w.worth_asking]
    choices = {w.finding.answer.title: w.answer for w in [*by_score, *rest]}
    if len(choices) < 2:
        return _handoff()
    return Reply(Decision.CLARIFY, tuple(choices.values())[:_MOST_CHOICES], WHICH_ONE, ())


def _handoff() -> Reply:
    return Reply(Decision.HANDOFF, (), NOTHING_FOUND, ())

"""Answering what is asked after an answer: from what was shown, and never by a guess.

What a follow-up may mean is in services/follow_ups.py. Where none of it can be answered with as much
evidence as any question needs, it is asked as it was said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from models.document import Paragraph
from models.publishable import Publication
from models.question_entry import QuestionEntry
from search.normalization import compact, normalize
from search.phonetic import folded_key, sound_key
from search.schema import pairs_of
from search.words import content_words
from services import question_parts
from services.answering import WHICH_ONE
from services.choices import chosen
from services.follow_up_phrases import Aspect
from services.follow_ups import FollowUp, Kind, article_label
from services.library import Library
from services.replies import Answer, Decision, Finding, Reply
from services.spoken_answers import cut_for_speaking, source_lead, spoken_pieces
from services.spoken_owners import said_by, still_says

_SAME_SOURCE = 0.75
"""Evidence from which an entry of the same source that asks for just this is the answer."""
_WORTH_OFFERING = 0.5
_ABOUT_IT = 0.5
"""Part of the words of a subject that must be found in an answer to be about it."""
_NAMED = 0.6
"""Part of another subject that must be found in the question of the entry that answers it."""
_MOST_OFFERED = 3


@dataclass(frozen=True)
class Last:
    """The last question and what was shown for it, of a state of the library."""

    question: str = ""
    answers: tuple[Answer, ...] = ()
    """The answer first, then the related ones; none where there was no answer."""
    revision: int = 0


class Understood(NamedTuple):
    """A follow-up as the full question it stands for, and what that gets back."""

    question: str
    reply: Reply


async def follow_up(library: Library, venue: int, asked: FollowUp, last: Last) -> Understood | None:
    """Return what a follow-up gets back, None where it cannot be told what it means."""
    shown = last.answers
    if shown and not await still_says(said_by(shown[:1], last.revision)):
        shown = ()  # It was replaced or withdrawn meanwhile.
    match asked.kind:
        case Kind.DETAIL:
            return _in_full(last.question, shown)
        case Kind.OTHER_SUBJECT:
            return await _other_subject(library, venue, last.question, asked.subject)
        case Kind.ASPECT:
            assert asked.aspect is not None, "an aspect is named"
            return await _aspect(library, venue, asked.aspect, last.question, shown)
    found = None
    if asked.kind is Kind.ARTICLE:
        found = await _article(library, venue, shown, asked.number)
    if found is None and asked.kind is not Kind.SHOWN:
        found = _point(shown, asked.number)
    return found or await _shown(library, venue, shown, asked.number, last.revision)


def _in_full(question: str, shown: tuple[Answer, ...]) -> Understood | None:
    """Return the whole wording of the answer, without its short form."""
    if not shown:
        return None
    pieces = spoken_pieces(Finding(shown[0]))
    return Understood(question, _spoken(shown, pieces)) if pieces else None


async def _shown(
    library: Library, venue: int, shown: tuple[Answer, ...], number: int, revision: int
) -> Understood | None:
    if not 0 < number <= len(shown):
        return None
    answer = shown[number - 1]
    if not await still_says(said_by((answer,), revision)):
        return None
    return Understood(answer.title, await chosen(library, answer, venue))


def _point(shown: tuple[Answer, ...], number: int) -> Understood | None:
    point = question_parts.point_of(shown[0].text, number) if shown else ""
    if not point:
        return None
    pieces = cut_for_speaking(f"第{number}点，{point}")
    return Understood(f"{shown[0].title} 第{number}点", _spoken(shown, pieces))


async def _article(
    library: Library, venue: int, shown: tuple[Answer, ...], number: int
) -> Understood | None:
    """Return an article of the law or document that the answer is from."""
    if not shown or not shown[0].source.article.startswith("第"):
        return None
    answer, article = shown[0], article_label(number)
    question = f"{answer.source.title}{article}"
    if answer.kind == "document":
        paragraphs = await Paragraph.filter(document_id=answer.id, article=article, level=0)
        if not paragraphs:
            return None
        quoted = msgspec.structs.replace(
            answer,
            title=f"{answer.source.title} {article}",
            text="\n".join(paragraph.text for paragraph in paragraphs),
            source=msgspec.structs.replace(answer.source, article=article),
        )
        return Understood(question, _spoken((quoted,), spoken_pieces(Finding(quoted))))
    rows = await QuestionEntry.filter(
        source_title=answer.source.title,
        article__startswith=article,
        publication=Publication.PUBLISHED,
        is_in_time=True,
    ).limit(2 * _MOST_OFFERED)
    found = [await library.ask(row.question, venue) for row in rows]
    ids = {row.id for row in rows}
    # What another zone keeps is not found here.
    replies = [r for r in found if r.decision is Decision.ANSWER and r.answers[0].id in ids]
    if len(replies) == 1:
        return Understood(question, replies[0])
    entries = {reply.answers[0].id: reply.answers[0] for reply in replies}
    return _offered(question, list(entries.values()))


async def _other_subject(
    library: Library, venue: int, question: str, subject: str
) -> Understood | None:
    """Return the entry that asks the last question of something else.

    Only an entry whose own question names that counts: a passage that mentions it may be about
    anything.
    """
    wanted = set(question_parts.aspects_of(question)[:1])
    for wording in question_parts.asked_of_other(question, subject):
        reply = await library.ask(wording, venue)
        for answer in reply.answers:
            is_sure = reply.decision is Decision.ANSWER and answer is reply.answers[0]
            fits = answer.kind == "qa" and wanted <= set(question_parts.aspects_of(answer.title))
            named = _share(subject, answer.title) >= _NAMED
            if fits and named and (is_sure or (wanted and answer.score >= _SAME_SOURCE)):
                return Understood(wording, await chosen(library, answer, venue))
    return None


async def _aspect(
    library: Library, venue: int, aspect: Aspect, question: str, shown: tuple[Answer, ...]
) -> Understood | None:
    """Return what is known of an aspect of the matter that was spoken of.

    First the document that was quoted; then an entry that asks for just this, of this matter; then a
    sentence of the answer itself; then what there is to choose from.
    """
    titles = [answer.title for answer in shown[:1] if answer.kind == "qa"]
    subjects = dict.fromkeys(filter(None, map(question_parts.subject_of, [question, *titles])))
    asked = [(s, wording) for s in subjects for wording in question_parts.wordings(s, aspect)]
    if not asked:
        return None
    if shown and shown[0].kind == "document":
        for _, wording in asked:
            within = await library.ask_within(wording, shown[0].id, venue)
            if within and _says(within.answers[0], aspect):
                return Understood(wording, within)
    near: dict[str, Answer] = {}
    source = shown[0].source.title if shown else ""
    for subject, wording in asked:
        reply = await library.ask(wording, venue)
        if answer := _sure_of(reply, subject, aspect, source):
            return Understood(wording, await _as_answer(library, reply, answer, venue))
        near |= {a.title: a for a in _asking(reply, subject, aspect) if a.score >= _WORTH_OFFERING}
    first = asked[0][1]
    sentence = question_parts.sentence_that_says(shown[0].text, aspect) if shown else ""
    if sentence:
        pieces = cut_for_speaking(source_lead(shown[0]) + sentence)
        return Understood(first, _spoken(shown, pieces))
    return _offered(first, list(near.values()))


def _sure_of(reply: Reply, subject: str, aspect: Aspect, source: str) -> Answer | None:
    """Return the answer that is about a subject and says an aspect of it, None where none is sure.

    That an entry is of the source that was quoted before is evidence too.
    """
    first = next(iter(reply.answers), None)
    is_about = reply.decision is Decision.ANSWER and first and _is_about(subject, first)
    if first and is_about and _says(first, aspect):
        return first
    asking = _asking(reply, subject, aspect)
    near = (a for a in asking if a.source.title == source and a.score >= _SAME_SOURCE)
    return next(near, None)


def _asking(reply: Reply, subject: str, aspect: Aspect) -> list[Answer]:
    """Return the entries about a subject whose own question asks for an aspect."""
    about = (answer for answer in reply.answers if _is_about(subject, answer))
    return [answer for answer in about if aspect in question_parts.aspects_of(answer.title)]


async def _as_answer(library: Library, reply: Reply, answer: Answer, venue: int) -> Reply:
    if reply.decision is Decision.ANSWER and answer == reply.answers[0]:
        return reply
    return await chosen(library, answer, venue)


def _offered(question: str, answers: list[Answer]) -> Understood | None:
    """Return a choice, where there is one."""
    if len(answers) < 2:
        return None
    best = sorted(answers, key=lambda answer: -answer.score)[:_MOST_OFFERED]
    return Understood(question, Reply(Decision.CLARIFY, tuple(best), WHICH_ONE, ()))


def _spoken(answers: tuple[Answer, ...], pieces: list[str]) -> Reply:
    return Reply(Decision.ANSWER, answers, pieces[0], tuple(pieces[1:]))


def _says(answer: Answer, aspect: Aspect) -> bool:
    if aspect in question_parts.aspects_of(answer.title):
        return True
    return bool(question_parts.sentence_that_says(answer.text, aspect))


def _is_about(subject: str, answer: Answer) -> bool:
    """Return whether a subject is spoken of in an answer: half its words, and the first of them.

    What comes first tells one from another: 图书馆的专区 is not any 专区.
    """
    words = [_sound(word) for word in content_words(normalize(subject))]
    # An entry that says 申请 alone is about what its law is about.
    said = _sound(f"{answer.title}{answer.text}{answer.source.title}")
    found = sum(word in said for word in words)
    return bool(words) and words[0] in said and found >= _ABOUT_IT * len(words)


def _share(subject: str, text: str) -> float:
    """Return how much of a subject is found in a text by its sound, 0 to 1."""
    pairs = _pairs(subject)
    return len(pairs & _pairs(text)) / len(pairs) if pairs else 0.0


def _pairs(text: str) -> set[str]:
    return set(pairs_of(_sound(text)))


def _sound(text: str) -> str:
    return folded_key(sound_key(compact(normalize(text))))

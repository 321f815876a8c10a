"""Repairing what was heard: toward the zone's own names, numbers and questions, never in silence
where that changes what is meant.

A homophone inside a known name is put right at once: 福陵区 is 涪陵区. Whatever else is likely is
asked for (您是说……吗). What the library writes itself is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from search.alignment import Alignment, align
from search.confusions import character_distance
from search.evidence import Asked, question_evidence
from search.finding import Candidate, Finder
from search.normalization import compact, normalize
from search.regions import regions_in
from services.lexicon import Heard, Lexicon
from services.numbers_heard import number_meant
from services.replies import Finding

_CANDIDATES = 5
_LONGEST = 120
"""Characters that are looked at; nobody asks more in one breath."""
MOST_ALTERNATIVES = 3
"""Of what else may have been said."""
_ONE_SOUND = 0.16
"""The most that two characters may be apart to be one sound: common confusions, another tone."""
_FAR = 0.45
"""From here on two characters are not heard for each other, unless in noise."""
_NEAR = 0.2
"""The most that a question may be apart from what was heard, a syllable, to be asked for."""
_LEAD = 0.04
"""How much nearer it must be than any other question."""
_LONG = 4
"""Characters from which a name is known by its sound alone."""
_MEANING_TURNS = re.compile(r"[0-9零一二三四五六七八九十百千万亿]+|[不未没无非免否别莫勿]")
"""What is never changed in silence: numbers, years, negations."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What was made of what was heard."""

    text: str
    """What to ask: as it was heard, or with what is certain put right."""
    meant: str = ""
    """What was likely meant, to be asked for first; "" where nothing else is likely."""
    changed: tuple[tuple[str, str], ...] = ()
    """What was heard and what was put in its place."""


def repaired(heard: str, alternatives: Sequence[str], finder: Finder, lexicon: Lexicon) -> Repair:
    """Return what a spoken question is likely to have been.

    `alternatives` is what the engine may have heard besides, the likeliest first. About three
    milliseconds. Source of what is certain: docs/decisions/0171-repair.md.
    """
    others = list(alternatives[:MOST_ALTERNATIVES])
    if finder.is_question(compact(normalize(heard))):
        return Repair(heard)
    number = number_meant(heard, others, finder, lexicon)
    if number is not None:
        return _settled(heard, number.text, number.is_certain, ((number.heard, number.printed),))
    whole = _whole_question(heard, others, finder)
    if whole is not None and whole.meant == "":
        return whole
    named = _with_names(heard, finder, lexicon)
    if whole is not None and named.meant in {"", whole.meant}:
        return Repair(named.text, whole.meant, named.changed)
    return named


def _settled(
    heard: str, text: str, is_certain: bool, changed: tuple[tuple[str, str], ...]
) -> Repair:
    if text == heard:
        return Repair(heard)
    return Repair(text, "", changed) if is_certain else Repair(heard, text, changed)


def _whole_question(heard: str, others: list[str], finder: Finder) -> Repair | None:
    """Return the library's question that was asked, by the sound of all of it; None for none."""
    for said in (heard, *others):
        near = _nearest(said, finder)
        if near is None:
            continue
        candidate, alignment = near
        changed = tuple(pair for pair in alignment.pairs if pair[0] != pair[1])
        # An alternative of another sound is another sentence: it is asked for.
        if said == heard and _is_one_sound(alignment) and _keeps_meaning(alignment):
            return Repair(_as_printed(candidate), "", changed)
        return Repair(heard, _as_printed(candidate), changed)
    return None


def _nearest(said: str, finder: Finder) -> tuple[Candidate, Alignment] | None:
    asked = Asked.of(said[:_LONGEST], finder.rarity)
    if len(asked.characters) < _LONG:
        return None
    laid = []
    for candidate in finder.questions(asked.text, _CANDIDATES):
        alignment = align(asked.characters, candidate.characters)
        length = max(len(asked.characters), len(candidate.characters))
        laid.append((alignment.cost / length, candidate, alignment))
    laid.sort(key=lambda one: one[0])
    if not laid or laid[0][0] > _NEAR:
        return None
    apart, candidate, alignment = laid[0]
    if any(one[0] - apart < _LEAD for one in laid[1:] if one[1].payload != candidate.payload):
        return None
    if _is_one_sound(alignment):
        return candidate, alignment
    if question_evidence(asked, candidate, finder.rarity).conflict:
        return None
    return None if _says_another_word(alignment, finder) else (candidate, alignment)


def _says_another_word(alignment: Alignment, finder: Finder) -> bool:
    """Return whether something else was said where the two differ, and not misheard: 保运行 is no
    mishearing of 保重点, for the library writes both.
    """
    run = ""
    for heard, wanted in (*alignment.pairs, ("", "")):
        apart = character_distance(heard, wanted) if heard and wanted else 1.0
        if heard and apart > _FAR:
            run += heard
            continue
        if len(run) > 1 and finder.is_written(run):
            return True
        run = ""
    return False


def _as_printed(candidate: Candidate) -> str:
    """Return a question as the library prints it; the index keeps it normalized."""
    title = msgspec.json.decode(candidate.payload, type=Finding).answer.title
    return title if normalize(title) == candidate.wording else candidate.wording.replace("?", "？")


def _is_one_sound(alignment: Alignment) -> bool:
    return all(_sounds_alike(heard, wanted) for heard, wanted in alignment.pairs)


def _sounds_alike(heard: str, wanted: str) -> bool:
    if heard and wanted:
        return character_distance(heard, wanted) <= _ONE_SOUND
    return (heard or wanted) in "吗呢吧啊呀了的嗯哦"


def _keeps_meaning(alignment: Alignment) -> bool:
    """Return whether no number, year or negation is changed, put in or left out."""
    heard = "".join(one for one, _ in alignment.pairs)
    wanted = "".join(other for _, other in alignment.pairs)
    return _MEANING_TURNS.findall(heard) == _MEANING_TURNS.findall(wanted)


def _with_names(heard: str, finder: Finder, lexicon: Lexicon) -> Repair:
    """Return what was heard with the names in it put right."""
    text, places = _compacted(heard)
    certain: list[tuple[int, int, str]] = []
    likely: list[tuple[int, int, str]] = []
    for found in lexicon.heard_in(text):
        was = text[found.start : found.end]
        if was == found.name.text or finder.is_written(was) or not _may_stand(text, found):
            continue
        put = (places[found.start], places[found.end - 1] + 1, found.name.text)
        (certain if _is_certain(was, found) else likely).append(put)
    mended = _put(heard, certain)
    changed = tuple((heard[start:end], name) for start, end, name in [*certain, *likely])
    meant = _put(heard, sorted([*certain, *likely])) if likely else ""
    return Repair(mended, meant, changed)


def _may_stand(text: str, found: Heard) -> bool:
    """Return whether a name may stand where it was heard.

    Two syllables sound like a place everywhere (为何被, 河北): only where places stand are they one.
    """
    if len(found.name.text) > 2:
        return True
    return found.start == 0 or text[found.end : found.end + 1] in {"区", "县", "市", "省"}


def _is_certain(was: str, found: Heard) -> bool:
    name = found.name.text
    if regions_in(was) or _MEANING_TURNS.findall(was) != _MEANING_TURNS.findall(name):
        return False
    return found.is_same_sound or len(name) >= _LONG


def _compacted(heard: str) -> tuple[str, list[int]]:
    """Return the compact form of a text, and where each of its characters stands in it."""
    kept = list(_kept(heard))
    return "".join(character for character, _ in kept), [place for _, place in kept]


def _kept(heard: str) -> Iterator[tuple[str, int]]:
    for place, character in enumerate(heard):
        for one in compact(normalize(character)):
            yield one, place


def _put(text: str, puts: list[tuple[int, int, str]]) -> str:
    for start, end, name in reversed(puts):
        text = text[:start] + name + text[end:]
    return text

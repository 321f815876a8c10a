"""How sure we may be that something found answers what was asked.

Retrieval scores only rank: the best of a bad lot looks as good as a real answer. What is measured
here is absolute: how much of what the question is about is met by the candidate, and how much of
what the candidate is about was asked for, each word weighing what it tells. A word that nothing
matches counts in full against the candidate, which is how a near miss is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from search.finding import Candidate
from search.normalization import compact, normalize
from search.phonetic import folded_key, likeness, sound_key
from search.question_sort import contrasted, fits, sorts_of
from search.regions import regions_in
from search.words import content_words, fragments

_SAME_SOUND = 0.95
_CONFUSED_SOUND = 0.85
_HALF_ALIKE = 0.3
_CONFLICTING = 0.7
_SHORT_SENTENCE, _FOR_LENGTH, _MOST_FOR_LENGTH = 20, 0.001, 0.08
"""Of two sentences that say all that was asked, the one that says little else is about it."""
_SINGLE_CHARACTER = 0.3
"""What a word of one character tells, compared with a longer one."""
_NUMBER = re.compile(r"\d+")

Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Word:
    """A content word with its sound and with how much it tells, 0 to 1."""

    text: str
    sound: str
    folded: str
    weight: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready to be compared with many candidates."""

    text: str
    characters: str
    sound: str
    words: tuple[Word, ...]
    sorts: frozenset[str]
    regions: frozenset[str]
    years: frozenset[str]
    fragments: tuple[str, ...] = ()
    """What a recogniser seems to have written of words that it did not know, () where it was typed."""
    others: tuple[str, ...] = ()
    """What may have been said instead, normalized, () where it was typed."""

    @classmethod
    def of(
        cls, text: str, rarity: Rarity, *, spoken: bool = False, others: tuple[str, ...] = ()
    ) -> Asked:
        normal = normalize(text)
        characters = compact(normal)
        return cls(
            text=normal,
            characters=characters,
            sound=sound_key(characters),
            words=weighed_words(normal, rarity),
            sorts=sorts_of(normal),
            regions=regions_in(normal),
            years=frozenset(n for n in _NUMBER.findall(normal) if len(n) == 4),
            fragments=tuple(fragments(normal)) if spoken else (),
            others=others,
        )


def weighed_words(text: str, rarity: Rarity) -> tuple[Word, ...]:
    """Return the content words of a normalized text, each with what it tells."""
    return tuple(
        Word(word, sound, folded, max(0.05, rarity(word)) * length)
        for word, sound, folded, length in _content(text)
    )


@lru_cache(maxsize=10_000)
def _content(text: str) -> tuple[tuple[str, str, str, float], ...]:
    """Return what does not depend on the library: each word, its sounds and its length's share."""
    content = []
    for word in content_words(text):
        sound = sound_key(word)
        length = 1.0 if len(word) > 1 else _SINGLE_CHARACTER
        content.append((word, sound, folded_key(sound), length))
    return tuple(content)


def coverage(words: tuple[Word, ...], characters: str, sound: str) -> float:
    """Return how much of what these words tell is met whole in a long text, 0 to 1."""
    total = sum(word.weight for word in words)
    if not total:
        return 0.0
    folded = folded_key(sound)
    return sum(word.weight * _met_whole(word, characters, sound, folded) for word in words) / total


def met(word: Word, characters: str, sound: str, folded: str) -> float:
    """Return how well a word is met in a question: 1 in writing, less by sound or in part."""
    whole = _met_whole(word, characters, sound, folded)
    if whole or len(word.text) == 1:
        return whole
    # At least half of the word must be there somewhere before it is worth laying side by side.
    if sum(code in folded for code in word.folded) * 2 <= len(word.text):
        return 0.0
    return _met_in_part(word, characters, sound)


def _met_whole(word: Word, characters: str, sound: str, folded: str) -> float:
    if word.text in characters:
        return 1.0
    if len(word.text) == 1:
        return 0.0
    if word.sound in sound:
        return _SAME_SOUND
    return _CONFUSED_SOUND if word.folded in folded else 0.0


def _met_in_part(word: Word, characters: str, sound: str) -> float:
    length = len(word.text)
    best = 0.0
    for start in range(len(sound) - length + 1):
        alike = 0.0
        for offset in range(length):
            here = start + offset
            if word.text[offset] == characters[here]:
                alike += 1.0
            else:
                how_like = likeness(word.sound[offset], sound[here])
                alike += how_like if how_like >= _CONFUSED_SOUND else _HALF_ALIKE * (how_like > 0)
        best = max(best, alike)
    return max(0.0, (best / length - 0.5) / 0.5)


def _overlap(one: str, other: str) -> float:
    """Return how many neighbouring pairs two texts share (Dice), 0 to 1."""
    pairs_1, pairs_2 = _pairs(one), _pairs(other)
    if not pairs_1 or not pairs_2:
        return float(one == other)
    return 2 * len(pairs_1 & pairs_2) / (len(pairs_1) + len(pairs_2))


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text)))


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """What speaks for a library question being the one that was asked."""

    asked_met: float
    """How much of what was asked the entry's question contains."""
    entry_met: float
    """How much of the entry's question was asked."""
    alike: float
    """How alike the two are letter by letter, or sound by sound."""
    answered: float
    """How much of what was asked the entry's question and answer contain together."""
    missing: float
    """The weight of the most telling word of either that the other lacks."""
    conflict: bool
    """Another place, year, side of a contrast or sort of question (how long, where …)."""

    @property
    def same_question(self) -> float:
        """How sure it is that this very question was asked, its answer left aside."""
        both = 0.45 * self.asked_met + 0.25 * self.entry_met + 0.3 * self.alike
        return both * (_CONFLICTING if self.conflict else 1.0)

    @property
    def score(self) -> float:
        """How likely it is that this entry answers what was asked in other words."""
        both = 0.35 * self.asked_met + 0.15 * self.entry_met + 0.2 * self.alike
        return (both + 0.3 * self.answered) * (_CONFLICTING if self.conflict else 1.0)


def question_evidence(asked: Asked, candidate: Candidate, rarity: Rarity) -> QuestionEvidence:
    """Compare what was asked with one way of asking a library question."""
    characters = candidate.characters
    if characters == asked.characters:
        return QuestionEvidence(1.0, 1.0, 1.0, 1.0, missing=0.0, conflict=False)
    entry_words = weighed_words(candidate.wording, rarity)
    asked_met, asked_missing = _met_and_missing(asked.words, characters, candidate.sound)
    entry_met, entry_missing = _met_and_missing(entry_words, asked.characters, asked.sound)
    return QuestionEvidence(
        asked_met=asked_met,
        entry_met=entry_met,
        alike=max(_overlap(asked.characters, characters), _overlap(asked.sound, candidate.sound)),
        answered=coverage(asked.words, candidate.all_characters, candidate.all_sound),
        missing=max(asked_missing, entry_missing),
        conflict=_conflict(asked, candidate),
    )


def _met_and_missing(words: tuple[Word, ...], characters: str, sound: str) -> tuple[float, float]:
    """Return the coverage of these words, and the weight of the most telling one not met."""
    total = sum(word.weight for word in words)
    if not total:
        return 0.0, 0.0
    folded = folded_key(sound)
    weights = [(word.weight, met(word, characters, sound, folded)) for word in words]
    covered = sum(weight * degree for weight, degree in weights) / total
    return covered, max(weight * (1 - degree) for weight, degree in weights)


def _conflict(asked: Asked, candidate: Candidate) -> bool:
    regions = regions_in(candidate.wording)
    if asked.regions and regions and not asked.regions & regions:
        return True
    if contrasted(asked.text, candidate.wording):
        return True
    years = frozenset(n for n in _NUMBER.findall(candidate.wording) if len(n) == 4)
    if asked.years and years and not asked.years & years:
        return True
    sorts = sorts_of(candidate.wording)
    return bool(asked.sorts and sorts and not asked.sorts & sorts)


@dataclass(frozen=True, slots=True)
class PassageEvidence:
    """What speaks for a passage answering what was asked."""

    within: float
    """How much of what was asked the passage itself contains."""
    focus: float
    """How much of it one sentence, with the headings above, contains."""
    phrases: float
    """How many of the asked word pairs that sentence has side by side."""
    missing: float
    """The weight of the most telling asked word that neither passage nor headings have."""
    explains: bool
    """Whether it has what was written of words that were not understood, at least by its sound."""
    fits: bool
    """Whether it says the sort of thing that was asked: a time for how long, a sum for how much."""
    sentence: str
    """The sentence that says most of it, normalized."""

    @property
    def score(self) -> float:
        both = 0.3 * self.within + 0.5 * self.focus + 0.2 * self.phrases
        return both * (1.0 if self.fits else 0.75)


def passage_evidence(asked: Asked, candidate: Candidate) -> PassageEvidence:
    """Compare what was asked with a passage and the headings above it."""
    within = coverage(asked.words, candidate.characters, candidate.sound)
    above = candidate.all_characters[len(candidate.characters) :]
    above_sound = candidate.all_sound[len(candidate.sound) :]
    folded = folded_key(candidate.all_sound)
    missing = max(
        (
            word.weight
            * (1 - _met_whole(word, candidate.all_characters, candidate.all_sound, folded))
            for word in asked.words
        ),
        default=0.0,
    )
    asked_pairs = _pairs("".join(word.text for word in asked.words))
    best = (0.0, 0.0, "")
    for sentence, letters, sound in _heard_sentences(candidate.wording):
        said = coverage(asked.words, letters + above, sound + above_sound)
        own = coverage(asked.words, letters, sound)
        shared = len(asked_pairs & _pairs(letters)) / len(asked_pairs) if asked_pairs else said
        long_winded = min(_MOST_FOR_LENGTH, _FOR_LENGTH * max(0, len(letters) - _SHORT_SENTENCE))
        best = max(best, ((2 * said + own) / 3 - long_winded, shared, sentence))
    explains = all(
        fragment in candidate.all_characters or sound_key(fragment) in candidate.all_sound
        for fragment in asked.fragments
    )
    return PassageEvidence(
        within, best[0], best[1], missing, explains, fits(asked.sorts, candidate.wording), best[2]
    )


@lru_cache(maxsize=4_000)
def _heard_sentences(wording: str) -> tuple[tuple[str, str, str], ...]:
    """Return the sentences of a passage, each with its bare characters and their sound."""
    bare = ((sentence, compact(sentence)) for sentence in sentences_of(wording))
    return tuple((sentence, letters, sound_key(letters)) for sentence, letters in bare)


def sentences_of(text: str) -> list[str]:
    """Return the sentences and items of a text, in order."""
    return [part.strip() for part in re.split(r"(?<=[。;!?；！？\n])", text) if part.strip()]

"""How a text sounds: its syllables as pinyin with tone digits, words kept together.

Polyphones and place names follow lexicon.tsv beside this file, then pypinyin's phrases. The text
must be in spoken form already (speech.reading_text): Latin letters are spelt as letters.tsv says,
and what is neither Chinese, a Latin letter nor punctuation is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from speech.polyphones import reading_in_context
from speech.tone_sandhi import spoken_tones

_LEXICON = Path(__file__).with_name("lexicon.tsv")
_LETTERS = Path(__file__).with_name("letters.tsv")
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[^一-鿿㐀-䶿]")
_CHINESE = re.compile(r"[一-鿿㐀-䶿]")
_PAUSES = {
    "，": ",", "、": ",", "：": ":", "；": ";", "。": ".", "！": "!", "？": "?",
    ",": ",", ":": ":", ";": ";", ".": ".", "!": "!", "?": "?", "…": "…", "—": "—",
    "\n": ".",
}  # fmt: skip
_MOST_PIECES = 4
"""Into how many pieces a word of the lexicon may have been cut."""
_RETROFLEX = re.compile(r"^(?!er\d)(.+)r(\d)$")

Word = tuple[str, ...]
"""The syllables of a word, ("chong2", "qing4"), a Latin letter, ("A",), or a pause, (",",)."""


@lru_cache(maxsize=1)
def lexicon() -> dict[str, list[str]]:
    """Return our own readings: words with one tone-marked syllable a character."""
    entries = {}
    for line in _LEXICON.read_text(encoding="utf-8").splitlines():
        word, _, reading = line.partition("\t")
        syllables = reading.split()
        if len(syllables) == len(word):
            entries[word] = syllables
    return entries


@dataclass(frozen=True, slots=True)
class Letter:
    """The name of a Latin letter as it is said in Mandarin."""

    pinyin: str
    """Its nearest syllables, for engines that read pinyin."""
    symbols: str
    """Its English name in misaki's symbols, for Kokoro."""


@lru_cache(maxsize=1)
def letters() -> dict[str, Letter]:
    """Return the names of the letters A to Z."""
    rows = (line.split("\t") for line in _LETTERS.read_text(encoding="utf-8").splitlines())
    return {letter: Letter(pinyin, symbols) for letter, pinyin, symbols in rows}


@lru_cache(maxsize=1)
def _pypinyin_taught() -> None:
    """Load pypinyin with our readings; once, because its dictionaries are global."""
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[s] for s in reading] for word, reading in lexicon().items()})


def words(text: str) -> list[Word]:
    """Return the words of a text as syllables with tone digits 1 to 5, and its pauses."""
    said: list[Word] = []
    for run in _RUN.findall(text):
        if _CHINESE.match(run):
            said += _words_of_run(run)
        elif run.isascii() and run.isalpha():
            said.append((run.upper(),))
        elif run in _PAUSES and (not said or said[-1] != (_PAUSES[run],)):
            said.append((_PAUSES[run],))
    return said


def numbered_pinyin(text: str) -> str:
    """Return a text as engines take it that read pinyin: "chong2 qing4 , nin2 hao3"."""
    names = letters()
    return " ".join(
        names[sound].pinyin if sound in names else sound for word in words(text) for sound in word
    )


def syllables(text: str) -> list[str]:
    """Return only the syllables of a text, without pauses."""
    return [s for word in words(text) for s in word if s[-1].isdigit()]


def _words_of_run(run: str) -> list[Word]:
    import rjieba

    cut = _together(rjieba.cut(run))
    readings = spoken_tones([len(word) for word in cut], run, _readings(cut))
    said: list[Word] = []
    position = 0
    for word in cut:
        said.append(tuple(readings[position : position + len(word)]))
        position += len(word)
    return said


def _together(cut: list[str]) -> list[str]:
    """Return words with those of the lexicon whole that were cut in pieces: 给 予 as 给予."""
    whole: list[str] = []
    first = 0
    while first < len(cut):
        last = min(len(cut), first + _MOST_PIECES)
        while last > first + 1 and "".join(cut[first:last]) not in lexicon():
            last -= 1
        whole.append("".join(cut[first:last]))
        first = last
    return whole


def _readings(cut: list[str]) -> list[str]:
    """Return one syllable a character, each word read by itself.

    Read as one string, 银 行政 would be cut anew, and 执行政策 be heard as zhí háng. Words of one
    character that stand together are read together: the cut may have missed a word in them.
    """
    readings: list[str] = []
    single = ""
    for place, word in enumerate(cut):
        own = reading_in_context(cut, place)
        if len(word) == 1 and own is None:
            single += word
            continue
        readings += _read(single)
        single = ""
        readings += [own] if own is not None else _read(word)
    return [*readings, *_read(single)]


@lru_cache(maxsize=8_192)
def _read(word: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    if not word:
        return ()
    _pypinyin_taught()
    readings = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
    return tuple(_RETROFLEX.sub(r"\1\2", reading) for reading in readings)

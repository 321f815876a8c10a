"""How a text sounds: its syllables as pinyin with tone digits, words kept together.

Polyphones and place names follow lexicon.tsv beside this file, then pypinyin's phrases. The text
must be in spoken form already (speech.reading_text): what is neither Chinese nor punctuation is
left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_LEXICON = Path(__file__).with_name("lexicon.tsv")
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[^一-鿿㐀-䶿]")
_CHINESE = re.compile(r"[一-鿿㐀-䶿]")
_PAUSES = {
    "，": ",", "、": ",", "：": ":", "；": ";", "。": ".", "！": "!", "？": "?",
    ",": ",", ":": ":", ";": ";", ".": ".", "!": "!", "?": "?", "…": "…", "—": "—",
    "\n": ".",
}  # fmt: skip
_RETROFLEX = re.compile(r"^(?!er\d)(.+)r(\d)$")

Word = tuple[str, ...]
"""The syllables of a word, ("chong2", "qing4"), or a pause, (",",)."""


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
        elif run in _PAUSES and (not said or said[-1] != (_PAUSES[run],)):
            said.append((_PAUSES[run],))
    return said


def numbered_pinyin(text: str) -> str:
    """Return a text as engines take it that read pinyin: "chong2 qing4 , nin2 hao3"."""
    return " ".join(syllable for word in words(text) for syllable in word)


def syllables(text: str) -> list[str]:
    """Return only the syllables of a text, without pauses."""
    return [s for word in words(text) for s in word if s[-1].isdigit()]


def _words_of_run(run: str) -> list[Word]:
    import rjieba
    from pypinyin import Style, lazy_pinyin

    _pypinyin_taught()
    readings = lazy_pinyin(
        run, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True, v_to_u=True
    )
    readings = [_RETROFLEX.sub(r"\1\2", reading) for reading in readings]
    said: list[Word] = []
    position = 0
    for word in rjieba.cut(run):
        said.append(tuple(readings[position : position + len(word)]))
        position += len(word)
    return said

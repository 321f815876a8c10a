"""Mandarin (普通话): read by rules of our own, pronounced by pypinyin and our lexicon."""

from __future__ import annotations

import re

from speech.languages.front_end import register
from speech.mandarin_symbols import symbols
from speech.pronunciation import numbered_pinyin, words
from speech.reading_text import spoken_form
from speech.written_text import written_form

_ESPEAK_SPELLINGS = (
    (re.compile("ü"), "v"),
    (re.compile(r"\b([jqx])iong(?=\d)"), r"\1ong"),
    (re.compile(r"\bwong(?=\d)"), "weng"),
    (re.compile(r"\bh?m(?=\d)"), "en"),
)
"""espeak-ng 1.52 takes these syllables for English words: 绿 was heard as "loo four"."""


def as_espeak_spells(pinyin: str) -> str:
    """Return numbered pinyin with the syllables that espeak-ng would spell as it knows them."""
    for unknown, known in _ESPEAK_SPELLINGS:
        pinyin = unknown.sub(known, pinyin)
    return pinyin


class Mandarin:
    """The language that this zone speaks."""

    name = "mandarin"
    espeak_voice = "cmn-latn-pinyin"
    """In espeak-ng 1.51 the voice `cmn`, which `zh` selects, spells pinyin with English letters."""

    def spoken_form(self, text: str) -> str:
        """Return text as it is read aloud."""
        return spoken_form(text)

    def for_espeak(self, spoken: str) -> str:
        """Return the pinyin of a spoken form: given characters, espeak-ng says zhòng qìng for 重庆."""
        return as_espeak_spells(numbered_pinyin(spoken))

    def kokoro_symbols(self, spoken: str) -> list[str]:
        """Return the words of a spoken form in Kokoro's symbols."""
        return [symbols(word) for word in words(spoken)]

    def written_form(self, heard: str) -> str:
        """Return what was heard in Simplified characters with digits."""
        return written_form(heard)


MANDARIN = register(Mandarin())

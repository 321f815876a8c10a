"""Syllables of Mandarin in the phonetic symbols that Kokoro was trained on."""

from __future__ import annotations

from functools import lru_cache

from speech.pronunciation import Word, letters

_PAUSE_ENDINGS = {",": ", ", ".": ". ", "!": "! ", "?": "? ", ":": ": ", ";": "; "}
_TONES_AND_VOWELS = (
    ("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"),
    ("ɻ\u0329", "ɨ"), ("ɹ\u0329", "ɨ"), ("\u032f", ""),
)  # fmt: skip
"""How misaki.zh writes the transcription for Kokoro."""


def symbols(word: Word) -> str:
    """Return a word in the phonetic symbols that the model was trained on (misaki's)."""
    if word[0] in _PAUSE_ENDINGS:
        return _PAUSE_ENDINGS[word[0]]
    if word[0] in letters():
        return letters()[word[0]].symbols
    return "".join(_syllable_symbols(syllable) for syllable in word if syllable[-1].isdigit())


@lru_cache(maxsize=2_000)
def _syllable_symbols(syllable: str) -> str:
    # Not misaki.zh, which would import jieba and cn2an for the same function.
    from misaki.transcription import pinyin_to_ipa

    try:
        phonemes = "".join(pinyin_to_ipa(syllable)[0])
    except ValueError:
        # An interjection or a reading outside the table; better left out than the sentence lost.
        return ""
    for written, symbol in _TONES_AND_VOWELS:
        phonemes = phonemes.replace(written, symbol)
    return phonemes

"""After hearing: the words of a recogniser in the form in which Chinese is written.

Recognisers write Traditional characters, put spaces between words and spell numbers out; people
read, and search matches, Simplified characters without spaces and with the usual digits.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Protocol

from speech.written_numbers import with_digits

_HAN_OR_ITS_PUNCTUATION = (
    r"[〇\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef〔〕]"
)
_SPACE_BESIDE_HAN = re.compile(
    rf"(?<={_HAN_OR_ITS_PUNCTUATION})\s+|\s+(?={_HAN_OR_ITS_PUNCTUATION})"
)
_SPACES = re.compile(r"\s+")
_FULL_WIDTH = {
    code: chr(code - 0xFEE0)
    for code in range(0xFF01, 0xFF5F)
    if chr(code - 0xFEE0).isalnum() or chr(code - 0xFEE0) in "%+-@_/#&="
}
_loading = threading.Lock()


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def written_form(text: str) -> str:
    """Return recognised words as they are written: Simplified, unspaced, with digits.

    Text already in written form comes back unchanged. Spaces between Latin words are kept, control
    characters are not. Numbers become digits where writing prefers them (20个工作日, 2021年9月23日,
    渝府办发〔2021〕100号); articles (第三十三条) and words such as 万一 keep their characters.
    Takes time in proportion to the length; safe to call from any thread.
    """
    text = _unspaced(_visible(text).translate(_FULL_WIDTH))
    return with_digits(_simplified(text))


def _visible(text: str) -> str:
    """Replace what cannot be seen (control characters, lone surrogates) with spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp", "Zs"} else character
        for character in text
    )


def _unspaced(text: str) -> str:
    return _SPACES.sub(" ", _SPACE_BESIDE_HAN.sub("", text)).strip()


def _simplified(text: str) -> str:
    with _loading:
        converter = _converter()
    # Twice, because a few characters (薴, 苧, 苎) take two steps and the result must be stable.
    return converter.convert(converter.convert(text))

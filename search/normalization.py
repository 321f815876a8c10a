"""One spelling for everything that is indexed or asked: width, case, traditional forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_NOT_SOUGHT = re.compile(r"[^0-9a-z一-鿿㐀-䶿]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def normalize(text: str) -> str:
    """Return text in half width, lower case and simplified characters; punctuation stays."""
    text = unicodedata.normalize("NFKC", text).lower()
    if _NOT_ASCII.search(text):
        text = str(_to_simplified().convert(text))
    return text


def compact(text: str) -> str:
    """Return only the Chinese characters, letters and digits of a normalized text."""
    return _NOT_SOUGHT.sub("", text)


def pieces(text: str) -> list[str]:
    """Return the runs of Chinese characters, letters and digits of a normalized text."""
    return [piece for piece in _NOT_SOUGHT.split(text) if piece]

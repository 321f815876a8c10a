"""Before speaking: Chinese text as written to Chinese text as it is read aloud."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right

from speech.numerals import cardinal
from speech.reading_numbers import with_numbers_read
from speech.reading_signs import with_signs_read, with_tables_read

READING_VERSION = 4
"""Raised whenever the same text would be spoken differently, so that prepared speech is remade."""

FIRST_PIECE = 12
"""Characters that the first piece should not exceed, so that it is heard early."""
GROWTH = 3
"""How many times as long as the piece before a piece may be: Kokoro makes speech four to five times
as fast as it plays, so the next piece is ready before this one ends."""
LONGEST_PIECE = 60
"""Characters after which a piece is divided at the next good place."""

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,300}|!--[^<>]{0,300}--|!?[A-Za-z][^<>]{0,300})>")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{1,500}\)")
_LINE_MARK = re.compile(r"(?m)^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|[•●○■◆▪►][ \t]*)+")
_RULER = re.compile(r"(?m)^[ \t|:=_*-]{3,}$")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,}|`+|~~")
_NUMBERED_LINE = re.compile(r"(?m)(^|[。；;：:]\s*)[(（]?(\d{1,2})(?:[)）]|[.、．](?!\d))[ \t]*")
_NUMBERED_WITHIN = re.compile(r"(?<=[一-鿿》）)])[ \t]+(\d{1,2})[.、．][ \t]*(?=[一-鿿《])")
_ITEM_NUMBER = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_ITEM = re.compile(
    rf"(?P<before>第|条|款|项)?[(（](?P<number>{_ITEM_NUMBER})[)）](?P<after>项|、)?"
)
_ITEMS = re.compile(
    rf"第?[(（]{_ITEM_NUMBER}[)）](?:(?:[、，和或及至到]|以及|或者){{1,2}}第?[(（]{_ITEM_NUMBER}[)）]){{1,20}}(?=项)"
)
_URL = re.compile(
    r"(?:https?://)?((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10})(?![A-Za-z])(?:[:/?#][!-~]*)?"
)
_EMAIL = re.compile(r"([A-Za-z0-9._%+-]{1,64})@((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10})")
_SYMBOLS = str.maketrans(
    {
        "㎡": "平方米", "㎞": "公里", "㎏": "公斤", "№": "编号", "≥": "大于等于", "≤": "小于等于",
        "±": "正负", "＋": "+", "＝": "等于", "＞": "大于", "＜": "小于", "&": "和",
        "％": "%", "／": "/", "：": ":", "（": "(", "）": ")", "－": "-",
    }
)  # fmt: skip
_QUOTES = str.maketrans("", "", "《》〈〉“”‘’「」『』\"'")
_PAUSES = re.compile(r"\s*(?:—{1,2}|–|…+|\.{3,}|[()\[\]〔〕【】{}|:;,；：])\s*")
_REPEATED_PAUSES = re.compile(r"[，、\s]*([。！？])[，、。！？\s]*|[，、\s]*([，])[，、\s]*")
_NOT_READ = re.compile(r"[^\w，、。！？ \n]|_")
_UNBROKEN = re.compile(
    r"《[^《》\n]{1,40}》|(?:[一-鿿]{0,6}[发办函规字令])?[〔\[(（][^〔〕\[\]()（）\n]{1,20}[〕\])）](?:第?\d+号)?|[0-9A-Za-z][0-9A-Za-z.,:：/%@\-—–~～]*[一-鿿]{0,2}"
)
_END = re.compile(r"[。！？；!?;\n]+[”’」』）)》\"']*")
_COMMA = re.compile(r"[，、：,:]+[”’」』）)》\"']*|——|……")
_BREATH = re.compile(
    r"(?<=》)(?=[一-鿿])|(?<=[一-鿿])(?=应当|应该|可以|不得|必须|需要|按照|依照|根据)"
)
"""Where a reader breathes without a comma: after a title, and before what is to be done."""


def spoken_form(text: str) -> str:
    """Return text as it is read aloud: characters, Latin letters and the pauses ，、。！？ only.

    Web addresses shrink to the name of the site, remnants of Markdown and HTML, quotation marks,
    emoji and what cannot be read are left out. Takes time in proportion to the length.
    """
    text = _without_markup(text)
    text = _EMAIL.sub(lambda found: f"{_letters(found[1])}艾特{_letters(found[2])}", text)
    text = _URL.sub(lambda found: _letters(found[1]), text)
    text = with_signs_read(_half_width(text))
    text = _NUMBERED_WITHIN.sub(lambda found: f"，{cardinal(int(found[1]))}、", text)
    text = _NUMBERED_LINE.sub(lambda found: f"{found[1]}{cardinal(int(found[2]))}、", text)
    text = _ITEMS.sub(_items, text)
    text = _ITEM.sub(_item, text)
    text = with_numbers_read(text)
    text = text.translate(_QUOTES)
    text = re.sub(r"(?<=[一-鿿A-Z])/(?=[一-鿿])", "、", text)
    text = _PAUSES.sub("，", text.replace("!", "！").replace("?", "？"))
    text = re.sub(r"\s*\n\s*", "。", text.strip())
    text = _NOT_READ.sub("", text)
    text = _REPEATED_PAUSES.sub(lambda found: found[1] or found[2], text)
    return re.sub(r" {2,}", " ", text).strip("，、 ")


def sentences(text: str) -> list[str]:
    """Return the pieces of text to speak one after the other, as written, the first one short.

    A piece ends with a sentence, or at a comma when it would be long; numbers, document numbers
    and titles in 《》 are not broken. Text without anything to say gives no pieces.
    """
    return [text[first:last] for first, last in sentence_spans(text, opening=True)]


def sentence_spans(text: str, *, opening: bool = False) -> list[tuple[int, int]]:
    """Return where the pieces of a text to speak begin and end, without the blanks around them.

    With `opening` the first one is short, so that it is heard early.
    """
    unbroken = bytearray(len(text))
    for found in _UNBROKEN.finditer(text):
        unbroken[found.start() + 1 : found.end()] = b"\1" * (found.end() - found.start() - 1)
    pieces: list[tuple[int, int]] = []
    start, limit = 0, FIRST_PIECE if opening else LONGEST_PIECE
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        if end > start and (end == len(text) or not unbroken[end]):
            breathes = opening and not pieces
            for first, last in _shorter(text, start, end, unbroken, limit, breathes=breathes):
                piece = text[first:last]
                if any(character.isalnum() for character in piece):
                    first += len(piece) - len(piece.lstrip())
                    pieces.append((first, first + len(piece.strip())))
                    limit = min(LONGEST_PIECE, max(limit, GROWTH * len(piece.strip())))
            start = end
    return pieces


def _shorter(
    text: str, start: int, end: int, unbroken: bytearray, limit: int, *, breathes: bool
) -> list[tuple[int, int]]:
    """Divide one sentence at its commas, or anywhere when there are none for too long.

    Its first part is to have at most `limit` characters, the others may be GROWTH times as long as
    the one before. One that `breathes` may begin with a part that no comma ends.
    """
    commas = [
        found.end()
        for found in _COMMA.finditer(text, start, end)
        if found.end() == end or not unbroken[found.end()]
    ]
    soon = bisect_right(commas, start + 3) < bisect_right(commas, start + limit)
    if breathes and end - start > limit and not soon:
        opening = min(end, start + LONGEST_PIECE)
        breaths = (found.end() for found in _BREATH.finditer(text, start, opening))
        commas = sorted({*commas, *(stop for stop in breaths if not unbroken[stop])})
    spans: list[tuple[int, int]] = []
    while end - start > limit:
        near = commas[bisect_right(commas, start + 3) : bisect_right(commas, start + LONGEST_PIECE)]
        if near:
            stop = max((comma for comma in near if comma <= start + limit), default=near[0])
        elif end - start <= LONGEST_PIECE:
            break
        else:
            stop = start + LONGEST_PIECE
            while stop > start + LONGEST_PIECE // 2 and unbroken[stop]:
                stop -= 1
        spans.append((start, stop))
        limit = min(LONGEST_PIECE, max(limit, GROWTH * (stop - start)))
        start = stop
    return [*spans, (start, end)]


def _without_markup(text: str) -> str:
    text = with_tables_read(html.unescape(text))
    text = _TAG.sub("\n" if "\n" in text else " ", text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _EMPHASIS.sub("", _LINE_MARK.sub("", _RULER.sub("", text)))
    # Runs of space would make every pattern below that begins with space look far ahead.
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"[^\S\n]+", " ", text.strip()))


def _letters(name: str) -> str:
    return name.upper().replace(".", "点").replace("-", "杠").replace("_", "下划线")


def _half_width(text: str) -> str:
    written = []
    for character in text.translate(_SYMBOLS):
        if "①" <= character <= "⒛":
            written.append(cardinal(int(unicodedata.numeric(character, 0))) + "、")
        elif "Ⅰ" <= character <= "ⅻ":
            written.append(cardinal(int(unicodedata.numeric(character, 0))))
        elif "０" <= character <= "９" or "Ａ" <= character <= "ｚ":
            written.append(unicodedata.normalize("NFKC", character))
        elif character in "\t\r\v\f\u3000\xa0":
            written.append(" ")
        else:
            written.append(character)
    return "".join(written)


def _items(found: re.Match[str]) -> str:
    """第（二）、（三） before 项: 第二、三."""
    return "第" + re.sub(r"[第()（）]", "", found[0])


def _item(found: re.Match[str]) -> str:
    number = found["number"]
    if number.isdigit():
        number = cardinal(int(number))
    if found["before"] or found["after"] == "项":
        before = found["before"] if found["before"] not in {None, "第"} else ""
        return f"{before}第{number}项"
    return f"{number}、"

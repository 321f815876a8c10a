"""Text files: their encoding, and one line of text a paragraph."""

from __future__ import annotations

from pathlib import Path

from services.importing.source_text import Line, SourceText, Unreadable, clean_lines

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BINARY = frozenset(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27}


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, GB18030 (which includes GBK and GB 2312) or UTF-16.

    Raises Unreadable, naming the line of the first byte that is no text.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(content, error) from None
    if b"\0" in content or sum(b in _BINARY for b in content[:4096]) > 20:
        raise Unreadable("文件内容不是文字，可能已损坏或扩展名有误。")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        as_utf8 = error
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        # The encoding that went further is the one the file was meant to be in.
        raise _undecodable(content, max(as_utf8, error, key=lambda e: e.start)) from None


def _undecodable(content: bytes, error: UnicodeDecodeError) -> Unreadable:
    return Unreadable(
        "文件里有无法识别的字符，请另存为 UTF-8 编码后再导入。",
        line=content.count(b"\n", 0, error.start) + 1,
    )


def read(path: Path) -> SourceText:
    """Return the lines of a text file. Raises Unreadable."""
    lines = (Line(line) for line in decode(path.read_bytes()).splitlines())
    return SourceText(path.stem, clean_lines(lines))

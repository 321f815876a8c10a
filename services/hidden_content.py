"""What a file carries that nobody sees who reads it, and that goes out with it all the same.

Names and numbers that were blacked out have come to light from hidden sheets, tracked changes, covered
text, thumbnails and properties. What is given to an applicant is looked through for them; whether what is
seen may be given, people decide. Source: Regulation on Open Government Information, Articles 15 and 37.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from pypdf import PdfReader

_MOST_BYTES = 32 * 1024 * 1024
"""Of one part of an office file that is looked at."""
_MOST_PAGES = 2000
_PARTS = {
    "批注": r"(?:word/comments\w*|xl/(?:threadedC|c)omments[^/]*/?[^/]*)\.xml",
    "嵌入的文件": r"(?:word|xl)/embeddings/.+",
    "缩略图": r"docProps/thumbnail\..+",
    "数据透视表的源数据": r"xl/pivotCache/pivotCacheRecords.*",
}
"""What is hidden, by the name of the part that holds it."""
_ON = rb"""\s*=\s*["'](?:1|true|on)["']"""
_MARKS = {
    "修订痕迹": (r"word/(?:document|header\d*|footer\d*|footnotes)\.xml", rb"<w:(?:ins|del|moveFrom)[\s>]"),
    "隐藏的文字": (
        r"word/(?:document|header\d*|footer\d*|footnotes)\.xml",
        rb"""<w:vanish\s*/>|<w:vanish\s+w:val""" + _ON,
    ),
    "隐藏的工作表": (r"xl/workbook\.xml", rb"""<\w*:?sheet\s[^>]*state\s*=\s*["'](?:very)?[hH]idden"""),
    "隐藏的行或列": (r"xl/worksheets/.+\.xml", rb"<\w*:?(?:row|col)\s[^>]*hidden" + _ON),
    "作者姓名": (
        r"docProps/core\.xml", rb"<(?:dc:creator|cp:lastModifiedBy)(?:\s[^>]*)?>\s*[^<\s]",
    ),
}  # fmt: skip
"""What is hidden, by the parts that may hold it and what it looks like there."""
_SEEN_ANNOTATIONS = {"/Link", "/Widget"}
_NUMBER_OF_SOMEBODY = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


def hidden_in(name: str, content: bytes, media_type: str) -> tuple[str, ...]:
    """Return what is hidden in a file, each in a word, () where nothing was found.

    What cannot be read is not looked into.
    """
    found = ["文件名里的证件号码或手机号"] if _NUMBER_OF_SOMEBODY.search(name) else []
    if media_type == "application/pdf":
        found += _in_pdf(content)
    elif media_type == "image/jpeg":
        found += _in_jpeg(content)
    elif media_type.startswith("application/vnd.openxmlformats-officedocument."):
        found += _in_office(content)
    return tuple(dict.fromkeys(found))


def _in_office(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        for what, part in _PARTS.items():
            if any(re.fullmatch(part, name) for name in names):
                yield what
        for what, (part, mark) in _MARKS.items():
            for name in names:
                if re.fullmatch(part, name) and re.search(mark, _read(archive, name)):
                    yield what
                    break


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_MOST_BYTES)


def _in_jpeg(content: bytes) -> Iterator[str]:
    start = content.find(b"Exif\0\0", 0, 1024)
    if start < 0:
        return
    length = int.from_bytes(content[start - 2 : start], "big")
    if b"\xff\xd8\xff" in content[start : start + length]:
        yield "缩略图"


def _in_pdf(content: bytes) -> list[str]:
    found = []
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.attachments:
            found.append("嵌入的文件")
        if reader.metadata is not None and (reader.metadata.author or "").strip():
            found.append("作者姓名")
        for page in reader.pages[:_MOST_PAGES]:
            kinds = {one.get_object().get("/Subtype") for one in page.get("/Annots") or ()}
            if kinds - _SEEN_ANNOTATIONS:
                # A black box that was drawn as one is lifted with two clicks.
                found.append("批注，或者用批注画的遮盖")
                break
    except Exception:  # noqa: BLE001 - damaged files make pypdf raise errors of many unrelated types.
        return found
    return found

"""Files that are ZIP archives inside, and old office files: what may be opened, and what may not."""

from __future__ import annotations

import zipfile
from pathlib import Path

from services.importing.source_text import Unreadable

LARGEST_UNPACKED = 300 * 1024 * 1024
"""Bytes that a DOCX or XLSX may grow to when it is unpacked."""
GREATEST_RATIO = 200
"""How many times its packed size a large member may grow; XML shrinks 10 to 50 times."""
_RATIO_COUNTS_FROM = 10 * 1024 * 1024
_MOST_MEMBERS = 20_000
_IS_ENCRYPTED = 0x1
_LARGEST_TYPE_LIST = 1024 * 1024
_BLOCK = 1024 * 1024

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""How Office names, in an old-style file, the new-style one that a password locks."""


def packed_names(path: Path) -> set[str]:
    """Return the names of the members of an archive.

    Raises Unreadable where it is damaged, locked, would fill the memory, or is a document that
    carries macros.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _refuse_bombs(members)
            if any(member.flag_bits & _IS_ENCRYPTED for member in members):
                raise Unreadable("文件加了密码，请去掉密码后再导入。")
            names = {member.filename for member in members}
            if "word/document.xml" in names:
                _refuse_macros(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable("文件不完整或已损坏，无法打开。") from None
    return names


def refuse_old_office(path: Path) -> None:
    """Raise Unreadable for an old-style office file, which a locked new-style one looks like."""
    with path.open("rb") as file:
        before = b""
        while block := file.read(_BLOCK):
            if _ENCRYPTED_PACKAGE in before + block:
                raise Unreadable("文件加了密码，请去掉密码后再导入。")
            before = block[-len(_ENCRYPTED_PACKAGE) :]
    raise Unreadable("这是旧版 Office 格式（doc 或 xls），请另存为 docx 或 xlsx 后再导入。")


def _refuse_bombs(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what would fill the memory when unpacked; zipfile never reads past file_size."""
    swollen = any(
        m.file_size > _RATIO_COUNTS_FROM and m.file_size > GREATEST_RATIO * max(m.compress_size, 1)
        for m in members
    )
    total = sum(m.file_size for m in members)
    if swollen or total > LARGEST_UNPACKED or len(members) > _MOST_MEMBERS:
        raise Unreadable("文件解压后过大，可能是损坏或恶意文件，未导入。")


def _refuse_macros(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse macros: they would never run here, but whoever takes the original home has them."""
    has_project = any(name.lower().endswith("vbaproject.bin") for name in names)
    types = b""
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as listed:
            types = listed.read(_LARGEST_TYPE_LIST)
    if has_project or b"macroEnabled" in types:
        raise Unreadable("Word 文档带有宏，可能有害，未导入。请另存为不带宏的 docx 后再导入。")

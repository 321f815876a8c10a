"""What may be put into a case: its size, its kind, and whether it is what its name says."""

from __future__ import annotations

import io
from pathlib import PurePath

from models.application_file import FilePurpose
from services.errors import Invalid
from services.hidden_content import hidden_in
from services.importing.media_types import (
    BINARY,
    EXTENSIONS,
    HTML,
    is_whole_picture_in,
    media_type_in,
)
from services.stored_files import clean_name

_MEGA = 1024 * 1024
_LARGEST = {FilePurpose.IDENTITY: 10 * _MEGA, FilePurpose.RELEASE: 50 * _MEGA}
_LARGEST_OTHERS = 20 * _MEGA
_PICTURES = frozenset({"image/jpeg", "image/png", "image/tiff"})
_PAPERS = _PICTURES | {"application/pdf"}
_EVERYTHING = frozenset(EXTENSIONS) - {HTML}
_TAKEN = {FilePurpose.IDENTITY: _PAPERS, FilePurpose.RELEASE: _EVERYTHING}
_TAKEN_OTHERWISE = _EVERYTHING - {"application/zip"}


class CaseFileTooLarge(Invalid):
    code = "file_too_large"

    def __init__(self, largest: int) -> None:
        super().__init__(
            f"More than {largest} bytes came.",
            sentence=f"文件超过 {largest // _MEGA} MB，请压缩或拆分后再上传。",
        )


class FileNotTaken(Invalid):
    """It is of a kind that is not taken, damaged, or not what its name says."""

    code = "file_not_taken"


def largest(purpose: FilePurpose) -> int:
    """Return how many bytes a file may have."""
    return _LARGEST.get(purpose, _LARGEST_OTHERS)


def checked_name(name: str, content: bytes, purpose: FilePurpose) -> tuple[str, str]:
    """Return a file's name and media type, judged by its content.

    Raises FileNotTaken for a kind that is not taken and for what is not what its name says:
    a program that is called 证明.pdf; and for what an applicant is to get, where something is hidden in it.
    """
    media_type = media_type_in(io.BytesIO(content))
    if media_type == BINARY or media_type not in _TAKEN.get(purpose, _TAKEN_OTHERWISE):
        wanted = "照片（JPG、PNG、TIFF）或 PDF" if purpose is FilePurpose.IDENTITY else (
            "照片、PDF、DOCX、XLSX 或纯文本"
        )  # fmt: skip
        raise FileNotTaken(
            f"{media_type} is not taken as {purpose}.",
            sentence=f"这个文件不能收，请换成{wanted}；旧版 DOC、XLS 请另存为 DOCX、XLSX。",
        )
    if media_type in _PICTURES and not is_whole_picture_in(io.BytesIO(content), media_type):
        raise FileNotTaken("The picture is cut off.", sentence="这张图片不完整，请重新拍照或扫描。")
    name = clean_name(name)
    if purpose is FilePurpose.RELEASE and (hidden := hidden_in(name, content, media_type)):
        raise FileNotTaken(
            "There is something hidden in it.",
            sentence=f"这个文件要提供给申请人，里面还有看不见的内容：{'、'.join(hidden)}。请清除后再上传。",
        )
    extension = PurePath(name).suffix.lower()
    if not extension:
        return name + EXTENSIONS[media_type][0], media_type
    if extension not in EXTENSIONS[media_type]:
        raise FileNotTaken(
            f"{media_type} is called {extension}.",
            sentence="文件的内容和扩展名不一致，请确认没有选错文件。",
        )
    return name, media_type

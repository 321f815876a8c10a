"""What is given out is clean inside: each of these has once brought to light what was blacked out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from models.application_file import FilePurpose
from services.case_file_contents import FileNotTaken, checked_name

NAME = {"docx": "答复附件.docx", "xlsx": "清单.xlsx", "pdf": "答复附件.pdf", "jpg": "照片.jpg"}


def word(change: Callable[[bytes], bytes] = lambda xml: xml, *, author: str = "") -> bytes:
    document = Document()
    document.add_paragraph("公开的内容")
    document.core_properties.author = author
    kept, changed = io.BytesIO(), io.BytesIO()
    document.save(kept)
    with zipfile.ZipFile(kept) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            if name == "docProps/thumbnail.jpeg":
                continue
            content = before.read(name)
            after.writestr(name, change(content) if name == "word/document.xml" else content)
    return changed.getvalue()


def book(change: Callable[[Workbook], object] = lambda book: None) -> bytes:
    workbook = Workbook()
    workbook.properties.creator = ""
    workbook.active["A1"] = "公开的内容"
    workbook.create_sheet("第二张")
    change(workbook)
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def pdf(change: Callable[[PdfWriter], object] = lambda writer: None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    change(writer)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def photo(*, thumbnail: bool) -> bytes:
    kept = io.BytesIO()
    inside = io.BytesIO()
    Image.new("RGB", (8, 8)).save(inside, "JPEG")
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + (inside.getvalue() if thumbnail else b"")
    Image.new("RGB", (64, 64)).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(xml: bytes) -> bytes:
        assert old in xml
        return xml.replace(old, new, 1)

    return change


def _hide_sheet(workbook: Workbook) -> None:
    workbook["第二张"].sheet_state = "hidden"


def _hide_row(workbook: Workbook) -> None:
    workbook.active.row_dimensions[3].hidden = True


def _hide_column(workbook: Workbook) -> None:
    workbook.active.column_dimensions["C"].hidden = True


def _comment(workbook: Workbook) -> None:
    workbook.active["A1"].comment = Comment("张三的电话", "小王")


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        pytest.param("docx", word(replacing(b"<w:r>", b'<w:ins w:id="1"/><w:r>')), "修订痕迹", id="tracked"),
        pytest.param("docx", word(replacing(b"<w:r>", b"<w:r><w:rPr><w:vanish/></w:rPr>")), "隐藏的文字", id="hidden text"),
        pytest.param("docx", word(author="小王"), "作者姓名", id="author of a document"),
        pytest.param("xlsx", book(_hide_sheet), "隐藏的工作表", id="hidden sheet"),
        pytest.param("xlsx", book(_hide_row), "隐藏的行或列", id="hidden row"),
        pytest.param("xlsx", book(_hide_column), "隐藏的行或列", id="hidden column"),
        pytest.param("xlsx", book(_comment), "批注", id="comment"),
        pytest.param("pdf", pdf(lambda writer: writer.add_attachment("原件.txt", b"1")), "嵌入的文件", id="attachment"),
        pytest.param("pdf", pdf(lambda writer: writer.add_metadata({"/Author": "小王"})), "作者姓名", id="author of a PDF"),
        pytest.param(
            "pdf",
            pdf(lambda writer: writer.add_annotation(0, FreeText(text=" ", rect=(0, 0, 90, 20)))),
            "遮盖", id="a box drawn over it",
        ),
        pytest.param("jpg", photo(thumbnail=True), "缩略图", id="thumbnail"),
    ],
)  # fmt: skip
def test_what_is_hidden_does_not_go_out(kind: str, content: bytes, told: str) -> None:
    with pytest.raises(FileNotTaken) as refused:
        checked_name(NAME[kind], content, FilePurpose.RELEASE)
    assert told in refused.value.sentence
    assert checked_name(NAME[kind], content, FilePurpose.EVIDENCE)[0] == NAME[kind], "kept inside"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("docx", word()),
        ("docx", word(replacing(b"<w:r>", b'<w:r><w:rPr><w:vanish w:val="0"/></w:rPr>'))),
        ("xlsx", book()),
        ("pdf", pdf()),
        ("jpg", photo(thumbnail=False)),
    ],
)
def test_what_hides_nothing_is_taken(kind: str, content: bytes) -> None:
    assert checked_name(NAME[kind], content, FilePurpose.RELEASE)[0] == NAME[kind]


@pytest.mark.parametrize("name", ["11010519491231002X的申请.pdf", "张三13800001234.pdf"])
def test_a_files_name_tells_of_nobody(name: str) -> None:
    with pytest.raises(FileNotTaken):
        checked_name(name, pdf(), FilePurpose.RELEASE)

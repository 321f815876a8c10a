"""Documents as files: what is printed can be read back, searched and copied."""

from __future__ import annotations

import io

import pytest
import segno
from docx import Document
from pypdf import PdfReader

from services.printed_document import (
    Merged,
    PageBreak,
    Paragraph,
    Picture,
    PrintedDocument,
    Setting,
    Table,
    paragraphs,
)
from services.printed_pdf import pdf_of
from services.printed_word import docx_of


def _qr_code() -> bytes:
    file = io.BytesIO()
    segno.make("OZ-1234").save(file, kind="png", scale=4)
    return file.getvalue()


DOCUMENT = PrintedDocument(
    issuer="示例区住房城乡建设委员会",
    title="政府信息公开登记回执",
    number="示例住建依申请〔2026〕3号",
    blocks=(
        Paragraph("买买提·吐尔逊：", Setting.FLUSH),
        *paragraphs("您的申请已经收到 <当面提交> & 登记。\n\n请妥善保存。"),
        Table(
            rows=(("项目", "内容"), ("登记编号", "2026-003-00012"), ("Anna O'Neil", "")),
            widths=(1, 3),
            header_rows=1,
            merged=(Merged(2, 0, 2, 1),),
        ),
        Picture(png=_qr_code(), width_mm=30, description="查询码"),
        PageBreak(),
        Paragraph("第二页说明", Setting.SMALL),
    ),
    sealed_by="示例区住房城乡建设委员会",
    dated="2026年3月4日",
)
WORDS = (
    *("政府信息公开登记回执", "示例住建依申请〔2026〕3号", "买买提·吐尔逊：", "2026-003-00012"),
    *("您的申请已经收到 <当面提交> & 登记。", "Anna O'Neil", "第二页说明", "2026年3月4日"),
)


def _lines_of_word(file: bytes) -> str:
    word = Document(io.BytesIO(file))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


def _words_of_pdf(file: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
    return text.replace("\n", "").replace(" ", "")


def test_a_pdf_holds_every_word() -> None:
    text = _words_of_pdf(pdf_of(DOCUMENT))
    assert [word for word in WORDS if word.replace(" ", "") not in text] == []


def test_a_word_file_holds_every_word() -> None:
    text = _lines_of_word(docx_of(DOCUMENT))
    assert [word for word in WORDS if word not in text] == []


def test_a_merged_cell_is_one_with_one_text() -> None:
    table = Document(io.BytesIO(docx_of(DOCUMENT))).tables[0]
    assert table.cell(2, 0).text == table.cell(2, 1).text == "Anna O'Neil"


def test_files_say_what_they_are_and_nothing_of_who_it_is_about() -> None:
    facts = PdfReader(io.BytesIO(pdf_of(DOCUMENT))).metadata
    assert facts is not None and facts.title == DOCUMENT.title
    core = Document(io.BytesIO(docx_of(DOCUMENT))).core_properties
    assert (core.title, core.author) == (DOCUMENT.title, DOCUMENT.issuer)


def test_the_same_document_is_the_same_pdf() -> None:
    assert pdf_of(DOCUMENT) == pdf_of(DOCUMENT)


def test_pages_are_a4_and_lie_on_their_side_when_asked() -> None:
    wide = PrintedDocument(title="年度报告", landscape=True)
    page = PdfReader(io.BytesIO(pdf_of(wide))).pages[0].mediabox
    assert (round(page.width), round(page.height)) == (842, 595)
    section = Document(io.BytesIO(docx_of(wide))).sections[0]
    assert section.page_width > section.page_height


def test_a_long_table_goes_on_over_pages_with_its_heading() -> None:
    rows = (("序号", "事项"), *((str(number), "办理事项" * 20) for number in range(80)))
    long = PrintedDocument(title="清单", blocks=(Table(rows=rows, header_rows=1),))
    pages = PdfReader(io.BytesIO(pdf_of(long))).pages
    assert len(pages) > 2 and all("序号" in page.extract_text() for page in pages)


def test_large_print_is_larger() -> None:
    text = tuple(Paragraph("请在办理期限内妥善保存这张回执。" * 6) for _ in range(12))
    small = PdfReader(io.BytesIO(pdf_of(PrintedDocument(title="回执", blocks=text))))
    large = PdfReader(io.BytesIO(pdf_of(PrintedDocument(title="回执", blocks=text, large=True))))
    assert len(large.pages) > len(small.pages)


def test_a_table_of_fifteen_columns_fits_the_page() -> None:
    rows = (tuple("结果维持" for _ in range(15)), tuple("12" for _ in range(15)))
    wide = PrintedDocument(title="表四", blocks=(Table(rows=rows, centred=True),), landscape=True)
    assert len(PdfReader(io.BytesIO(pdf_of(wide))).pages) == 1


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    "table",
    [
        Table(
            rows=(("项目", "内容"), ("说明", "很长的说明，" * 700), ("末行", "完")), header_rows=1
        ),
        Table(
            rows=(("项目", "内容"), ("说明", "很长的说明，" * 700), ("末行", "完")),
            merged=(Merged(1, 0, 2, 0),),
        ),
        Table(rows=()),
    ],
)
def test_what_is_longer_than_a_page_goes_on(table: Table, large: bool) -> None:
    document = PrintedDocument(title="申请表", blocks=(table,), large=large)
    text = _words_of_pdf(pdf_of(document))
    assert text.count("很") == (700 if table.rows else 0)
    assert text.count("项目内容") == (1 if table.rows else 0)
    assert len(docx_of(document)) > 0


def test_pasted_control_characters_are_left_out() -> None:
    document = PrintedDocument(
        title="回\x0b执", blocks=(Paragraph("甲\x01乙\ufffe丙"), Table(rows=(("丁\x02戊",),)))
    )
    assert "回执甲乙丙丁戊" in _words_of_pdf(pdf_of(document))
    assert _lines_of_word(docx_of(document)).replace("\n", "") == "回执甲乙丙丁戊"

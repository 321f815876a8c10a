"""Files that cannot be taken in: each is named with a reason, and the rest goes in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pypdf
import pytest

from models.document import Document
from models.question_entry import QuestionEntry
from services.importing.files import LARGEST_FILE
from tests.command_line import import_paths
from tests.test_importing.conftest import WriteFile

GOOD = "某市人民政府关于开放公园的通知\n某府发〔2024〕1号\n各区人民政府：\n公园全年免费开放。\n"


def damaged_zip() -> bytes:
    return b"PK\x03\x04" + b"\x00broken" * 50


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.txt", b"", "文件是空的，没有可以导入的内容。"),
        ("只有空白.txt", b" \r\n\t\n", "文件是空的，没有可以导入的内容。"),
        ("假.docx", GOOD.encode(), "文件内容不是Word 文档（.docx），可能已损坏或扩展名有误。"),
        ("坏.docx", damaged_zip(), "文件不完整或已损坏，无法打开。"),
        ("假.pdf", GOOD.encode(), "文件内容不是PDF，可能已损坏或扩展名有误。"),
        ("坏.pdf", b"%PDF-1.7\nbroken", "PDF 已损坏，无法打开。"),
        ("假.xlsx", b"id,question", "文件内容不是Excel 表格（.xlsx），可能已损坏或扩展名有误。"),
        (
            "旧.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100,
            "这是旧版 Office 格式（doc 或 xls），请另存为 docx 或 xlsx 后再导入。",
        ),
        ("图.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "文件内容不是文字，可能已损坏或扩展名有误。"),
        (
            "图.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "不支持这种文件，可以导入的有 txt、md、html、docx、pdf、csv、tsv、xlsx、jsonl。",
        ),
        ("只有标题.txt", "某市人民政府关于放假的通知\n".encode(), "文件只有标题，没有正文。"),
        ("长标题.md", f"# {'长' * 501}\n\n正文。".encode(), "标题超过 500 个字，请检查文件格式。"),
    ],
)
async def test_a_bad_file_is_named_and_the_rest_goes_in(
    name: str, content: bytes, reason: str, database: None, write: WriteFile
) -> None:
    bad = write(name, content)
    write("最后一份.txt", GOOD)
    report = await import_paths([bad.parent])
    assert [(f.path, f.line, f.reason) for f in report.failed] == [(str(bad), None, reason)]
    assert report.imported == 1
    assert await Document.all().count() == 1


async def test_a_byte_that_is_no_text_is_found_by_its_line(
    database: None, write: WriteFile
) -> None:
    report = await import_paths(
        [write("坏.txt", GOOD.encode() + "第五行".encode() + b"\xff\xff\n")]
    )
    assert [(f.line, f.reason) for f in report.failed] == [
        (5, "文件里有无法识别的字符，请另存为 UTF-8 编码后再导入。")
    ]


async def test_scanned_and_locked_pdfs_are_told_apart(database: None, tmp_path: Path) -> None:
    scanned = pypdf.PdfWriter()
    scanned.add_blank_page(200, 200)
    scanned.write(tmp_path / "a.pdf")
    scanned.encrypt("secret", algorithm="RC4-128")
    scanned.write(tmp_path / "b.pdf")
    report = await import_paths([tmp_path / "a.pdf", tmp_path / "b.pdf"])
    assert [f.reason for f in report.failed] == [
        "PDF 里没有文字（可能是扫描件），请先做文字识别（OCR）再导入。",
        "PDF 加了密码，请去掉密码后再导入。",
    ]


async def test_a_file_that_would_fill_the_memory_is_refused(database: None, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "弹.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b" " * 20_000_000)
    with (tmp_path / "大.txt").open("wb") as large:
        large.write(b"text")
        large.truncate(LARGEST_FILE + 1)
    report = await import_paths([tmp_path / "弹.docx", tmp_path / "大.txt"])
    assert [f.reason for f in report.failed] == [
        "文件解压后过大，可能是损坏或恶意文件，未导入。",
        "文件超过 100 MB，请拆分后再导入。",
    ]


async def test_a_missing_file_and_an_archive_are_named(database: None, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "打包.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    report = await import_paths([tmp_path / "没有.txt", tmp_path / "打包.zip"])
    assert report.failed[0].reason == "找不到这个文件，请检查路径。"
    assert report.failed[1].reason.startswith("这是压缩包，请解压后再导入")


async def test_folders_are_walked_without_hidden_and_empty_index_files(
    database: None, write: WriteFile
) -> None:
    folder = write("政策/甲/通知.txt", GOOD).parents[1]
    write("政策/库.csv", "问题,答案\n问,答\n")
    write("政策/_index.md", "---\ntitle: 政策\n---\n")
    write("政策/.隐藏/a.txt", "不该读")
    write("政策/~$通知.docx", "锁")
    report = await import_paths([folder])
    assert (report.imported, report.failed) == (2, [])
    assert (await Document.all().count(), await QuestionEntry.all().count()) == (1, 1)


async def test_two_files_with_one_number_are_not_stored_over_each_other(
    database: None, write: WriteFile
) -> None:
    folder = write("甲.txt", GOOD).parent
    write("乙.txt", GOOD.replace("免费", "收费"))
    write("丙.txt", GOOD)
    report = await import_paths([folder])
    assert report.imported == 1
    assert report.unchanged + len(report.failed) == 2
    assert next(f.reason for f in report.failed).endswith("内容不同，未导入。")

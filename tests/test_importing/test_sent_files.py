"""What the reader for files that people send makes of each, and how originals are kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.stored_file import StoredFile, StoredFilePart
from services import stored_files
from services.clean_html import cleaned
from services.importing.file_contents import read_file
from services.importing.media_types import media_type_of
from services.importing.reader import Reader
from services.importing.source_text import Unreadable
from tests import made_files
from tests.made_files import notice

PAGE = (
    "<html><head><meta charset=utf-8><script>steal()</script></head><body onload=steal()>"
    "<h1>某区人民政府关于开放公园的通知</h1><p>公园免费开放。<img src=https://spy.example/x></p>"
    "<iframe src=https://evil.example></iframe><a href='javascript:steal()'>点</a></body></html>"
)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("宏.docx", made_files.word_file_with_macros(notice()),
         "Word 文档带有宏，可能有害，未导入。请另存为不带宏的 docx 后再导入。"),
        ("锁.docx", made_files.locked_office_file(), "文件加了密码，请去掉密码后再导入。"),
        ("锁.xlsx", made_files.locked_office_file(), "文件加了密码，请去掉密码后再导入。"),
        ("锁2.docx", made_files.locked_archive(notice()), "文件加了密码，请去掉密码后再导入。"),
        ("锁.pdf", made_files.locked_pdf(), "PDF 加了密码，请去掉密码后再导入。"),
        ("旧.doc", made_files.old_word_file(),
         "这是旧版 Office 格式（doc 或 xls），请另存为 docx 或 xlsx 后再导入。"),
        ("弹.docx", made_files.bomb(), "文件解压后过大，可能是损坏或恶意文件，未导入。"),
        ("半.png", made_files.picture()[:600], "图片不完整或已损坏，请重新扫描或重新上传。"),
        ("半.jpg", made_files.picture("JPEG")[:600], "图片不完整或已损坏，请重新扫描或重新上传。"),
        ("半.docx", made_files.word_file(notice())[:9000], "文件不完整或已损坏，无法打开。"),
        ("声.mp3", b"ID3\x04" + bytes(500),
         "不支持这种文件，可以导入的有 txt、md、html、docx、pdf、csv、tsv、xlsx、jsonl。"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_in_says_why(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read_file(tmp_path / name, keep_scans=True)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("低保公示.pdf", made_files.scanned_pdf(), "application/pdf"),
        ("低保公示.png", made_files.picture(), "image/png"),
        ("低保公示.jpg", made_files.picture("JPEG"), "image/jpeg"),
        ("低保公示.tiff", made_files.picture("TIFF"), "image/tiff"),
        ("低保公示.docx", made_files.picture(), "image/png"),
    ],
)
def test_a_scan_is_kept_under_its_name_without_text(
    name: str, content: bytes, media_type: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    contents = read_file(tmp_path / name, keep_scans=True)
    assert contents.document is not None and contents.scan_id
    assert (contents.document.title, contents.document.paragraphs) == ("低保公示", ())
    assert media_type_of(tmp_path / name) == media_type


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("页面.txt", PAGE.encode(), "text/html"),
        ("页面.docx", f"\n\n{'x' * 3000}<script>".encode(), "text/html"),
        ("表.csv", "问题,答案\n问,答\n".encode(), "text/plain"),
        ("文.txt", notice().encode("gb18030"), "text/plain"),
        ("文.bin", notice().encode("utf-16"), "text/plain"),
        ("文", made_files.word_file(notice()),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("旧.docx", made_files.old_word_file(), "application/x-ole-storage"),
        ("坏.docx", b"PK\x03\x04broken", "application/octet-stream"),
    ],
)  # fmt: skip
def test_what_a_file_is_depends_on_its_content_alone(
    name: str, content: bytes, media_type: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert media_type_of(tmp_path / name) == media_type


def test_a_page_is_given_away_without_what_runs_in_it() -> None:
    safe = cleaned(PAGE.encode()).decode()
    assert "某区人民政府关于开放公园的通知" in safe and "<p>公园免费开放。</p>" in safe
    for harmful in ("script", "steal", "onload", "iframe", "img", "example"):
        assert harmful not in safe


async def test_the_reader_goes_on_after_a_file_that_killed_it(tmp_path: Path) -> None:
    bad, good = tmp_path / "坏.docx", tmp_path / "好.txt"
    bad.write_bytes(made_files.bomb())
    good.write_text(notice(), encoding="utf-8")
    reader = Reader()
    try:
        with pytest.raises(Unreadable, match="解压后过大"):
            await reader.read(bad)
        assert reader._process is not None
        reader._process.kill()
        with pytest.raises(Unreadable, match="读不出来"):
            await reader.read(good)
        contents = await reader.read(good)
        assert contents.document is not None
        assert contents.document.document_number == "某府发〔2024〕1号"
    finally:
        await reader.close()


async def test_the_reader_gives_up_on_a_file_that_takes_for_ever(tmp_path: Path) -> None:
    good = tmp_path / "好.txt"
    good.write_text(notice(), encoding="utf-8")
    reader = Reader(patience_s=0.0)
    try:
        with pytest.raises(Unreadable, match="过于复杂"):
            await reader.read(good)
        assert reader._process is None
    finally:
        await reader.close()


async def arriving(content: bytes, chunk: int = 70_000) -> AsyncIterator[bytes]:
    for place in range(0, len(content), chunk):
        yield content[place : place + chunk]


async def test_a_file_comes_back_as_it_went_in_and_is_kept_once(database: None) -> None:
    content = bytes(range(256)) * 10_000
    first = await stored_files.store(arriving(content))
    second = await stored_files.store(arriving(content, 1_000_000))
    assert first.id == second.id
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert await StoredFilePart.filter(file_id=first.id).count() == 3
    assert b"".join([part async for part in stored_files.chunks_of(first)]) == content
    async with stored_files.on_disk(first, "../../某某/通知?.docx") as path:
        assert path.name == "通知.docx"
        assert path.read_bytes() == content
    assert not path.exists()


async def test_two_who_send_the_same_at_once_share_it(database: None) -> None:
    content = b"the same" * 400_000
    files = await asyncio.gather(*(stored_files.store(arriving(content)) for _ in range(4)))
    assert len({file.id for file in files}) == 1
    assert await StoredFile.all().count() == 1
    assert b"".join([part async for part in stored_files.chunks_of(files[0])]) == content


async def test_a_file_that_is_too_large_is_refused_before_it_has_come(database: None) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(100_000)

    with pytest.raises(stored_files.FileTooLarge):
        await stored_files.store(endless(), largest=1_000_000)
    assert taken == 11
    with pytest.raises(stored_files.FileEmpty):
        await stored_files.store(arriving(b""))
    assert await StoredFile.all().count() == 0


async def test_what_stopped_coming_in_is_removed_after_a_while(database: None) -> None:
    whole = await stored_files.store(arriving(b"whole"))
    half = await StoredFile.create(sha256="coming in:1", size_bytes=9, media_type="text/plain")
    await StoredFilePart.create(file_id=half.id, position=0, data=b"half")
    await stored_files.remove_given_up(datetime.now(UTC) + timedelta(hours=5))
    assert await StoredFile.all().count() == 2
    await stored_files.remove_given_up(datetime.now(UTC) + timedelta(hours=7))
    assert [file.id for file in await StoredFile.all()] == [whole.id]
    assert await StoredFilePart.filter(file_id=half.id).count() == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\文件\\通知.docx", "通知.docx"),
        ("/etc/passwd", "passwd"),
        ("..", "未命名"),
        ("a\0b\n.txt", "ab.txt"),
        ("很" * 300 + ".pdf", "很" * 66 + ".pdf"),
    ],
)
def test_names_of_senders_are_no_paths(sent: str, kept: str) -> None:
    assert stored_files.clean_name(sent) == kept

"""Files of a case: taken for what they are, kept encrypted, seen by whom they concern."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from models.application import Application, ApplicationState
from models.application_file import ApplicationFile, ApplicationFilePart, FilePurpose
from models.audit_record import AuditRecord
from models.staff import Role
from services import application_files as files
from services.access import Actor
from services.applicants import Reason
from services.application_files import CaseFile, TooManyFiles
from services.case_file_contents import CaseFileTooLarge, FileNotTaken, checked_name
from services.errors import Invalid, NotAllowed, NotFound, WrongState
from services.stored_files import FileEmpty
from tests.towns import Town, town_below

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)


def picture(kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, kind)
    return made.getvalue()


def packed(*members: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return made.getvalue()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_below(tmp_path) as made:
        yield made


async def pieces(content: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def stored(
    town: Town, actor: Actor, content: bytes, name: str = "说明.pdf",
    purpose: FilePurpose = FilePurpose.ATTACHMENT,
) -> CaseFile:  # fmt: skip
    return await files.store(
        actor, town.application.id, purpose, name, pieces(content), keys=town.keys
    )


async def content_of(
    town: Town, actor: Actor, file: CaseFile, reason: Reason | None = None
) -> bytes:
    _, chunks = await files.opened(actor, file.id, keys=town.keys, reason=reason)
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize(
    ("content", "name", "purpose", "kept"),
    [
        (PDF, "证明.pdf", FilePurpose.IDENTITY, "证明.pdf"),
        (PDF, "证明", FilePurpose.ATTACHMENT, "证明.pdf"),
        (PDF, "..\\..\\C:\\证明.PDF", FilePurpose.ATTACHMENT, "证明.PDF"),
        (picture(), "正面.png", FilePurpose.IDENTITY, "正面.png"),
        (picture("JPEG"), "正面.jpeg", FilePurpose.IDENTITY, "正面.jpeg"),
        (packed("word/document.xml"), "回函.docx", FilePurpose.OPINION, "回函.docx"),
        ("理由如下".encode(), "理由.txt", FilePurpose.CORRECTION, "理由.txt"),
        (packed("数据.csv"), "数据.zip", FilePurpose.RELEASE, "数据.zip"),
    ],
)
def test_a_file_is_known_by_its_content(
    content: bytes, name: str, purpose: FilePurpose, kept: str
) -> None:
    assert checked_name(name, content, purpose)[0] == kept


@pytest.mark.parametrize(
    ("content", "name", "purpose"),
    [
        pytest.param(PROGRAM, "证明.pdf", FilePurpose.IDENTITY, id="a program called PDF"),
        pytest.param(PROGRAM, "证明", FilePurpose.ATTACHMENT, id="a program without a name"),
        pytest.param(picture(), "证明.pdf", FilePurpose.ATTACHMENT, id="a picture called PDF"),
        pytest.param(PDF, "证明.pdf.exe", FilePurpose.ATTACHMENT, id="a PDF called a program"),
        pytest.param(b"echo", "装.bat", FilePurpose.ATTACHMENT, id="a script"),
        pytest.param(b"<html><script>", "页.txt", FilePurpose.ATTACHMENT, id="a page called text"),
        pytest.param("文字".encode(), "证明.txt", FilePurpose.IDENTITY, id="no proof of identity"),
        pytest.param(packed("a.exe"), "附件.zip", FilePurpose.ATTACHMENT, id="packed"),
        pytest.param(packed("word/document.xml"), "表.xlsx", FilePurpose.ATTACHMENT, id="a DOCX"),
        pytest.param(picture()[:-30], "半张.png", FilePurpose.IDENTITY, id="half a picture"),
        pytest.param(bytes(100), "空.pdf", FilePurpose.ATTACHMENT, id="zeros"),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    content: bytes, name: str, purpose: FilePurpose
) -> None:
    with pytest.raises(FileNotTaken) as refused:
        checked_name(name, content, purpose)
    assert "文件" in refused.value.sentence or "图片" in refused.value.sentence


async def test_a_file_comes_back_byte_by_byte_and_is_not_in_the_database_in_the_clear(
    town: Town,
) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    content = PDF + os.urandom(2_500_000)
    kept = await stored(town, officer, content, "说明书.pdf", FilePurpose.RELEASE)
    assert (kept.size_bytes, kept.media_type) == (len(content), "application/pdf")
    parts = await ApplicationFilePart.filter(file_id=kept.id).order_by("position")
    assert len(parts) == 3
    assert not any(content[1000:1040] in bytes(part.encrypted_data) for part in parts)
    assert await content_of(town, officer, kept) == content
    seen = await AuditRecord.filter(subject=f"application_file:{kept.id}").order_by("number")
    assert [record.action for record in seen] == ["case_file_kept", "case_file_seen"]


async def test_nothing_is_half_saved_of_what_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileEmpty):
        await stored(town, town.clerk, b"")
    with pytest.raises(FileNotTaken):
        await stored(town, town.clerk, PROGRAM)
    with pytest.raises(CaseFileTooLarge, match="10485760"):
        await stored(town, town.clerk, PDF + bytes(11_000_000), purpose=FilePurpose.IDENTITY)
    assert not await ApplicationFile.exists() and not await ApplicationFilePart.exists()
    monkeypatch.setattr(files, "MOST_FILES", 1)
    await stored(town, town.clerk, PDF)
    with pytest.raises(TooManyFiles):
        await stored(town, town.clerk, PDF)


async def test_who_sees_which_files(town: Town) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    colleague = await town.person(Role.CLERK, town.zone)
    reviewer = await town.person(Role.REVIEWER, town.zone)
    stranger = await town.person(Role.OFFICE_HEAD, town.theirs)
    proof = await stored(town, town.clerk, picture(), "张三身份证.png", FilePurpose.IDENTITY)
    added = await stored(town, town.clerk, PDF, "说明.pdf")
    opinion = await stored(town, officer, PDF, "回函.pdf", FilePurpose.OPINION)

    async def names(actor: Actor) -> list[str]:
        return [
            file.name for file in await files.listed(actor, town.application.id, keys=town.keys)
        ]

    assert await names(officer) == ["张三身份证.png", "说明.pdf", "回函.pdf"]
    assert await names(town.clerk) == ["身份证明", "说明.pdf"]
    assert await names(colleague) == ["身份证明"]
    assert await content_of(town, officer, proof, Reason.VERIFY) == picture()
    with pytest.raises(Invalid, match="reason"):
        await content_of(town, officer, proof)
    for actor, file in ((town.clerk, proof), (town.clerk, opinion), (colleague, added)):
        with pytest.raises(NotAllowed):
            await content_of(town, actor, file, Reason.VERIFY)
    for actor in (stranger, reviewer):
        with pytest.raises(NotFound):
            await content_of(town, actor, added)
    await Application.filter(id=town.application.id).update(state=ApplicationState.REVIEW)
    assert await names(reviewer) == ["说明.pdf", "回函.pdf"]
    assert await content_of(town, reviewer, added) == PDF
    with pytest.raises(NotAllowed):
        await files.remove(reviewer, added.id, now=NOW)
    with pytest.raises(NotAllowed):
        await stored(town, colleague, PDF)


async def test_what_was_put_in_by_mistake_is_removed_until_it_is_archived(town: Town) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    wrong, right = await stored(town, officer, PDF), await stored(town, officer, PDF)
    await files.remove(officer, wrong.id, now=NOW)
    assert await ApplicationFilePart.filter(file_id=wrong.id).count() == 0
    with pytest.raises(NotFound):
        await content_of(town, officer, wrong)
    listed = await files.listed(officer, town.application.id, keys=town.keys)
    assert [file.is_removed for file in listed] == [True, False]
    await Application.filter(id=town.application.id).update(state=ApplicationState.ARCHIVED)
    for doing in (files.remove(officer, right.id, now=NOW), stored(town, officer, PDF)):
        with pytest.raises(WrongState):
            await doing
    assert await content_of(town, officer, right) == PDF


async def test_what_stopped_coming_in_is_nowhere_and_goes(town: Town) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    kept = await stored(town, officer, PDF)
    await ApplicationFile.filter(id=kept.id).update(size_bytes=-1)
    assert await files.listed(officer, town.application.id, keys=town.keys) == []
    with pytest.raises(NotFound):
        await content_of(town, officer, kept)
    now = datetime.now(UTC)
    await files.remove_given_up(now)
    assert await ApplicationFilePart.exists()
    await files.remove_given_up(now + timedelta(hours=7))
    assert not await ApplicationFile.exists() and not await ApplicationFilePart.exists()

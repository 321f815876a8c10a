"""A clerk brings files in through the real server: drafts come of them, and reasons for the rest."""

from __future__ import annotations

import asyncio
import html
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from models.document import Document
from models.import_batch import ImportBatch, ImportFile, ImportState
from models.question_entry import QuestionEntry
from models.staff import Role, Staff
from models.stored_file import StoredFile
from models.venue import Venue, VenueLevel, VenueType
from models.version import Version
from services import import_work, publication, stored_files
from services.access import Actor, actor_of
from services.importing.file_contents import FileContents
from services.importing.reader import Reader
from tests import made_files
from tests.doors import PATIENCE_S, Doors, open_doors
from tests.made_files import notice
from tests.people import AtTheConsole, at_the_console, first_venue

QUESTIONS = "编号,问题,答案\nq-{0}-1,公园几点开门,六时开门。\nq-{0}-2,没有答案的问题,\nq-{0}-3,公园收费吗,不收费。\n"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("imports")) as opened:
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as signed_in:
        yield signed_in


def begins(person: AtTheConsole, venue: int | str) -> int:
    begun = person.sends("/console/imports", venue=venue, agency_id="")
    assert begun.status_code == 201, begun.text
    return int(begun.json()["batch"])


def sends_file(person: AtTheConsole, batch: int, name: str, content: bytes) -> httpx.Response:
    return person.client.post(
        f"/console/imports/{batch}/files",
        content=content,
        headers={"X-Form-Token": person.form_token, "X-File-Name": quote(name)},
    )


def result(person: AtTheConsole, batch: int) -> str:
    """Wait until every file of a batch was read, and return the text of the list."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        page = person.sees(f"/console/imports/{batch}/files")
        if 'data-finished="yes"' in page:
            return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))
        time.sleep(0.05)
    raise AssertionError("The files were not read in time")


def files_of(doors: Doors, batch: int) -> dict[str, ImportFile]:
    async def found() -> dict[str, ImportFile]:
        return {file.name: file for file in await ImportFile.filter(batch_id=batch)}

    return doors.run(found())


def test_good_files_become_drafts_and_bad_ones_say_why(doors: Doors, clerk: AtTheConsole) -> None:
    batch = begins(clerk, first_venue(doors))
    sent = {
        "通知.docx": made_files.word_file(notice(11)),
        "宏.docx": made_files.word_file_with_macros(notice(12)),
        "弹.docx": made_files.bomb(),
        "锁.pdf": made_files.locked_pdf(),
        "旧.doc": made_files.old_word_file(),
        "乱码.txt": notice(13).encode() + b"\xff\xff\n",
        "空.txt": b"",
        "低保公示.jpg": made_files.picture("JPEG"),
        "问答.csv": QUESTIONS.format("a").encode(),
        "最后.txt": notice(14).encode("gb18030"),
    }
    statuses = {name: sends_file(clerk, batch, name, sent[name]).status_code for name in sent}
    assert {name for name, status in statuses.items() if status != 201} == {"空.txt"}
    told = result(clerk, batch)
    for sentence in (
        "Word 文档带有宏，可能有害，未导入。请另存为不带宏的 docx 后再导入。",
        "文件解压后过大，可能是损坏或恶意文件，未导入。",
        "PDF 加了密码，请去掉密码后再导入。",
        "请另存为 docx 或 xlsx 后再导入。",
        "第 9 行： 文件里有无法识别的字符，请另存为 UTF-8 编码后再导入。",
        "文件是空的，没有可以导入的内容。",
        "问答：新 2 条，有变化 0 条，没有变化 0 条 第 3 行： “答案”一列是空的。",
    ):
        assert sentence in told
    files = files_of(doors, batch)
    done = {name for name, file in files.items() if file.state is ImportState.DONE}
    assert done == {"通知.docx", "低保公示.jpg", "问答.csv", "最后.txt"}

    async def look() -> None:
        drafted = await Document.get(id=files["通知.docx"].document_id)
        assert (drafted.publication.value, drafted.open_state.value) == ("unpublished", "draft")
        version = await Version.get(subject_id=drafted.id, subject="document")
        assert (version.file_name, version.is_searchable) == ("通知.docx", True)
        original = await stored_files.find(version.file_id or 0)
        kept = b"".join([chunk async for chunk in stored_files.chunks_of(original)])
        assert kept == sent["通知.docx"]
        scan = await Version.get(subject_id=files["低保公示.jpg"].document_id, subject="document")
        assert (scan.title, scan.is_searchable) == ("低保公示", False)
        entries = await QuestionEntry.filter(external_id__startswith="q-a-")
        assert {e.publication.value for e in entries} == {"unpublished"} and len(entries) == 2

    doors.run(look())
    recent = re.sub(r"\s+", "", clerk.sees("/console/imports"))
    assert f'<ahref="/console/imports/{batch}">' in recent
    assert '<tdclass="number">10</td><tdclass="number">6</td>' in recent
    found = clerk.client.get("/api/v1/search", params={"q": "公园全年免费开放"})
    assert found.status_code == 200 and "某府发〔2024〕11号" not in found.text


def test_the_same_again_changes_nothing_and_a_new_text_is_a_new_draft(
    doors: Doors, clerk: AtTheConsole
) -> None:
    def brings(text: str) -> ImportFile:
        batch = begins(clerk, first_venue(doors))
        sends_file(clerk, batch, "通知.txt", text.encode())
        result(clerk, batch)
        return files_of(doors, batch)["通知.txt"]

    first = brings(notice(21))
    again = brings(notice(21))
    assert (first.new, again.new, again.unchanged) == (1, 0, 1)
    assert again.document_id == first.document_id
    open_still = brings(notice(21).replace("免费", "收费"))
    assert open_still.state is ImportState.FAILED
    assert "有一稿正在处理（拟稿）" in open_still.failures[0]["reason"]

    async def publish() -> None:
        version = await Version.get(subject_id=first.document_id, subject="document")
        writer = await _actor(doors, clerk.staff_id)
        await publication.submit(writer, version.id, edits=version.edits)
        checker = await Staff.create(
            username="checker", display_name="审", role=Role.REVIEWER, password_hash=""
        )
        await checker.venues.add(await Venue.get(id=first_venue_id))
        reviewer = await _actor(doors, checker.id)
        now = datetime.now(UTC)
        await publication.approve(reviewer, version.id, edits=version.edits + 1, now=now)

    first_venue_id = first_venue(doors)
    doors.run(publish())
    assert brings(notice(21)).unchanged == 1
    changed = brings(notice(21).replace("免费", "收费"))
    assert (changed.changed, changed.document_id) == (1, first.document_id)


async def _actor(doors: Doors, staff_id: int) -> Actor:
    return await actor_of(await Staff.get(id=staff_id), doors.context.parts.keys.sealing)


def test_a_file_of_200_mb_is_refused_before_it_was_sent(doors: Doors, clerk: AtTheConsole) -> None:
    batch = begins(clerk, first_venue(doors))
    address = urlsplit(doors.url)
    head = (
        f"POST /console/imports/{batch}/files HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Cookie: openzone_staff={clerk.client.cookies['openzone_staff']}\r\n"
        f"X-Form-Token: {clerk.form_token}\r\nX-File-Name: big.pdf\r\n"
        f"Content-Length: {200 * 1024 * 1024}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), PATIENCE_S) as sending:
        sending.sendall(head.encode() + b"%PDF-1.7" + bytes(1000))
        answer = sending.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 422")
    assert "文件超过 100 MB，请拆分后再导入。" in result(clerk, batch)
    sends_file(clerk, batch, "通知.txt", notice(31).encode())
    assert "打开拟稿" in result(clerk, batch)


def test_a_file_that_says_nothing_of_its_size_is_refused_as_it_grows(
    doors: Doors, clerk: AtTheConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_files.store, "__kwdefaults__", {"largest": 300_000})
    batch = begins(clerk, first_venue(doors))

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(65_536)

    sent = clerk.client.post(
        f"/console/imports/{batch}/files",
        content=endless(),
        headers={"X-Form-Token": clerk.form_token, "X-File-Name": "a.bin"},
    )
    assert sent.status_code == 422
    assert sent.json()["reason"] == "文件超过 100 MB，请拆分后再导入。"


def test_other_addresses_take_no_large_bodies(doors: Doors, clerk: AtTheConsole) -> None:
    large = clerk.client.post("/api/v1/ask", content=b"x" * 100_000)
    assert large.status_code == 413
    without_token = clerk.client.post("/console/imports/1/files", content=b"x" * 3_000_000)
    assert without_token.status_code == 403


def test_a_batch_belongs_to_its_zone_and_its_sender(doors: Doors, clerk: AtTheConsole) -> None:
    async def other_venue() -> int:
        venue, _ = await Venue.get_or_create(
            {"place": "别处", "type": VenueType.LIBRARY, "level": VenueLevel.TOWN}, code="elsewhere"
        )
        return venue.id

    elsewhere = doors.run(other_venue())
    batch = begins(clerk, first_venue(doors))
    sends_file(clerk, batch, "通知.txt", notice(41).encode())
    result(clerk, batch)
    assert clerk.sends("/console/imports", venue=elsewhere, agency_id="").status_code == 422
    with at_the_console(doors, Role.CLERK, venues=[elsewhere]) as stranger:
        assert stranger.looks(f"/console/imports/{batch}") == 404
        assert sends_file(stranger, batch, "x.txt", b"x").status_code == 404
        theirs = begins(stranger, elsewhere)
        sends_file(stranger, theirs, "通知.txt", notice(41).encode())
        result(stranger, theirs)
        mine = files_of(doors, batch)["通知.txt"]
        assert files_of(doors, theirs)["通知.txt"].document_id != mine.document_id
    with at_the_console(doors, Role.CLERK) as colleague:
        assert colleague.looks(f"/console/imports/{batch}") == 200
        assert sends_file(colleague, batch, "x.txt", b"x").status_code == 404
    with at_the_console(doors, Role.REVIEWER) as reviewer:
        assert reviewer.looks("/console/imports") == 403


class HangingReader:
    """Stands for a process that was killed in the middle of a table: it reads and then is gone."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def read(self, path: Path) -> FileContents:
        contents = await self._reader.read(path)
        # The rows that one transaction takes, and then nothing more.
        return FileContents(contents.document, contents.questions[:25], (), "", contents.is_table)


def test_a_table_half_done_is_finished_by_another_process(
    tmp_path: Path, doors: Doors, clerk: AtTheConsole
) -> None:
    """What kill -9 leaves: a claim nobody renews, and the rows of whole transactions."""
    rows = [f"half-{n},第{n}个问题怎么办,答{n}。" for n in range(60)]
    table = "编号,问题,答案\n" + "\n".join(rows)

    async def story() -> None:
        async def content():  # type: ignore[no-untyped-def]
            yield table.encode()

        key = doors.context.parts.keys.sealing
        file = await stored_files.store(content())
        batch = await ImportBatch.create(staff_id=clerk.staff_id, venue_id=venue)
        now = datetime.now(UTC)
        # The server of this test does not see it: it is claimed from its first moment.
        row = await ImportFile.create(
            batch_id=batch.id, name="问答.csv", file_id=file.id, state=ImportState.READING,
            claimed_by="dead", claimed_at=now, new=0,
        )  # fmt: skip
        reader = Reader()
        try:
            dead = import_work.Claim(row.id, "dead")
            await import_work.work_on(dead, HangingReader(reader), key)
            await ImportFile.filter(id=row.id).update(
                state=ImportState.READING, claimed_at=now, claimed_by="dead", finished_at=None
            )
            assert await QuestionEntry.filter(external_id__startswith="half-").count() == 25
            assert await import_work.claim(now) is None
            later = now + import_work.LEASE + timedelta(seconds=1)
            both = await asyncio.gather(import_work.claim(later), import_work.claim(later))
            (taken,) = [claimed for claimed in both if claimed is not None]
            await import_work.work_on(taken, reader, key)
            await import_work.work_on(dead, reader, key)
        finally:
            await reader.close()
        await row.refresh_from_db()
        assert (row.state, row.new, row.unchanged, row.failures) == (ImportState.DONE, 60, 0, [])
        assert await QuestionEntry.filter(external_id__startswith="half-").count() == 60

    venue = first_venue(doors)
    doors.run(story())


def test_originals_go_out_to_be_saved_and_pages_without_what_runs(
    doors: Doors, clerk: AtTheConsole
) -> None:
    page = (
        "<html><head><title>x</title><script>steal()</script></head><body onload=steal()>"
        "<h1>某区人民政府关于停车的通知</h1><p>某府发〔2024〕51号</p>"
        "<p>停车不收费。</p><p>某区人民政府</p></body></html>"
    )
    batch = begins(clerk, first_venue(doors))
    sends_file(clerk, batch, "停车.html", page.encode())
    result(clerk, batch)
    document = files_of(doors, batch)["停车.html"].document_id
    sent = clerk.client.get(f"/console/documents/{document}/versions/1/file")
    assert sent.status_code == 200
    assert sent.headers["content-disposition"].startswith("attachment; ")
    assert quote("停车.html") in sent.headers["content-disposition"]
    assert sent.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert "停车不收费" in sent.text and "steal" not in sent.text and "script" not in sent.text

    async def kept() -> bytes:
        version = await Version.get(subject_id=document, subject="document")
        file = await StoredFile.get(id=version.file_id)
        return b"".join([chunk async for chunk in stored_files.chunks_of(file)])

    assert doors.run(kept()) == page.encode()

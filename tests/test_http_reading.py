"""The public pages, read without a line of JavaScript."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import segno

from models.document import Document, Paragraph
from models.index_change import Subject
from models.ledger_count import Counted, LedgerCount
from server.settings import BadSettings, read_settings
from services import publication, stored_files
from services.access import system
from tests.databases import environment_of
from tests.doors import Doors, open_doors
from tests.made_files import scanned_pdf

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    with open_doors(folder, **environment_of(folder)) as opened:
        yield opened


@pytest.fixture
def visitor(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client(headers=HTML) as client:
        yield client


@pytest.fixture(scope="module")
def guide(doors: Doors) -> Document:
    return doors.run(_titled("申请表填写说明"))


async def _titled(words: str) -> Document:
    return await Document.get(title__contains=words)


def version_on(page: str) -> str:
    found = re.search(r'data-version="([^"]*)"', page)
    assert found
    return found[1]


def test_a_document_is_read_with_its_facts_and_contents(
    visitor: httpx.Client, guide: Document
) -> None:
    page = visitor.get(f"/documents/{guide.id}").text
    assert guide.title in page
    assert guide.agency in page
    assert guide.document_number in page
    assert "现行有效" in page
    assert "2026年1月15日" in page
    anchors = re.findall(r'<a href="#(p\d+)">', page)
    assert len(anchors) > 3
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_a_place_is_shown_and_one_that_is_not_there_is_said(
    visitor: httpx.Client, guide: Document
) -> None:
    led = visitor.get(f"/documents/{guide.id}?at={quote('二、所需信息的描述')}&size=2")
    assert led.status_code == 303
    address, _, anchor = led.headers["location"].partition("#")
    page = visitor.get(address).text
    assert re.search(f'id="{anchor}" class="place">.*所需信息的描述', page)
    assert 'data-size="2"' in page
    assert "没有“第九百条”" in visitor.get(f"/documents/{guide.id}?at=第九百条").text


def test_words_are_found_and_led_through(visitor: httpx.Client, guide: Document) -> None:
    page = visitor.get(f"/documents/{guide.id}?find=联系方式").text
    total = len(re.findall(r'<mark id="hit-\d+"', page))
    assert total >= 2
    assert f"共 {total} 处，这是第 1 处" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    second = visitor.get(following[1].replace("&amp;", "&").partition("#")[0]).text
    assert "这是第 2 处" in second
    assert '<mark id="hit-2" class="current">' in second
    assert "本文没有“公积金”" in visitor.get(f"/documents/{guide.id}?find=公积金").text


def test_what_is_typed_does_no_harm(visitor: httpx.Client, guide: Document) -> None:
    typed = '"><script>alert(1)</script>'
    for name in ("find", "at", "size", "hit", "place"):
        page = visitor.get(f"/documents/{guide.id}", params={name: typed})
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("path", ["/documents/99999999999999", "/documents/7777", "/documents/x"])
def test_what_is_not_there_is_not_found(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_number_leads_to_its_document(visitor: httpx.Client, guide: Document) -> None:
    typed = guide.document_number.replace("〔", "[").replace("〕", "]")
    led = visitor.get("/documents/named", params={"number": typed})
    assert led.headers["location"] == f"/documents/{guide.id}"


def test_a_sentence_is_heard_at_each_speed_and_at_no_other(
    visitor: httpx.Client, guide: Document
) -> None:
    version = version_on(visitor.get(f"/documents/{guide.id}").text)
    path = f"/documents/{guide.id}/speech"
    heard = visitor.get(f"{path}/title-0", params={"version": version, "rate": "0.7"})
    assert heard.headers["content-type"] == "audio/wav"
    assert heard.content[:4] == b"RIFF"
    assert heard.headers["cache-control"] == "no-store"
    for name, query, status in [
        ("title-0", {"version": version, "rate": "0.75"}, 422),
        ("title-9", {"version": version}, 404),
        ("4000-0", {"version": version}, 404),
        ("4-0-0", {"version": version}, 404),
        ("title-0", {"version": "8-old"}, 409),
    ]:
        assert visitor.get(f"{path}/{name}", params=query).status_code == status, (name, query)


def test_what_was_read_aloud_is_kept_with_its_document(
    doors: Doors, visitor: httpx.Client, guide: Document
) -> None:
    version = version_on(visitor.get(f"/documents/{guide.id}").text)
    query = {"version": version, "rate": "1.2"}
    assert visitor.get(f"/documents/{guide.id}/speech/3-0", params=query).status_code == 200
    speech = doors.context.parts.settings.speech_cache_dir
    kept = list((speech / f"document-{guide.id}").iterdir())
    assert kept
    # When the document is withdrawn its folder goes: server/forgetting.py.
    assert not any(path.name == kept[-1].name for path in (speech / "page").glob("*"))


def test_the_code_is_a_picture_that_does_nothing(visitor: httpx.Client, guide: Document) -> None:
    drawn = visitor.get(f"/documents/{guide.id}/code.svg?at=p3")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert "script" not in drawn.text
    assert visitor.get("/documents/7777/code.svg").status_code == 404


def test_a_code_holds_the_address_that_phones_reach(
    tmp_path: Path, visitor: httpx.Client, guide: Document
) -> None:
    def drawn(base: str, venue: str) -> bytes:
        expected = io.BytesIO()
        address = f"{base}/documents/{guide.id}?at=p3&venue={venue}&from=code"
        segno.make_qr(address, error="m").save(
            expected, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False
        )
        return expected.getvalue()

    path = f"/documents/{guide.id}/code.svg?at=p3"
    assert visitor.get(path).content == drawn(str(visitor.base_url), "zone")
    with open_doors(
        tmp_path, OPENZONE_PUBLIC_URL="https://zone.example/open/", **environment_of(tmp_path)
    ) as doors, doors.client() as client:  # fmt: skip
        assert client.get(path).content == drawn("https://zone.example/open", "zone")


@pytest.mark.parametrize("wrong", ["zone.example", "ftp://zone.example", "https://a b", "http://"])
def test_an_address_that_no_phone_could_open_is_refused(wrong: str) -> None:
    with pytest.raises(BadSettings, match="OPENZONE_PUBLIC_URL"):
        read_settings({"OPENZONE_PUBLIC_URL": wrong})


def test_an_original_is_only_ever_saved(
    doors: Doors, visitor: httpx.Client, tmp_path: Path
) -> None:
    original = tmp_path / "a.pdf"
    original.write_bytes(scanned_pdf())

    async def keep() -> int:
        kept = await stored_files.store_path(original)
        document = await Document.create(
            external_id="scan", title="一份扫描件", content_hash="0", is_searchable=False,
            file_id=kept.id, file_name="扫描件.pdf",
        )  # fmt: skip
        return document.id

    document_id = doors.run(keep())
    page = visitor.get(f"/documents/{document_id}").text
    assert "这份文件是扫描件" in page
    assert f"/documents/{document_id}/file" in page
    sent = visitor.get(f"/documents/{document_id}/file")
    assert sent.content == original.read_bytes()
    assert sent.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in sent.headers["content-security-policy"]
    assert sent.headers["x-content-type-options"] == "nosniff"


def test_what_was_withdrawn_says_so_and_what_replaced_it(
    doors: Doors, visitor: httpx.Client, guide: Document
) -> None:
    async def make_and_withdraw() -> int:
        document = await Document.create(external_id="old", title="旧办法", content_hash="1")
        await Paragraph.create(document_id=document.id, position=0, text="旧内容。")
        actor = system(doors.context.parts.keys.sealing)
        await publication.withdraw(
            actor, Subject.DOCUMENT, document.id, reason="已被替代", replaced_by=guide.id,
            now=datetime.now(UTC),
        )  # fmt: skip
        return document.id

    document_id = doors.run(make_and_withdraw())
    gone = visitor.get(f"/documents/{document_id}")
    assert gone.status_code == 404
    assert "这份文件已经撤下" in gone.text
    assert f'href="/documents/{guide.id}"' in gone.text
    assert "旧内容" not in gone.text
    for rest in ("file", "code.svg", "speech/0-0"):
        assert visitor.get(f"/documents/{document_id}/{rest}").status_code == 404
    told = visitor.get(
        f"/documents/{document_id}/speech/0-0", headers={"Accept": "application/json"}
    ).json()
    assert told["code"] == "withdrawn"


def test_reading_printing_and_taking_home_are_counted(
    doors: Doors, visitor: httpx.Client, guide: Document
) -> None:
    def counted() -> tuple[int, ...]:
        async def look() -> dict[Counted, int]:
            return {row.counted: row.times for row in await LedgerCount.all()}

        times = doors.run(look())
        kinds = (Counted.READING, Counted.TAKEN_HOME, Counted.PRINT)
        return tuple(times.get(kind, 0) for kind in kinds)

    # What other tests read may still be waiting to be written.
    visitor.post(f"/documents/{guide.id}/printed")
    wait_until(lambda: counted()[2] > 0)
    before = counted()
    path = f"/documents/{guide.id}"
    for query in ({}, {"find": "申请"}, {"size": "3"}, {"from": "code", "at": "p3"}, {"at": "p4"}):
        visitor.get(path, params=query, follow_redirects=True)
    assert visitor.post("/documents/7777/printed").status_code == 404
    assert visitor.post(f"{path}/printed").status_code == 204
    wait_until(lambda: counted()[2] > before[2])
    grown = tuple(b - a for a, b in zip(before, counted(), strict=True))
    assert grown == (2, 1, 1)


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("It did not come true.")


def test_at_a_kiosk_there_is_help_and_a_way_back_and_elsewhere_not(
    visitor: httpx.Client, guide: Document
) -> None:
    path = f"/documents/{guide.id}"
    at_kiosk = visitor.get(path).text
    assert 'action="/kiosk/help"' in at_kiosk
    assert 'href="/kiosk"' in at_kiosk
    on_phone = visitor.get(path, headers={"X-Forwarded-For": "10.0.0.9"}).text
    assert "/kiosk" not in re.sub(r"/static/kiosk\S*", "", on_phone)

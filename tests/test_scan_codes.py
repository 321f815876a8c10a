"""Codes from the wall to the phone: scanned, resolved, printed; with WeChat, without, and with it down."""

from __future__ import annotations

import asyncio
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import zxingcpp
from docx import Document as Word
from PIL import Image
from pypdf import PdfReader

from models.audit_record import AuditRecord
from models.device import Device
from models.document import Document
from models.ledger_count import Counted, LedgerCount
from models.publishable import Publication
from models.scan_code import ScanCode, ScanImage
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services import scan_codes, scan_images
from services.scan_codes import BadScene, UnknownScene
from services.scan_sheets import _png
from services.wechat import CodeImage, WeChatFailed
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console
from tests.phones_of_citizens import phone_of_citizen, scripted_wechat_of

PUBLIC = "https://zone.example"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("scan-codes")
    with open_doors(folder, speaking=False, OPENZONE_PUBLIC_URL=PUBLIC) as opened:
        opened.run(_furnish())
        yield opened


async def _furnish() -> None:
    zone = await Venue.all().order_by("id").first()
    assert zone is not None
    await Device.create(name="一号自助机", venue=zone)
    await Device.create(name="二号自助机", venue=zone)
    await Venue.create(
        code="archive", place="示例区档案馆", type=VenueType.ARCHIVE, level=VenueLevel.DISTRICT,
        parent=zone, phone="023-00000009",
    )  # fmt: skip


@pytest.fixture
def phone(doors: Doors) -> Iterator[httpx.Client]:
    doors.context.parts.wechat = None
    with doors.client() as client:
        yield client


@pytest.fixture(scope="module")
def administrator(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as person:
        yield person


async def _codes() -> dict[str, str]:
    """Return the keys of a code of each kind."""
    zone, device = await Venue.get(code="zone"), await Device.get(name="一号自助机")
    device.venue = zone
    archive, document = await Venue.get(code="archive"), await Document.get(id=1)
    return {
        "zone": (await scan_codes.of_venue(zone)).key,
        "archive": (await scan_codes.of_venue(archive)).key,
        "kiosk": (await scan_codes.of_kiosk(device)).key,
        "document": (await scan_codes.of_document(archive, document)).key,
    }


def read(picture: bytes) -> str:
    with Image.open(io.BytesIO(picture)) as opened:
        (found,) = zxingcpp.read_barcodes(
            opened.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode
        )
    return str(found.text)


def test_a_code_is_made_once_and_stays(doors: Doors) -> None:
    async def at_once() -> list[str]:
        zone = await Venue.get(code="zone")
        return [c.key for c in await asyncio.gather(*(scan_codes.of_venue(zone) for _ in range(8)))]

    keys = doors.run(at_once())
    assert len(set(keys)) == 1
    assert doors.run(_codes())["zone"] == keys[0]
    assert len(keys[0]) == 16 and scan_codes.read_scene(keys[0]) == keys[0]
    assert len(set(doors.run(_codes()).values())) == 4


@pytest.mark.parametrize(
    "scene",
    ["x" * 33, "a b", "a=b", "a&b", "专区", "%E4%B8%93", "a%00b", "%", "x" * 5000, "a/b", " "],
    ids=["33", "space", "equals", "and", "chinese", "encoded", "nul", "percent", "long", "slash", "blank"],
)  # fmt: skip
def test_what_is_no_scene_is_refused_in_words(phone: httpx.Client, scene: str) -> None:
    with pytest.raises(BadScene):
        scan_codes.read_scene(scene)
    refused = phone.get("/mp/v1/home", params={"scene": scene})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_scene")
    assert "重新扫一次" in refused.json()["sentence"]


def test_a_scene_that_nobody_made_is_not_found(doors: Doors, phone: httpx.Client) -> None:
    for scene in ("x" * 32, "a", "-_-_-_-_-_-_-_-_"):
        refused = phone.get("/mp/v1/home", params={"scene": scene})
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown_scene")

    async def resolve() -> None:
        with pytest.raises(UnknownScene):
            await scan_codes.resolve("x" * 16)

    doors.run(resolve())


def test_a_scene_is_read_decoded_or_not(doors: Doors, phone: httpx.Client) -> None:
    key = doors.run(_codes())["zone"]
    encoded = "".join(f"%{ord(letter):02X}" for letter in key)
    for scene in (key, encoded, encoded[:3] + key[1:]):
        assert phone.get("/mp/v1/home", params={"scene": scene}).json()["venue"]["code"] == "zone"


def test_a_scanned_zone_says_what_can_be_done_there_and_where_else(
    doors: Doors, phone: httpx.Client
) -> None:
    home = phone.get("/mp/v1/home", params={"scene": doors.run(_codes())["archive"]}).json()
    assert (home["venue"]["code"], home["scanned"], home["kiosk"]) == ("archive", "venue", "")
    deeds = {deed["deed"]: deed for deed in home["deeds"]}
    assert deeds["read"]["is_here"] and deeds["ask"]["is_here"]
    for deed in ("apply", "suggest", "leave_question"):
        assert not deeds[deed]["is_here"]
        assert "示例区档案馆政务公开专区不设" in deeds[deed]["sentence"]
    assert phone.get("/mp/v1/home", params={"venue": "archive"}).json()["scanned"] is None
    assert phone.get("/mp/v1/home").json()["venue"]["code"] == "zone"
    for nowhere in ("nowhere", "\0", "x" * 300):
        assert phone.get("/mp/v1/home", params={"venue": nowhere}).status_code == 404


def test_a_scanned_kiosk_is_named_while_it_is_used(doors: Doors, phone: httpx.Client) -> None:
    scene = {"scene": doors.run(_codes())["kiosk"]}
    home = phone.get("/mp/v1/home", params=scene).json()
    assert (home["scanned"], home["kiosk"]) == ("kiosk", "一号自助机")

    async def revoke(is_revoked: bool) -> None:
        moment = datetime.now(UTC) if is_revoked else None
        await Device.filter(name="一号自助机").update(revoked_at=moment)

    doors.run(revoke(True))
    home = phone.get("/mp/v1/home", params=scene).json()
    assert (home["venue"]["code"], home["kiosk"]) == ("zone", "")
    doors.run(revoke(False))


def test_a_scanned_document_is_named_and_so_is_one_that_was_withdrawn(
    doors: Doors, phone: httpx.Client
) -> None:
    scene = {"scene": doors.run(_codes())["document"]}
    document = phone.get("/mp/v1/home", params=scene).json()["document"]
    assert (document["id"], document["is_readable"], document["sentence"]) == (1, True, "")

    async def set_to(publication: Publication) -> None:
        await Document.filter(id=1).update(publication=publication)

    doors.run(set_to(Publication.WITHDRAWN))
    document = phone.get("/mp/v1/home", params=scene).json()["document"]
    assert not document["is_readable"] and "撤下" in document["sentence"]
    doors.run(set_to(Publication.UNPUBLISHED))
    assert phone.get("/mp/v1/home", params=scene).json()["document"] is None
    doors.run(set_to(Publication.PUBLISHED))


def test_a_zone_that_was_given_up_says_so(doors: Doors, phone: httpx.Client) -> None:
    key = doors.run(_codes())["archive"]

    async def open_it(is_open: bool) -> None:
        await Venue.filter(code="archive").update(is_open_to_public=is_open)

    doors.run(open_it(False))
    refused = phone.get("/mp/v1/home", params={"scene": key})
    assert (refused.status_code, refused.json()["sentence"]) == (404, "这个专区已经停用。")
    doors.run(open_it(True))


def test_scanning_counts_a_visit_and_a_document_as_taken_home(
    doors: Doors, phone: httpx.Client
) -> None:
    async def counted(what: Counted) -> int:
        archive = await Venue.get(code="archive")
        rows = await LedgerCount.filter(venue=archive, counted=what).values_list("times", flat=True)
        return sum(rows)

    codes = doors.run(_codes())
    before = doors.run(counted(Counted.VISIT)), doors.run(counted(Counted.TAKEN_HOME))
    phone.get("/mp/v1/home", params={"scene": codes["archive"]})
    phone.get("/mp/v1/home", params={"scene": codes["document"]})
    deadline = time.monotonic() + 10
    while True:
        now = doors.run(counted(Counted.VISIT)), doors.run(counted(Counted.TAKEN_HOME))
        if now[0] > before[0] and now[1] > before[1]:
            break
        assert time.monotonic() < deadline, (before, now)
        time.sleep(0.1)


def test_nobody_has_to_sign_in_to_see_where_they_are(doors: Doors, phone: httpx.Client) -> None:
    with phone_of_citizen(doors) as signed_in:
        assert signed_in.gets("/home")["venue"] == phone.get("/mp/v1/home").json()["venue"]


def test_sheets_without_wechat_lead_to_our_pages(doors: Doors, administrator: AtTheConsole) -> None:
    doors.context.parts.wechat = None
    assert "普通二维码" in administrator.sees("/console/scan-codes")
    page = administrator.sees("/console/scan-codes/venues/1")
    assert "打开手机扫一扫" in page and "二号自助机" in page
    file = administrator.client.get("/console/scan-codes/venues/1/sheets.pdf").raise_for_status()
    pages = PdfReader(io.BytesIO(file.content)).pages
    assert len(pages) == 3
    for sheet in pages:
        assert "政务公开专区" in sheet.extract_text()
        assert read(sheet.images[0].data) == f"{PUBLIC}/venues/zone"

    async def recorded() -> int:
        return await AuditRecord.filter(action="scan_codes_printed", subject="venue:1").count()

    assert doors.run(recorded()) == 1


def test_sheets_with_wechat_have_its_codes_and_ask_for_each_once(
    doors: Doors, administrator: AtTheConsole
) -> None:
    wechat = scripted_wechat_of(doors)
    keys = doors.run(_codes())
    for _ in range(2):
        page = administrator.sees("/console/scan-codes/venues/1")
        assert "打开微信扫一扫" in page
    file = administrator.client.get("/console/scan-codes/venues/1/sheets.pdf").raise_for_status()
    read_codes = [read(s.images[0].data) for s in PdfReader(io.BytesIO(file.content)).pages]
    assert read_codes[0] == f"scripted:pages/home/home?{keys['zone']}"
    assert read_codes[1] == f"scripted:pages/home/home?{keys['kiosk']}"
    assert len(wechat.drawn) == len(set(wechat.drawn)) == 3
    shown = re.search(r"/console/scan-codes/venues/1/\d+/picture", page)
    assert shown, "each code is shown"
    pictures = administrator.client.get(shown[0])
    assert pictures.headers["content-type"] in {"image/png", "image/jpeg"}
    assert administrator.looks("/console/scan-codes/venues/1/9999/picture") == 404
    word = administrator.client.get("/console/scan-codes/venues/1/sheets.docx").raise_for_status()
    assert len(Word(io.BytesIO(word.content)).inline_shapes) == 3
    doors.context.parts.wechat = None


def test_wechat_being_down_leaves_the_plain_code(doors: Doors, administrator: AtTheConsole) -> None:
    wechat = scripted_wechat_of(doors)
    wechat.failing = WeChatFailed("41030")
    with at_the_console(doors, Role.CLERK) as clerk:
        path = "/console/documents/1/scan-sheet"
        assert "打开手机扫一扫" in clerk.sees(path)
        picture = clerk.client.get(f"{path}/picture?venue=archive").raise_for_status()
        assert read(picture.content) == f"{PUBLIC}/documents/1?venue=archive&from=code"
        file = clerk.client.get(f"{path}.pdf?venue=archive").raise_for_status()
        assert "示例区档案馆" in PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
        wechat.failing = None
        assert "打开微信扫一扫" in clerk.sees(path)
        assert clerk.looks("/console/documents/9999/scan-sheet") == 404
    doors.context.parts.wechat = None


def test_a_sheet_is_one_page_however_long_the_names(doors: Doors) -> None:
    async def rename(title: str, place: str) -> None:
        await Document.filter(id=3).update(title=title)
        await Venue.filter(code="archive").update(place=place, phone="023-67890123 转 8001")

    doors.run(
        rename("关于进一步做好基层政务公开标准化规范化工作的" * 8, "示例自治县国家综合档案馆" * 3)
    )
    with at_the_console(doors, Role.CLERK) as clerk:
        path = "/console/documents/3/scan-sheet.pdf?venue=archive"
        file = clerk.client.get(path).raise_for_status()
    assert len(PdfReader(io.BytesIO(file.content)).pages) == 1
    doors.run(rename("三号文件", "示例区档案馆"))


def test_a_picture_that_is_no_png_is_printed_as_well(doors: Doors) -> None:
    png = scan_images.plain("jpeg")
    jpeg = io.BytesIO()
    with Image.open(io.BytesIO(png.data)) as opened:
        opened.convert("RGB").save(jpeg, format="JPEG")
    assert read(_png(CodeImage(jpeg.getvalue(), "image/jpeg"))) == "jpeg"


def test_a_document_page_shows_the_code_of_the_mini_program_once_it_is_there(
    doors: Doors, phone: httpx.Client
) -> None:
    path = "/documents/2/code.svg?venue=archive"
    assert phone.get(path).headers["content-type"] == "image/svg+xml"
    wechat = scripted_wechat_of(doors)
    # Nobody waits for WeChat: who asks first gets the plain one.
    assert phone.get(path).headers["content-type"] == "image/svg+xml"
    deadline = time.monotonic() + 10
    while phone.get(path).headers["content-type"] == "image/svg+xml":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    shown = read(phone.get(path).content)
    assert shown == f"scripted:pages/document/document?{wechat.drawn[-1][0]}"
    # A place in the text is more than a scene holds.
    assert phone.get(f"{path}&at=p1").headers["content-type"] == "image/svg+xml"

    async def count() -> tuple[int, int]:
        code = await ScanCode.get(key=wechat.drawn[-1][0])
        return await ScanImage.filter(code_id=code.id).count(), code.document_id or 0

    assert doors.run(count()) == (1, 2)

"""Applying on the public pages: at a kiosk, on a phone, from the first question to the receipt."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator

import httpx
import pytest
from docx import Document
from tortoise.models import Model

from models.agency import Agency
from models.application import Application, Channel, OrgCategory
from models.application_draft import ApplicationDraft, Referral
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from services import application_drafts
from tests.applicants import ANSWERS, AtThePages
from tests.doors import Doors, open_doors

PHONE = {"X-Forwarded-For": "203.0.113.7"}
"""Comes through the proxy from elsewhere: no browser of the hall."""
_MINE = ("阿依古丽", "11010519491231002", "13800138000", "示例路示例路")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("applying")) as opened:
        opened.run(_furnish())
        yield opened


async def _furnish() -> None:
    hall = await Venue.all().order_by("id").first()
    assert hall is not None
    await hall.accepts_for.add(await Agency.create(name="示例区住房和城乡建设委员会"))
    await Agency.create(name="示例区教育委员会", address="示例区学府路3号", phone="023-00000104")
    await Venue.create(
        code="library", place="示例区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
    )


@pytest.fixture(autouse=True)
def patient(doors: Doors) -> None:
    context = doors.context
    context.drafts_limit = context.applications_limit = context.look_up_limit = RateLimit(1000)
    context.draft_delay = context.status_delay = GrowingDelay()


@pytest.fixture
def kiosk(doors: Doors) -> Iterator[AtThePages]:
    with doors.client() as client:
        yield AtThePages(client)


@pytest.fixture
def phone(doors: Doors) -> Iterator[AtThePages]:
    with doors.client(headers=PHONE) as client:
        yield AtThePages(client)


def count(doors: Doors, model: type[Model]) -> int:
    async def counted() -> int:
        return await model.all().count()

    return doors.run(counted())


def cases(doors: Doors) -> int:
    return count(doors, Application)


def newest(doors: Doors) -> Application:
    async def found() -> Application:
        row = await Application.all().order_by("-id").first()
        assert row is not None
        return row

    return doors.run(found())


def test_somebody_at_the_kiosk_applies_and_gets_a_receipt(doors: Doors, kiosk: AtThePages) -> None:
    before = cases(doors)
    kiosk.begins()
    kiosk.fills_in()
    shown = html.unescape(kiosk.page.text)
    assert "请再看一遍" in shown
    for value in ("阿依古丽·买买提", "13800138000", "2024年", ANSWERS["address"], "邮寄"):
        assert value in shown
    assert "11010519491231002" not in shown, "the number of a document is masked"
    assert "002X" in shown
    assert cases(doors) == before, "nothing is filed before it is sent"

    receipt = kiosk.sends("/apply/check").text
    row = newest(doors)
    assert cases(doors) == before + 1
    assert row.channel is Channel.COUNTER
    assert row.number in receipt
    assert row.query_code in receipt
    assert row.received_on is not None
    assert row.reply_due is not None
    for day in (row.received_on, row.reply_due):
        assert f"{day.year}年{day.month}月{day.day}日" in receipt
    assert ("暂定" in receipt) == row.is_provisional
    assert ANSWERS["information"] in receipt
    assert not any(mine in receipt for mine in _MINE)

    again = kiosk.sends("/apply/check").text
    assert row.number in again
    assert row.number in kiosk.sees("/apply/receipt?large=1").text
    assert 'data-large="true"' in kiosk.page.text
    assert cases(doors) == before + 1, "sending twice makes one case"


def test_what_was_sent_is_wiped_from_the_draft(doors: Doors, kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in()
    kiosk.sends("/apply/check")
    number = newest(doors).id

    async def kept() -> bytes:
        return bytes((await ApplicationDraft.get(application_id=number)).encrypted_content)

    assert doors.run(kept()) == b""


def test_losing_the_network_after_sending_makes_one_case(doors: Doors, kiosk: AtThePages) -> None:
    """The case was filed, and the process died before the draft knew of it."""
    kiosk.begins()
    kiosk.fills_in()

    async def filled_in() -> tuple[int, bytes]:
        row = await ApplicationDraft.all().order_by("-id").first()
        assert row is not None
        return row.id, bytes(row.encrypted_content)

    draft, content = doors.run(filled_in())
    kiosk.sends("/apply/check")
    filed, made = newest(doors), cases(doors)
    keys = doors.context.parts.keys

    async def forgotten() -> None:
        as_it_was = keys.decrypt(content).replace('"is_being_sent":false', '"is_being_sent":true')
        await ApplicationDraft.filter(id=draft).update(
            application_id=None, encrypted_content=keys.encrypt(as_it_was)
        )

    doors.run(forgotten())
    changed = kiosk.sends("/apply/steps/name", answer="另一个人")
    assert changed.status_code == 422, "what may have been filed is not changed any more"
    assert filed.number in kiosk.sends("/apply/check").text
    assert cases(doors) == made


def test_what_was_begun_is_given_up_for_a_new_draft(doors: Doors, kiosk: AtThePages) -> None:
    kiosk.begins()
    drafts = count(doors, ApplicationDraft)
    assert "清掉，重新填" in kiosk.sees("/apply").text
    kiosk.begins()
    assert count(doors, ApplicationDraft) == drafts


def test_on_a_phone_it_is_sent_over_the_internet(doors: Doors, phone: AtThePages) -> None:
    phone.begins()
    phone.fills_in(kind="legal_or_other", **{"identity-kind": "credit_code"}, identity="")
    phone.sends("/apply/check")
    row = newest(doors)
    assert row.channel is Channel.ONLINE
    assert row.org_category is OrgCategory.BUSINESS


def test_a_mistyped_number_is_asked_about_once_and_taken(kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in(until="identity")
    refused = kiosk.answers("110105194912310021")
    assert refused.status_code == 422
    assert "就是这个号码" in refused.text
    kiosk.answers("110105194912310021", sure="1")
    assert kiosk.step == "phone"


def test_numbers_of_documents_are_never_sent_back(kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in(until="phone")
    page = kiosk.sees("/apply/steps/identity").text
    assert "11010519491231002" not in page
    kiosk.answers("")
    assert kiosk.step == "phone", "what was filled in stays"
    assert "002X" in kiosk.sees("/apply/steps/identity").text


def test_what_is_public_already_is_offered_first(doors: Doors, kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in(until="information")
    kiosk.answers("政务公开专区建设方案")
    assert kiosk.step == "public"
    assert re.search(r'href="/documents/\d+', kiosk.page.text)
    document = kiosk.sees(re.search(r'href="(/documents/\d+)', kiosk.page.text)[1])  # type: ignore[index]
    assert "回到申请" in document.text
    kiosk.sees("/apply/next")
    kiosk.sends("/apply/leave")
    assert kiosk.page.url.path == "/documents"
    assert "回到申请" not in kiosk.page.text


def test_for_another_agency_the_way_is_shown_and_nothing_filed(
    doors: Doors, kiosk: AtThePages
) -> None:
    before = cases(doors), count(doors, Referral)
    kiosk.begins()
    kiosk.answers("other")
    found = re.search(r'value="(\d+)"[^>]*>示例区教育委员会', kiosk.page.text)
    assert found
    way = kiosk.sends("/apply/referral", answer=found[1])
    assert "示例区学府路3号" in way.text
    assert "023-00000104" in way.text
    assert (cases(doors), count(doors, Referral)) == (before[0], before[1] + 1)
    kiosk.sees("/apply/steps/agency")
    assert kiosk.answers(found[1]).status_code == 422


def test_a_draft_is_gone_on_with_at_another_place(doors: Doors, kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in(until="identity")
    page = kiosk.sends("/apply/later").text
    code = re.search(r'class="number">([\d ]+)<', page)
    assert code
    assert "<svg" in page or "data:image/svg" in page
    with doors.client(headers=PHONE) as client:
        other = AtThePages(client)
        other.sends("/apply/resume", code=code[1])
        assert other.step == "identity"
        other.fills_in()
        other.sends("/apply/check")
        number = newest(doors).number
        assert number in other.page.text
    assert number in kiosk.sees("/apply").text, "the kiosk finds the receipt, and nothing to send"


def test_guessing_codes_gets_slow(phone: AtThePages) -> None:
    seen = [phone.sends("/apply/resume", code=f"{n:012d}").status_code for n in range(6)]
    assert seen[0] == 404
    assert seen[-1] == 429


def test_the_kiosks_first_page_leaves_nothing_behind(doors: Doors, kiosk: AtThePages) -> None:
    kiosk.begins()
    kiosk.fills_in(until="identity")
    cookie = kiosk.client.cookies["openzone_draft"]
    code = doors.context.parts.keys.decrypt(cookie.encode()).partition(" ")[0]
    assert len(code) == application_drafts.CODE_DIGITS
    assert code not in cookie
    assert kiosk.page.headers["Cache-Control"] == "no-store"
    kiosk.sees("/kiosk")
    assert "openzone_draft" not in kiosk.client.cookies
    assert "开始填写" in kiosk.sees("/apply").text
    assert kiosk.sees("/apply/steps/name").url.path == "/apply"


def test_a_cookie_that_somebody_made_up_opens_nothing(doors: Doors) -> None:
    with doors.client(cookies={"openzone_draft": "123456789012 1700000000"}) as client:
        assert "开始填写" in AtThePages(client).page.text
    with doors.client(headers={"Cookie": "openzone_draft=%C3%A4%20"}) as client:
        assert client.get("/apply/next").status_code == 303


def test_no_question_is_left_out(kiosk: AtThePages) -> None:
    kiosk.begins()
    for address in ("/apply/steps/name", "/apply/check", "/apply/steps/category", "/apply/receipt"):
        kiosk.sees(address)
        assert kiosk.step == "agency", address
    assert kiosk.sees("/apply/steps/nothing").status_code == 404
    kiosk.sees("/apply/next")
    kiosk.fills_in(until="information")
    for bad, sentence in (("", "请写下"), ("字" * 501, "不要超过 500 个字")):
        refused = kiosk.answers(bad)
        assert refused.status_code == 422
        assert sentence in refused.text


def test_elsewhere_people_are_told_where_to_go(doors: Doors) -> None:
    with doors.client(headers=PHONE) as client:
        page = client.get("/apply?venue=library")
        assert "示例区图书馆政务公开专区不设申请接收区" in page.text
        assert "开始填写" not in page.text
        catalogue = client.get("/documents?venue=library").text
        assert "不设申请接收区" in catalogue
        assert 'href="/apply' not in catalogue
        assert 'href="/apply' in client.get("/documents").text
        drafts = count(doors, ApplicationDraft)
        assert client.post("/apply?venue=library").status_code == 403
        assert count(doors, ApplicationDraft) == drafts


def test_no_page_lets_a_browser_remember(kiosk: AtThePages) -> None:
    kiosk.begins()
    while kiosk.step:
        fields = re.findall(r"<(?:input|textarea)[^>]+>", kiosk.page.text)
        typed = [field for field in fields if 'type="hidden"' not in field]
        assert all('autocomplete="off"' in field for field in typed), kiosk.step
        kiosk.answers_as_usual({})


def test_an_http_client_without_a_draft_is_led_to_the_first_page(doors: Doors) -> None:
    with doors.client() as client:
        for path in ("/apply/next", "/apply/check", "/apply/receipt", "/apply/later"):
            led: httpx.Response = client.get(path)
            assert (led.status_code, led.headers["location"]) == (303, "/apply")


def test_how_it_stands_is_told_to_who_has_both_facts(doors: Doors, phone: AtThePages) -> None:
    phone.begins()
    phone.fills_in()
    phone.sends("/apply/check")
    row = newest(doors)
    assert row.query_code in html.unescape(phone.sees(f"/apply/status?code={row.query_code}").text)
    for fact in ("002X", "00２x", "8000"):
        told = phone.sends("/apply/status", code=f" {row.query_code.lower()} ", second_fact=fact)
        assert told.status_code == 200, fact
        assert row.number in told.text
        assert row.received_on is not None
        assert f"{row.received_on.month}月{row.received_on.day}日" in told.text
        assert not any(mine in told.text for mine in (*_MINE, ANSWERS["information"]))


def test_guessing_the_second_fact_gets_slow_wherever_it_is_done_from(
    doors: Doors, phone: AtThePages
) -> None:
    phone.begins()
    phone.fills_in()
    phone.sends("/apply/check")
    code = newest(doors).query_code
    seen = []
    for n in range(6):
        with doors.client(headers={"X-Forwarded-For": f"203.0.113.{n}"}) as client:
            typed = code.replace("-", "-–—−·."[n])
            sent = client.post("/apply/status", data={"code": typed, "second_fact": f"{n:04d}"})
            seen.append(sent.status_code)
    assert (seen[0], seen[-1]) == (404, 429)


def test_the_receipt_is_a_file_too(kiosk: AtThePages) -> None:
    kiosk.begins()
    assert kiosk.sees("/apply/receipt.pdf").status_code == 404
    kiosk.sees("/apply/next")
    kiosk.fills_in()
    kiosk.sends("/apply/check")
    pdf = kiosk.sees("/apply/receipt.pdf?large=1")
    assert pdf.content.startswith(b"%PDF")
    assert kiosk.sees("/apply/receipt.docx").content.startswith(b"PK")


def test_the_form_is_shown_as_filled_in_and_the_number_of_a_document_stays_off_a_kiosk(
    kiosk: AtThePages, phone: AtThePages
) -> None:
    for visitor in (kiosk, phone):
        visitor.begins()
        assert visitor.client.get("/apply/check/form").status_code == 422
        visitor.fills_in()
        page = visitor.sees("/apply/check/form")
        assert "阿依古丽·买买提" in page.text
        assert "■邮寄" in page.text
        assert "11010519491231002" not in page.text
        assert page.headers["cache-control"] == "no-store"
    assert "/apply/check/form.pdf" not in kiosk.page.text
    assert kiosk.client.get("/apply/check/form.pdf").status_code == 403
    sent = phone.client.get("/apply/check/form.docx")
    cells = [
        c.text for t in Document(io.BytesIO(sent.content)).tables for r in t.rows for c in r.cells
    ]
    assert {"阿依古丽·买买提", "11010519491231002X"} <= set(cells)

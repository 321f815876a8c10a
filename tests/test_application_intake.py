"""Staff take applications in: whatever the way, once however often it is sent, with a receipt."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import httpx
import pytest
from docx import Document
from pypdf import PdfReader

from models.agency import Agency
from models.applicant import Applicant, IdentityCheck
from models.application import Application, Channel, FiledBy, OrgCategory
from models.application_draft import Referral
from models.application_event import ApplicationEvent
from models.application_file import ApplicationFile
from models.disclosure_office import DisclosureOffice
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services.clock import zone_day
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console

INTAKE = "/console/application-intake"
ID_NUMBER = "11010519491231002X"


class Hall:
    """The installation's zone, an agency that it takes in for, and one that it does not."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.venue_id, self.agency_id, self.other_id = doors.run(self._set_up())

    @staticmethod
    async def _set_up() -> tuple[int, int, int]:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None
        agency = await Agency.create(name="示例区住建委")
        other = await Agency.create(name="示例区水利局", phone="023-00000199", address="河边路2号")
        await DisclosureOffice.create(agency=agency, name="住建委办公室", phone="023-00000103")
        await venue.accepts_for.add(agency)
        return venue.id, agency.id, other.id

    def form(self, **changed: str) -> dict[str, str]:
        """Return what a clerk types from a paper."""
        form = {
            "key": f"form-{changed.get('name', '')}-{changed.get('title', '')}",
            "venue_id": str(self.venue_id), "agency_id": str(self.agency_id), "channel": "counter",
            "arrived_on": today().isoformat(), "title": "2024年老旧小区改造预算",
            "delivery_way": "in_person", "carrier": "paper", "accepts_other_form": "on",
            "kind": "natural_person", "name": "阿依古丽·买买提", "identity_kind": "resident_id",
            "identity_number": ID_NUMBER, "identity_check": "document_seen",
            "phone": "13800001234", "told_notice": "on",
        }  # fmt: skip
        return form | changed

    def newest(self) -> Application:
        async def found() -> Application:
            row = await Application.all().order_by("-id").first()
            assert row is not None
            return row

        return self.doors.run(found())

    def count(self) -> int:
        async def counted() -> int:
            return await Application.all().count()

        return self.doors.run(counted())


def today() -> date:
    return zone_day(datetime.now(UTC))


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("intake")) as opened:
        yield opened


@pytest.fixture(scope="module")
def hall(doors: Doors) -> Hall:
    return Hall(doors)


@pytest.fixture(scope="module")
def clerk(doors: Doors, hall: Hall) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


def taken_in(response: httpx.Response) -> str:
    assert response.status_code == 303, response.text
    return response.headers["location"]


def test_a_paper_is_taken_in_once_however_often_it_is_sent(clerk: AtTheConsole, hall: Hall) -> None:
    page = clerk.sees(INTAKE)
    key = re.search(r'name="key" value="([^"]{20,})"', page)
    assert key
    before = hall.count()
    first = taken_in(clerk.sends(INTAKE, **hall.form(key=key[1])))
    assert taken_in(clerk.sends(INTAKE, **hall.form(key=key[1]))) == first
    assert hall.count() == before + 1
    # Somebody else's application on the form of before is not taken for the first one's.
    other = clerk.sends(INTAKE, **hall.form(key=key[1], name="李四"))
    assert other.status_code == 409
    assert hall.count() == before + 1

    row = hall.newest()
    assert (row.channel, row.filed_by) == (Channel.COUNTER, FiledBy.CLERK)
    assert row.received_on == today()
    assert row.recorded_by_id == clerk.staff_id
    receipt = clerk.sees(first)
    for words in (
        row.number,
        row.query_code,
        "示例区住建委",
        "住建委办公室",
        "2024年老旧小区改造预算",
    ):
        assert words in receipt
    assert "阿依古丽" not in receipt
    assert row.number in clerk.sees(INTAKE)


def test_the_receipt_is_printed_also_in_large_letters(clerk: AtTheConsole, hall: Hall) -> None:
    path = taken_in(clerk.sends(INTAKE, **hall.form(title="绿化方案")))
    number = hall.newest().number
    for query in ("", "?large=1"):
        pdf = clerk.client.get(f"{path}/receipt.pdf{query}").raise_for_status().content
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        assert number in "".join(text.split())
        docx = clerk.client.get(f"{path}/receipt.docx{query}").raise_for_status().content
        cells = [c.text for t in Document(io.BytesIO(docx)).tables for r in t.rows for c in r.cells]
        assert number in cells
    code = clerk.client.get(f"{path}/code.svg").raise_for_status()
    assert code.headers["content-type"] == "image/svg+xml"


def test_a_number_that_fails_is_asked_about_and_taken_with_a_reason(
    clerk: AtTheConsole, hall: Hall
) -> None:
    wrong = hall.form(title="号码不对", identity_number="110105194912310021")
    refused = clerk.sends(INTAKE, **wrong)
    assert refused.status_code == 422
    assert "照收的原因" in refused.text
    assert "号码不对" in refused.text  # Nothing that was typed is lost.
    taken_in(clerk.sends(INTAKE, **wrong, check_note="身份证上就是这个号码"))

    async def kept() -> Applicant:
        newest = await Applicant.all().order_by("-application_id").first()
        assert newest is not None
        return newest

    applicant = hall.doors.run(kept())
    assert applicant.identity_check is IdentityCheck.DOCUMENT_SEEN
    assert applicant.encrypted_check_note is not None
    # Nobody is turned away for having no document with them.
    taken_in(clerk.sends(INTAKE, **hall.form(title="没带证件", identity_number="")))
    assert hall.doors.run(kept()).identity_check is IdentityCheck.NONE


def test_the_kind_of_organisation_is_suggested_and_not_forced(
    clerk: AtTheConsole, hall: Hall
) -> None:
    company = hall.form(
        kind="legal_or_other", name="示例公司", identity_kind="credit_code",
        identity_number="91110000600037341L", org_category="",
    )  # fmt: skip
    asked = clerk.sends(INTAKE, **company)
    assert asked.status_code == 422
    assert re.search(r'value="business" selected', asked.text)
    taken_in(clerk.sends(INTAKE, **company | {"org_category": "research"}))
    assert hall.newest().org_category is OrgCategory.RESEARCH


def test_a_letter_counts_from_its_day_and_by_its_way(clerk: AtTheConsole, hall: Hall) -> None:
    signed = hall.form(channel="post", arrived_on="2026-03-02", title="挂号信")
    refused = clerk.sends(INTAKE, **signed)
    assert refused.status_code == 422
    assert "邮件号码" in refused.text
    taken_in(clerk.sends(INTAKE, **signed, mail_number="EB123456789CN", signer="小陈"))
    row = hall.newest()
    assert row.received_on == date(2026, 3, 2)
    assert row.reply_due == date(2026, 3, 30)

    unsigned = hall.form(channel="post_unsigned", arrived_on="2026-03-02", title="平信")
    path = taken_in(clerk.sends(INTAKE, **unsigned))
    row = hall.newest()
    assert (row.received_on, row.reply_due) == (None, None)
    assert "待双方确认" in clerk.sees(path)
    confirmed = unsigned | {"title": "平信二", "key": "letter-2", "confirmed_on": "2026-03-03"}
    taken_in(clerk.sends(INTAKE, **confirmed))
    assert hall.newest().received_on == date(2026, 3, 3)

    for changed in (
        {"arrived_on": "2999-01-01"},
        {"arrived_on": "2019-05-14"},
        {"channel": "fax", "confirmed_on": "2026-02-01", "arrived_on": "2026-03-02"},
    ):
        count = hall.count()
        assert clerk.sends(INTAKE, **hall.form(title="日子不对", **changed)).status_code == 422
        assert hall.count() == count


def test_an_oral_application_says_who_wrote_it_down_why_and_how_it_was_confirmed(
    clerk: AtTheConsole, hall: Hall
) -> None:
    oral = hall.form(title="口头说的", is_oral="on", recorder="小陈", unit="政务公开专区")
    refused = clerk.sends(INTAKE, **oral)
    assert refused.status_code == 422
    for words in ("书写困难", "复述", "怎样确认"):
        assert words in refused.text
    whole = oral | {
        "difficulty": "右手骨折",
        "was_read_back": "on",
        "confirmation": "witness",
    }
    assert "见证人姓名" in clerk.sends(INTAKE, **whole).text
    by_post = whole | {"witness": "老李", "channel": "online"}
    assert clerk.sends(INTAKE, **by_post).status_code == 422
    taken_in(clerk.sends(INTAKE, **whole, witness="老李"))
    row = hall.newest()
    assert row.filed_by is FiledBy.ORAL

    async def note() -> str:
        first = await ApplicationEvent.get(application_id=row.id, position=1)
        assert first.encrypted_note is not None
        return hall.doors.context.parts.keys.decrypt(first.encrypted_note)

    words = hall.doors.run(note())
    for part in ("小陈", "右手骨折", "已向申请人复述", "见证人：老李"):
        assert part in words


def test_what_is_public_already_is_shown_first_and_kept_as_evidence(
    clerk: AtTheConsole, hall: Hall
) -> None:
    searched = clerk.sends(f"{INTAKE}/search", **hall.form(title="政府信息公开申请表填写说明"))
    assert searched.status_code == 200
    assert 'href="/documents/' in searched.text
    evidence = re.search(r'name="search_evidence" value="([^"]+)"', searched.text)
    assert evidence
    assert "填写说明" in evidence[1]
    taken_in(clerk.sends(INTAKE, **hall.form(title="还要申请", search_evidence=evidence[1])))
    row = hall.newest()

    async def kinds() -> list[str]:
        events = await ApplicationEvent.filter(application_id=row.id).order_by("position")
        return [event.kind for event in events]

    assert hall.doors.run(kinds()) == ["submitted", "noted", "received"]


def test_an_agency_that_is_not_taken_in_for_gets_the_way_and_no_case(
    clerk: AtTheConsole, hall: Hall
) -> None:
    count = hall.count()
    path = taken_in(clerk.sends(INTAKE, **hall.form(agency_id=str(hall.other_id))))
    shown = clerk.sees(path)
    assert "河边路2号" in shown
    assert "没有出回执" in shown
    assert hall.count() == count

    async def noted() -> int:
        return await Referral.filter(agency_id=hall.other_id).count()

    assert hall.doors.run(noted()) == 1


def test_the_form_is_printed_before_it_is_filed(clerk: AtTheConsole, hall: Hall) -> None:
    count = hall.count()
    sent = clerk.sends(f"{INTAKE}/form.docx", **hall.form(title="先打印"))
    assert sent.status_code == 200
    cells = [
        c.text for t in Document(io.BytesIO(sent.content)).tables for r in t.rows for c in r.cells
    ]
    assert {"阿依古丽·买买提", "先打印", "示例区住建委"} <= set(cells)
    assert clerk.sends(f"{INTAKE}/form.pdf", **hall.form()).content.startswith(b"%PDF")
    assert hall.count() == count


def test_papers_are_added_to_what_was_taken_in(clerk: AtTheConsole, hall: Hall) -> None:
    path = taken_in(clerk.sends(INTAKE, **hall.form(title="带附件")))
    headers = {"x-form-token": clerk.form_token, "x-file-name": "note.txt"}
    kept = clerk.client.post(
        f"{path}/files?purpose=attachment", content="附件内容".encode(), headers=headers
    )
    assert kept.status_code == 201, kept.text
    assert "note.txt" in clerk.sees(path)
    program = clerk.client.post(
        f"{path}/files?purpose=identity",
        content=b"MZ\x90\x00" + b"\0" * 200,
        headers=headers | {"x-file-name": "id.jpg"},
    )
    assert program.status_code == 422
    wrong = clerk.client.post(f"{path}/files?purpose=release", content=b"x", headers=headers)
    assert wrong.status_code == 422

    async def files() -> int:
        return await ApplicationFile.filter(application_id=int(path.rpartition("/")[2])).count()

    assert hall.doors.run(files()) == 1


def test_a_clerk_of_another_zone_and_an_officer_of_another_agency_take_nothing_in_here(
    doors: Doors, clerk: AtTheConsole, hall: Hall
) -> None:
    path = taken_in(clerk.sends(INTAKE, **hall.form(title="别处看不到")))
    count = hall.count()

    async def elsewhere() -> tuple[int, int]:
        hall_2 = await Venue.create(
            code="hall-2", place="外区中心", type=VenueType.SERVICE_HALL, level=VenueLevel.DISTRICT
        )
        library = await Venue.create(
            code="library-2", place="外区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
        )
        return hall_2.id, library.id

    hall_2, library = doors.run(elsewhere())
    with at_the_console(doors, Role.CLERK, venues=[hall_2]) as other:
        assert other.looks(path) == 404
        assert other.looks(f"{path}/receipt.pdf") == 404
        assert other.sends(INTAKE, **hall.form(title="越区")).status_code == 404
    with at_the_console(doors, Role.CLERK, venues=[library]) as librarian:
        assert librarian.looks(INTAKE) == 404
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[hall.other_id]) as officer:
        assert officer.looks(path) == 404
        # For an agency that is not theirs they get the way there, like everybody.
        taken_in(officer.sends(INTAKE, **hall.form(title="越权", venue_id="")))
    assert hall.count() == count


def test_an_officer_takes_in_what_came_to_their_agency(doors: Doors, hall: Hall) -> None:
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[hall.agency_id]) as officer:
        form = hall.form(title="寄到本机关", channel="fax", confirmed_on=today().isoformat())
        path = taken_in(officer.sends(INTAKE, **form))
        assert hall.newest().venue_id is None
        assert "示例区住建委" in officer.sees(path)


def test_who_takes_post_for_an_agency_looks_in_everything_that_is_published(
    doors: Doors, hall: Hall
) -> None:
    form = hall.form(title="政府信息公开申请表填写说明", channel="post") | {"venue_id": ""}
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[hall.agency_id]) as officer:
        searched = officer.sends(f"{INTAKE}/search", **form)
    assert searched.status_code == 200
    assert 'href="/documents/' in searched.text
    assert "填写说明》" in searched.text

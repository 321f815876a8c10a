"""The register and the annual report at the console: who sees what, and what may be changed when."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from models.agency import Agency
from models.annual_report import AnnualReport
from models.application import (
    ApplicantKind,
    Application,
    Channel,
    DeliveryWay,
    OrgCategory,
)
from models.audit_record import AuditRecord
from models.consultation import PartyKind, PartyView
from models.disclosure_office import AgencyStanding, DisclosureOffice
from models.outcome import Outcome
from models.remedy import Remedy, RemedyKind
from models.staff import Role
from models.venue import Venue
from services import annual_reports, application_events, applications
from services.access import system
from services.annual_entries import Kept
from services.application_projection import project
from services.applications import Filing
from services.disclosure import events as e
from services.disclosure.case import rebuild
from services.disclosure.report_checks import Check
from services.disclosure.report_tables import ReportColumn, ReportRow
from services.disclosure.report_wording import Section
from services.disclosure.request import Person, Request
from services.disclosure.work_calendar import built_in
from tests.application_office import PERSON, REQUEST
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console, first_venue

LAST_YEAR = datetime.now(UTC).year - 1
"""The newest year that may be closed."""


@dataclass(frozen=True)
class Agencies:
    ours: int
    other: int
    venue: int


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("reports")) as opened:
        yield opened


async def file(
    doors: Doors, agency_id: int, at: datetime, person: Person = PERSON, request: Request = REQUEST
) -> int:
    """Take an application in at the counter."""
    keys = doors.context.parts.keys
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    filing = Filing(
        agency_id=agency_id, venue_id=venue.id, channel=Channel.COUNTER, person=person,
        request=request,
    )  # fmt: skip
    clerk = system(keys.sealing, "小陈")
    return (await applications.file(filing, keys=keys, now=at, actor=clerk)).application_id


async def happen(doors: Doors, application_id: int, *following: e.AnyEvent) -> None:
    """Let things happen to a case, without asking whether they may."""
    keys = doors.context.parts.keys
    happened = [one.event for one in await application_events.read(application_id)]
    for event in following:
        happened.append(event)
        await application_events.append(
            application_id, len(happened), event, actor=system(keys.sealing, "小陈"),
            now=datetime.now(UTC), note="", keys=keys, using_db=Application._meta.db,
        )  # fmt: skip
    row = await Application.get(id=application_id)
    project(row, rebuild(happened), built_in(), happened[-1].on)
    await row.save()


@pytest.fixture(scope="module")
def agencies(doors: Doors) -> Agencies:
    """Two agencies; the first has a case that everything happened to, and one that just came."""
    venue = first_venue(doors)
    received = datetime(LAST_YEAR, 3, 3, 2, tzinfo=UTC)

    async def filed(agency_id: int, at: datetime, person: Person, request: Request) -> int:
        return await file(doors, agency_id, at, person, request)

    async def made() -> Agencies:
        ours = await Agency.create(name="示例区民政局")
        other = await Agency.create(name="示例区水务局")
        place = await Venue.get(id=venue)
        await place.accepts_for.add(ours, other)
        office, _ = await DisclosureOffice.get_or_create(agency_id=ours.id)
        office.standing = AgencyStanding.GOVERNMENT
        await office.save()
        first = await filed(ours.id, received, PERSON, REQUEST)
        day = received.date()
        await happen(
            doors,
            first,
            e.CorrectionAsked(
                on=day + timedelta(2), served_on=day + timedelta(3), days=10,
                limit_on=day + timedelta(17),
            ),
            e.CorrectionReceived(on=day + timedelta(8)),
            e.Began(on=day + timedelta(8)),
            e.ConsultationSent(on=day + timedelta(9), consultation_id=1, party=PartyKind.THIRD_PARTY),
            e.ConsultationReturned(
                on=day + timedelta(14), consultation_id=1, view=PartyView.OBJECTS
            ),
            e.ExtensionProposed(on=day + timedelta(15), days=10),
            e.ExtensionApproved(on=day + timedelta(15), days=10),
            e.ExtensionTold(on=day + timedelta(16)),
            e.SentForReview(on=day + timedelta(17), letter_id=1, outcome=Outcome.P1_PARTLY),
            e.ReviewPassed(on=day + timedelta(18), letter_id=1),
            e.Issued(on=day + timedelta(18), letter_id=1, outcome=Outcome.P1_PARTLY),
            e.Served(
                on=day + timedelta(21), letter_id=1, outcome=Outcome.P1_PARTLY,
                way=DeliveryWay.POST,
            ),
        )  # fmt: skip
        await Remedy.create(
            application_id=first, kind=RemedyKind.REVIEW, lodged_on=day + timedelta(40)
        )
        firm = Person(
            name="示例建设工程有限公司", kind=ApplicantKind.LEGAL_OR_OTHER,
            org_category=OrgCategory.BUSINESS, phone="02312345678",
        )  # fmt: skip
        words = Request(
            title="=1+1 请回电13800001234", delivery_way=DeliveryWay.POST, carrier=REQUEST.carrier
        )
        await filed(ours.id, datetime(LAST_YEAR, 12, 29, 2, tzinfo=UTC), firm, words)
        await filed(other.id, received, PERSON, REQUEST)
        return Agencies(ours.id, other.id, venue)

    return doors.run(made())


@pytest.fixture(scope="module")
def officer(doors: Doors, agencies: Agencies) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[agencies.ours]) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def head(doors: Doors, agencies: Agencies) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.OFFICE_HEAD, agencies=[agencies.ours]) as signed_in:
        yield signed_in


@pytest.fixture(scope="module")
def supervisor(doors: Doors, agencies: Agencies) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.SUPERVISOR, venues=[agencies.venue]) as signed_in:
        yield signed_in


def lines(page: str) -> list[list[str]]:
    """Return the lines of the register on a page."""
    body = page.partition('<table class="list register">')[2].partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", body.partition("</tbody>")[0], re.DOTALL)
    plain = [re.sub(r"</?a[^>]*>", "", row) for row in rows]
    return [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in plain]


def recorded(doors: Doors, action: str) -> int:
    async def count() -> int:
        return await AuditRecord.filter(action=action).count()

    return doors.run(count())


def test_an_officer_sees_their_agencys_cases_masked(
    doors: Doors, officer: AtTheConsole, agencies: Agencies
) -> None:
    before = recorded(doors, "register_seen")
    page = officer.sees("/console/application-register")
    newest, first = lines(page)
    day = date(LAST_YEAR, 3, 3)
    after = [(day + timedelta(n)).isoformat() for n in range(25)]
    assert first[1:9] == [
        "示例区民政局", "当面提交", "申请人填写", "自然人", "张*", "2024年老旧小区改造预算",
        after[0], after[0],
    ]  # fmt: skip
    assert first[9:13] == [after[2], after[3], after[17], after[8]]
    assert first[13:18] == ["第三方", after[9], "—", after[14], "不同意公开"]
    assert first[18:21] == ["10", "小陈", after[16]]
    assert first[27:29] == ["P1 部分公开", "第三十七条"]
    assert first[29:32] == [after[21], "邮寄", "是"]
    assert first[33] == "行政复议（尚未审结）"
    assert newest[4:6] == ["商业企业", "示例****公司"]
    assert "***" in newest[6]
    for secret in ("张三", "11010519491231002X", "13800001234", "示例建设工程"):
        assert secret not in page
    assert recorded(doors, "register_seen") == before + 1


def test_a_supervisor_sees_every_agency_of_the_zone_and_no_person(
    supervisor: AtTheConsole, agencies: Agencies
) -> None:
    shown = lines(supervisor.sees("/console/application-register"))
    assert len(shown) == 3
    assert {tuple(line[5:7]) for line in shown} == {("——", "——")}
    assert len(lines(supervisor.sees("/console/application-register", agency=agencies.other))) == 1


def test_another_agencys_register_is_not_there(officer: AtTheConsole, agencies: Agencies) -> None:
    other = officer.sees("/console/application-register", agency=agencies.other)
    assert lines(other) == [["没有符合的申请。"]]
    assert officer.looks(f"/console/annual-reports/{agencies.other}/{LAST_YEAR}") == 404
    assert officer.looks(f"/console/annual-reports/{agencies.other}/{LAST_YEAR}/xlsx/file") == 404


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"standing": "open"}, 1),
        ({"standing": "closed"}, 1),
        ({"channel": "fax"}, 0),
        ({"from": f"{LAST_YEAR}-12-29", "to": f"{LAST_YEAR}-12-29"}, 1),
        ({"to": f"{LAST_YEAR}-03-02"}, 0),
        ({"number": "-00002"}, 1),
        ({"year": LAST_YEAR, "row": "1"}, 2),
        ({"year": LAST_YEAR, "row": "4", "column": "business"}, 1),
        ({"year": LAST_YEAR, "row": "4", "column": "natural_person"}, 0),
        ({"year": LAST_YEAR + 1, "row": "2"}, 1),
        ({"year": LAST_YEAR, "remedy": "review", "result": "pending"}, 1),
        ({"year": LAST_YEAR, "remedy": "direct_suit"}, 0),
        ({"year": "x", "row": "9.9", "standing": "?", "from": "soon", "agency": "-"}, 2),
    ],
)
def test_the_register_is_filtered(
    officer: AtTheConsole, filters: dict[str, Any], found: int
) -> None:
    page = officer.sees("/console/application-register", **filters)
    assert f"共 {found} 项" in page


def test_the_workbook_has_the_same_lines_and_its_taking_is_on_record(
    doors: Doors, officer: AtTheConsole
) -> None:
    before = recorded(doors, "register_exported")
    response = officer.client.get("/console/application-register/workbook")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    heading, first, newest = sheet.iter_rows(values_only=True)
    assert heading[:2] == ("登记编号", "受理机关")
    assert "补正期限" in heading
    assert first[5] == "张*"
    assert newest[6] == "=1+1 请回电***", "it stays text"
    assert sheet["G3"].data_type == "s"
    assert recorded(doors, "register_exported") == before + 1


def figures(page: str) -> list[str]:
    """Return the rows of table three on a page, without labels."""
    body = page.partition("收到和处理政府信息公开申请情况</caption>")[2].partition("</table>")[0]
    rows = body.split("</tr>")[3:28]
    return [" ".join(re.findall(r'<td class="number">(?:<a[^>]*>)?(\d+)', row)) for row in rows]


def test_a_report_shows_its_tables_and_each_figure_leads_to_its_cases(
    officer: AtTheConsole, agencies: Agencies
) -> None:
    page = officer.sees(f"/console/annual-reports/{agencies.ours}/{LAST_YEAR}")
    shown = figures(page)
    assert len(shown) == 25
    assert shown[0] == "1 1 0 0 0 0 2"
    assert shown[3] == "1 0 0 0 0 0 1", "in part"
    assert shown[24] == "0 1 0 0 0 0 1"
    links = re.findall(r'href="(/console/application-register\?[^"]*row=[^"]*)"', page)
    assert len(links) == 9
    for link in links:
        assert "共 0 项" not in officer.sees(link.replace("&amp;", "&"))
    assert f"{LAST_YEAR + 1}年03月31日前公布" in page, "a government's"
    assert page.count('<span class="state">相符</span>') == 7
    assert f"/console/annual-reports/{agencies.ours}/{LAST_YEAR}" in officer.sees(
        "/console/annual-reports"
    )


def form_of(page: str) -> dict[str, str]:
    """Return what the form of a report holds when it is opened."""
    form = page.partition('class="form">')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*?value="([^"]*)"', form))
    found.pop("carried_over", None)
    found.update(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    return found


def test_a_report_is_written_balanced_and_closed_once(
    doors: Doors, officer: AtTheConsole, head: AtTheConsole, agencies: Agencies
) -> None:
    address = f"/console/annual-reports/{agencies.ours}/{LAST_YEAR}"
    form = form_of(officer.sees(address))
    assert "新收政府信息公开申请 2 件" in form["text_1"]

    refused = head.sends(f"{address}/closed", edits=form["edits"])
    assert refused.status_code == 409
    assert "还没有写" in refused.text

    wrong = officer.sends(address, **form | {"licences": "许多", "carried_over": "1"})
    assert wrong.status_code == 422
    assert "请填数字" in wrong.text
    assert "请写明原因" in wrong.text
    assert 'value="许多"' in wrong.text

    text = form["text_1"].replace("新收政府信息公开申请 2 件", "新收政府信息公开申请 3 件")
    given = {"licences": "41", "fees": "3.50", "text_1": text, "text_5": "宣传不够。"}
    assert officer.sends(address, **form | given).status_code == 303
    assert officer.sends(address, **form | given).json()["code"] == "edited_meanwhile"
    page = officer.sees(address)
    assert "表格里是 2 件" in page
    form = form_of(page)
    assert (form["licences"], form["fees"]) == ("41", "3.5")
    assert head.sends(f"{address}/closed", edits=form["edits"]).status_code == 409

    form["text_1"] = text.replace("3 件", "2 件", 1)
    assert officer.sends(address, **form).status_code == 303
    edits = form_of(officer.sees(address))["edits"]
    assert officer.sends(f"{address}/closed", edits=edits).status_code == 403
    assert head.sends(f"{address}/closed", edits=edits).status_code == 303

    page = officer.sees(address)
    assert "已定稿" in page
    assert "text_1" not in page
    assert officer.sends(address, **form | {"edits": str(int(edits) + 1)}).status_code == 409
    assert recorded(doors, "annual_report_closed") == 1

    async def moved() -> None:
        row = await Application.get(agency_id=agencies.ours, outcome=Outcome.P1_PARTLY)
        await Application.filter(id=row.id).update(outcome=Outcome.G2_GIVEN)
        stored = await AnnualReport.get(agency_id=agencies.ours, year=LAST_YEAR)
        assert stored.figures is not None
        assert stored.figures["table_three"]["3.2"]["total"] == 1

    doors.run(moved())
    page = officer.sees(address)
    assert "现在重算与报告不同" in page
    assert figures(page)[3] == "1 0 0 0 0 0 1", "frozen"


def test_a_year_that_lasts_is_not_closed(head: AtTheConsole, agencies: Agencies) -> None:
    refused = head.sends(f"/console/annual-reports/{agencies.ours}/{LAST_YEAR + 1}/closed", edits=0)
    assert refused.status_code == 409
    assert "还没有结束" in refused.text


def test_what_was_carried_over_may_be_set_with_a_reason(
    officer: AtTheConsole, agencies: Agencies
) -> None:
    address = f"/console/annual-reports/{agencies.ours}/{LAST_YEAR + 1}"
    form = form_of(officer.sees(address))
    over = {"carried_over": "1", "carried_natural_person": "2", "reason": "上年漏计两件。"}
    assert officer.sends(address, **form | over).status_code == 303
    page = officer.sees(address)
    assert figures(page)[1] == "2 1 0 0 0 0 3"
    assert "说明：上年漏计两件。" in page
    wrong = re.findall(r'<span class="state late">不相符</span> (\d)', page)
    assert wrong == ["1", "7"], "the balance is out, and the text says what was counted"


def test_an_answer_that_has_to_be_given_anew_after_the_year_was_closed_needs_a_reason(
    doors: Doors, agencies: Agencies
) -> None:
    keys = doors.context.parts.keys
    everyone = system(keys.sealing)
    now = datetime.now(UTC)
    today = date(LAST_YEAR + 1, 12, 30)

    async def report(agency_id: int) -> annual_reports.YearReport:
        return await annual_reports.report(everyone, agency_id, LAST_YEAR + 1, today=today)

    async def kept(agency_id: int, year: int, edits: int, reason: str = "") -> None:
        texts = dict.fromkeys(Section, "已写。")
        words = Kept(entered={}, texts=texts, carried_over=None, carried_over_reason=reason)
        await annual_reports.keep(everyone, agency_id, year, words, edits=edits, today=today)

    async def story() -> None:
        agency = await Agency.create(name="示例区档案局")
        await (await Venue.get(id=agencies.venue)).accepts_for.add(agency)
        case = await file(doors, agency.id, datetime(LAST_YEAR, 3, 3, 2, tzinfo=UTC))
        reply = {"letter_id": 1, "outcome": Outcome.D6_PROCESS}
        on = date(LAST_YEAR, 3, 10)
        await happen(
            doors,
            case,
            e.Began(on=on),
            e.SentForReview(on=on, **reply),  # type: ignore[arg-type]
            e.ReviewPassed(on=on, letter_id=1),
            e.Issued(on=on, **reply),  # type: ignore[arg-type]
            e.Served(on=on, way=DeliveryWay.POST, **reply),  # type: ignore[arg-type]
        )
        waiting = await annual_reports.due(everyone, date(LAST_YEAR + 1, 2, 1))
        assert waiting[agency.id] == date(LAST_YEAR + 1, 1, 31)
        await kept(agency.id, LAST_YEAR, 0)
        await annual_reports.close(everyone, agency.id, LAST_YEAR, edits=1, now=now)
        assert agency.id not in await annual_reports.due(everyone, date(LAST_YEAR + 1, 2, 1))

        await happen(
            doors,
            case,
            e.RedoOrdered(on=date(LAST_YEAR + 1, 2, 2), due_on=date(LAST_YEAR + 1, 3, 2)),
        )
        found = await report(agency.id)
        assert found.three[ReportRow.CARRIED_IN][ReportColumn.TOTAL] == 1
        assert {check for check in Check if not found.holds(check)} == {Check.CARRIED_OVER}
        await kept(agency.id, LAST_YEAR + 1, 0, "一件被责令重新答复。")
        found = await report(agency.id)
        assert all(found.holds(check) for check in Check)
        assert "责令重新答复" in found.findings[0].sentence

    doors.run(story())


@pytest.mark.parametrize("form", ["xlsx", "docx", "html"])
def test_a_report_is_taken_away(
    doors: Doors, supervisor: AtTheConsole, agencies: Agencies, form: str
) -> None:
    before = recorded(doors, "annual_report_exported")
    address = f"/console/annual-reports/{agencies.other}/{LAST_YEAR}/{form}/file"
    response = supervisor.client.get(address)
    assert response.status_code == 200
    assert response.headers["content-disposition"].endswith(f'{LAST_YEAR}.{form}"')
    assert response.content[:2] == (b"<!" if form == "html" else b"PK")
    assert recorded(doors, "annual_report_exported") == before + 1
    assert supervisor.looks(address.replace(f"/{form}/", "/exe/")) == 404


@pytest.mark.parametrize("year", [2019, 2999])
def test_a_year_without_a_report_is_told(
    officer: AtTheConsole, agencies: Agencies, year: int
) -> None:
    assert officer.looks(f"/console/annual-reports/{agencies.ours}/{year}") == 404

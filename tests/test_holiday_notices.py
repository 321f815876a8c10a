"""Importing a holiday notice: every open application is counted by it, and what moved is on record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.application import Application
from models.application_event import ApplicationEvent
from models.audit_record import AuditRecord
from models.holiday_notice import HolidayNotice
from models.staff import Role
from models.venue import Venue
from services import application_dates, applications, holiday_notices, venues, work_calendars
from services.access import Actor, system
from services.disclosure.events import DatesMoved
from services.disclosure.holiday_files import BadHolidayFile
from services.errors import Invalid, NotAllowed
from services.opening_hours import Why
from services.waiting_work import Waiting, Work, waiting_work
from tests.application_office import KEYS, ApplicationOffice, filing, open_office
from tests.doors import open_doors
from tests.holiday_notices import NOTICE_2027
from tests.people import at_the_console

PAGE = "/console/holiday-notices"
DECEMBER = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 9, 1, 0, tzinfo=UTC)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def administrator(office: ApplicationOffice) -> Actor:
    return await office.person("管理员", Role.ADMINISTRATOR)


async def imported(
    actor: Actor, content: str = NOTICE_2027, agency_id: int | None = None
) -> holiday_notices.Imported:
    return await holiday_notices.import_notice(
        actor, content.encode(), number="国办发明电〔2026〕9号", agency_id=agency_id, keys=KEYS,
        now=LATER,
    )  # fmt: skip


async def filed(office: ApplicationOffice, **changes: object) -> Application:
    found = await applications.file(
        filing(office, **changes), keys=KEYS, now=DECEMBER, actor=office.clerk
    )
    return await Application.get(id=found.application_id)


async def test_a_notice_moves_the_days_of_open_applications_and_says_so(
    office: ApplicationOffice, administrator: Actor
) -> None:
    before = await filed(office)
    assert (before.reply_due, before.is_provisional) == (date(2027, 1, 5), True)
    assert (await imported(administrator)).moved == 1

    row, case, events = await applications.case_of(office.officer, before.id)
    assert (row.reply_due, row.is_provisional) == (date(2027, 1, 6), False)
    assert row.edits == case.last_position == before.edits + 1
    moved = events[-1].event
    assert isinstance(moved, DatesMoved)
    assert (moved.reply_due_before, moved.reply_due_after) == (before.reply_due, row.reply_due)
    assert moved.calendar_version == row.calendar_version != before.calendar_version
    (listed,) = await application_dates.moved_lately()
    assert (listed.number, listed.before, listed.after) == (
        before.number, date(2027, 1, 5), date(2027, 1, 6),
    )  # fmt: skip
    record = await AuditRecord.all().order_by("-number").first()
    assert record is not None
    assert record.action == "calendar_imported"


async def test_what_does_not_move_has_no_event_and_loses_its_mark(
    office: ApplicationOffice, administrator: Actor
) -> None:
    before = await filed(office)
    assert (
        await imported(administrator, NOTICE_2027.replace("01-04,放假", "01-03,放假"))
    ).moved == 0
    after = await Application.get(id=before.id)
    assert (after.reply_due, after.is_provisional) == (before.reply_due, False)
    assert after.edits == before.edits
    assert after.calendar_version != before.calendar_version
    assert not await ApplicationEvent.exists(kind="dates_moved")


async def test_a_corrected_notice_takes_the_place_of_the_first(
    office: ApplicationOffice, administrator: Actor
) -> None:
    before = await filed(office)
    await imported(administrator)
    again = await imported(administrator, NOTICE_2027.replace("01-04,放假", "01-05,放假"))
    assert (again.notice.version, again.moved) == (2, 1)
    after = await Application.get(id=before.id)
    assert after.reply_due == date(2027, 1, 7)
    assert await HolidayNotice.all().count() == 2, "the first stays on record"
    assert (await filed(office)).reply_due == date(2027, 1, 7), "new ones go by it too"


async def test_counting_anew_again_moves_nothing(
    office: ApplicationOffice, administrator: Actor
) -> None:
    await filed(office)
    await imported(administrator)
    assert await application_dates.recompute_dates(administrator, now=LATER, keys=KEYS) == 0
    assert await ApplicationEvent.filter(kind="dates_moved").count() == 1


async def test_a_newer_library_moves_days_at_the_turn_of_the_day(
    office: ApplicationOffice, administrator: Actor
) -> None:
    """What an older calendar had counted is found by its version."""
    before = await filed(office)
    await Application.filter(id=before.id).update(
        calendar_version="1.10.0", reply_due=date(2027, 1, 4)
    )
    actor = system(KEYS.sealing)
    assert await application_dates.recompute_dates(actor, now=LATER, keys=KEYS) == 1
    after = await Application.get(id=before.id)
    assert (after.reply_due, after.calendar_version) == (date(2027, 1, 5), before.calendar_version)


async def test_an_answered_application_keeps_its_days(
    office: ApplicationOffice, administrator: Actor
) -> None:
    before = await filed(office)
    await Application.filter(id=before.id).update(state="replied")
    assert (await imported(administrator)).moved == 0
    assert (await Application.get(id=before.id)).reply_due == before.reply_due


async def test_local_days_hold_for_their_agency_alone(
    office: ApplicationOffice, administrator: Actor
) -> None:
    local = "2026-12-10,,放假,自治县成立纪念日"
    before = await filed(office)
    done = await imported(administrator, local, office.agency_id)
    assert done.moved == 1
    assert (await Application.get(id=before.id)).reply_due == date(2027, 1, 6)
    day = date(2026, 12, 10)
    assert not (await work_calendars.current(office.agency_id)).is_working(day)
    assert (await work_calendars.current(office.other_agency_id)).is_working(day)
    assert (await work_calendars.current()).is_working(day)


async def test_who_may_not_imports_nothing(office: ApplicationOffice, administrator: Actor) -> None:
    with pytest.raises(NotAllowed):
        await imported(office.head)
    with pytest.raises(BadHolidayFile):
        await imported(administrator, "2027-01-01,,放假,元旦")
    with pytest.raises(Invalid):
        await imported(administrator, NOTICE_2027, 99_999)
    assert not await HolidayNotice.all().exists()


async def test_opening_hours_go_by_an_imported_notice(
    office: ApplicationOffice, administrator: Actor
) -> None:
    venue = await Venue.get(id=office.venue_id)
    day = date(2027, 2, 11)
    assert (await venues.timetable_of(venue)).on(day).is_provisional
    await imported(administrator)
    known = (await venues.timetable_of(venue)).on(day)
    assert (known.why, known.note, known.is_provisional) == (Why.HOLIDAY, "春节", False)


@pytest.mark.parametrize(("now", "waits"), [("2026-10-31", False), ("2026-11-01", True)])
async def test_from_november_on_a_missing_notice_waits_for_the_administrator(
    office: ApplicationOffice, administrator: Actor, now: str, waits: bool
) -> None:
    moment = datetime.fromisoformat(now + "T09:00+08:00")
    due = Waiting(Work.HOLIDAY_NOTICE, 1)
    assert (due in await waiting_work(administrator, moment)) == waits
    assert due not in await waiting_work(office.clerk, moment)
    await imported(administrator)
    assert due not in await waiting_work(administrator, moment)


def test_an_administrator_imports_a_notice_at_the_console(tmp_path: Path) -> None:
    with (
        open_doors(tmp_path) as doors,
        at_the_console(doors, Role.ADMINISTRATOR) as administrator,
        at_the_console(doors, Role.CLERK) as clerk,
    ):
        assert "2027年：<strong>还没有安排</strong>" in administrator.sees(PAGE)
        assert clerk.looks(PAGE) == 403

        def sends(content: str) -> str:
            sent = administrator.client.post(
                PAGE,
                data={"form_token": administrator.form_token, "number": "国办发明电〔2026〕9号"},
                files={"file": ("2027.csv", content.encode(), "text/csv")},
                follow_redirects=True,
            )
            return sent.text

        assert "缺少法定节假日：2027-02-05（春节）" in sends("2027-01-01,,放假,元旦")
        page = sends(NOTICE_2027)
        assert "2027年的安排已导入。没有期限因此变动。" in page
        assert "2027年：已有安排。" in page
        assert "国办发明电〔2026〕9号" in page
        assert "请选择文件。" in administrator.sends(PAGE).text

"""Acts in a case, told as they happen in an office: which days they move, and what they refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.application import ApplicationState, DueKind
from models.application_event import ApplicationEvent
from models.audit_record import AuditRecord
from models.consultation import PartyKind, PartyView
from models.disclosure_office import DisclosureOffice
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult
from services import application_acts as acts
from services import applications, audit
from services.application_events import case_from
from services.application_refresh import refresh
from services.disclosure import events as e
from services.disclosure.deadlines import ImpossibleDay
from services.disclosure.fees import Charge, Tariff
from services.disclosure.guards import NotLawful
from services.errors import Invalid, NotAllowed, NotFound, WrongState
from tests.application_office import KEYS, ApplicationOffice, open_office
from tests.application_story import Story

FEE = Charge(Tariff.BY_APPLICATION, 45, 5_500)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def test_correction_consultation_and_extension_across_a_long_holiday(
    office: ApplicationOffice,
) -> None:
    """The ninth worked example: each changes the count in its own way."""
    story = await Story.begin(office, date(2025, 8, 25))
    story.today = date(2025, 9, 2)
    row = await story.does(
        acts.ask_correction, "写明要哪一年的预算", days=10, sent_on=story.today,
        served_on=story.today,
    )  # fmt: skip
    assert (row.state, row.reply_due) == (ApplicationState.CORRECTION, None)
    assert (row.next_due_kind, row.next_due_on) == (DueKind.CORRECTION, date(2025, 9, 16))
    story.today = date(2025, 9, 11)
    row = await story.acts(office.clerk, e.CorrectionReceived(on=story.today))
    assert (row.received_on, row.first_received_on) == (story.today, date(2025, 8, 25))
    assert row.reply_due == date(2025, 10, 15)
    story.today = date(2025, 9, 19)
    asked = await story.does(
        acts.consult,
        PartyKind.THIRD_PARTY,
        name="某某公司",
        subject="合同附件",
        sent_on=story.today,
    )
    row = await story.row()
    assert (row.is_consulting, row.reply_due) == (True, None)
    story.today = date(2025, 9, 22)
    row = await story.does(acts.delivered, asked.id, on=story.today)
    assert (row.next_due_kind, row.next_due_on) == (DueKind.CONSULTATION, date(2025, 10, 17))
    story.today = date(2025, 10, 15)
    row = await story.does(
        acts.returned, asked.id, PartyView.OBJECTS, on=story.today, opinion="涉及商业秘密"
    )
    assert (row.is_consulting, row.reply_due) == (False, date(2025, 11, 4))
    story.today = date(2025, 11, 4)
    await story.acts(office.officer, e.ExtensionProposed(on=story.today, days=20))
    with pytest.raises(NotAllowed):
        await story.acts(office.officer, e.ExtensionApproved(on=story.today, days=20))
    row = await story.acts(office.head, e.ExtensionApproved(on=story.today, days=20))
    assert (row.is_extended, row.reply_due) == (False, date(2025, 11, 4))
    row = await story.acts(office.officer, e.ExtensionTold(on=story.today))
    assert (row.is_extended, row.reply_due) == (True, date(2025, 12, 2))
    story.today = date(2025, 12, 2)
    row = await story.replies(Outcome.P1_PARTLY)
    assert (row.state, row.is_in_time, row.days_used) == (ApplicationState.REPLIED, True, 40)
    assert (row.closed_on, row.review_on) == (story.today, date(2026, 12, 2))
    row, case, stored = await applications.case_of(office.head, story.application_id)
    assert case == case_from(stored)
    assert (case.state, case.last_position) == (row.state, row.edits)
    assert "商业秘密" not in str(await ApplicationEvent.all().values())
    assert (await audit.verify(KEYS.sealing)).broken_at is None
    changed = await AuditRecord.filter(action="application_changed").count()
    assert changed == len(stored) - 2  # All but being filed and received.


async def test_silence_lets_the_count_go_on_after_the_last_day(office: ApplicationOffice) -> None:
    """The seventh worked example, silent: nobody has to press anything for it."""
    story = await Story.begin(office, date(2025, 6, 16))
    story.today = date(2025, 6, 24)
    asked = await story.does(
        acts.consult, PartyKind.THIRD_PARTY, name="某某公司", subject="合同", sent_on=story.today
    )
    story.today = date(2025, 6, 26)
    row = await story.does(acts.delivered, asked.id, on=story.today)
    assert row.next_due_on == date(2025, 7, 17)
    with pytest.raises(NotLawful):
        await story.does(acts.returned, asked.id, PartyView.SILENT, on=story.today)
    assert await refresh(date(2025, 7, 17)) == 0
    assert (await story.row()).reply_due is None
    assert await refresh(date(2025, 7, 18)) == 1
    assert (await story.row()).reply_due == date(2025, 8, 6)
    story.today = date(2025, 7, 21)
    row = await story.does(acts.returned, asked.id, PartyView.OBJECTS, on=story.today)
    assert row.reply_due == date(2025, 8, 6), "a late letter makes no pause longer"
    assert await refresh(date(2025, 8, 10)) == 0


async def test_a_reply_collected_too_late_is_late(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2025, 3, 3))
    story.today = date(2025, 3, 28)
    row = await story.replies(Outcome.G2_GIVEN, served_on=date(2025, 4, 2))
    assert (row.is_in_time, row.days_used, row.review_on) == (False, 22, None)
    with pytest.raises(WrongState):
        await story.replies(Outcome.G2_GIVEN)


async def test_a_court_orders_a_new_reply(office: ApplicationOffice) -> None:
    await DisclosureOffice.create(agency_id=office.agency_id, keep_decided_years=10)
    story = await Story.begin(office, date(2025, 3, 3))
    row = await story.replies(Outcome.D6_PROCESS)
    story.today = date(2025, 4, 1)
    remedy = await story.does(acts.lodge_remedy, RemedyKind.REVIEW, on=story.today)
    with pytest.raises(NotLawful):
        await story.does(acts.archive, "2025-依申请-1", on=story.today)
    story.today = date(2025, 6, 3)
    row = await story.does(
        acts.decide_remedy, remedy.id, RemedyResult.CORRECTED, on=story.today,
        redo_by=date(2025, 6, 24),
    )  # fmt: skip
    assert (row.state, row.outcome, row.closed_on) == (ApplicationState.REDO, None, None)
    assert (row.reply_due, row.first_received_on) == (date(2025, 6, 24), date(2025, 3, 3))
    with pytest.raises(WrongState):
        await story.acts(office.officer, e.ExtensionProposed(on=story.today, days=5))
    row = await story.replies(Outcome.G2_GIVEN)
    assert (row.is_in_time, row.outcome) == (True, Outcome.G2_GIVEN)
    row = await story.does(acts.archive, "2025-依申请-1", on=story.today)
    assert (row.state, row.keep_until) == (ApplicationState.ARCHIVED, date(2035, 6, 3))


async def test_a_correction_that_never_came_is_given_up_once(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2025, 4, 21))
    story.today = date(2025, 4, 28)
    await story.does(
        acts.ask_correction, "写明名称", days=15, sent_on=story.today, served_on=story.today
    )
    story.today = date(2025, 5, 22)
    with pytest.raises(NotLawful):
        await story.acts(office.officer, e.CorrectionLapsed(on=story.today))
    story.today = date(2025, 5, 23)
    with pytest.raises(NotLawful):
        await story.acts(office.clerk, e.CorrectionReceived(on=story.today))
    row = await story.acts(office.officer, e.CorrectionLapsed(on=story.today))
    assert (row.outcome, row.closed_on) == (Outcome.O1_NOT_CORRECTED, story.today)
    good_reason = e.CorrectionReceived(on=story.today, with_good_reason=True)
    with pytest.raises(NotAllowed):
        await story.acts(office.officer, good_reason)
    row = await story.acts(office.head, good_reason)
    assert (row.outcome, row.received_on) == (None, story.today)


async def test_only_the_head_asks_for_a_late_correction_and_the_period_goes_on(
    office: ApplicationOffice,
) -> None:
    story = await Story.begin(office, date(2025, 3, 3))
    story.today = date(2025, 3, 13)
    late: dict[str, Any] = {"days": 5, "sent_on": story.today, "served_on": story.today}
    with pytest.raises(NotLawful):
        await story.does(acts.ask_correction, "写明名称", **late)
    with pytest.raises(NotAllowed):
        await story.does(acts.ask_correction, "写明名称", by_head=True, **late)
    row = await story.does(acts.ask_correction, "写明名称", by_head=True, actor=office.head, **late)
    assert (row.state, row.reply_due) == (ApplicationState.CORRECTION, date(2025, 3, 31))
    story.today = date(2025, 3, 14)
    row = await story.acts(office.officer, e.CorrectionReceived(on=story.today))
    assert (row.received_on, row.reply_due) == (date(2025, 3, 3), date(2025, 3, 31))


async def test_a_fee_that_is_paid_begins_the_period_anew(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2026, 4, 7))
    story.today = date(2026, 4, 20)
    row = await story.does(acts.ask_fee, FEE, on=story.today)
    assert (row.next_due_kind, row.next_due_on) == (DueKind.FEE, date(2026, 5, 20))
    story.today = date(2026, 4, 30)
    row = await story.acts(office.officer, e.FeePaid(on=story.today, receipt_number="0001"))
    assert (row.received_on, row.first_received_on) == (story.today, date(2026, 4, 7))


async def test_nothing_is_half_saved(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2026, 3, 2))
    before = await ApplicationEvent.all().count()
    with pytest.raises(ImpossibleDay):
        await story.acts(office.officer, e.Began(on=date(2026, 3, 3)))
    with pytest.raises(ImpossibleDay):
        await story.acts(office.officer, e.Began(on=date(2026, 3, 1)))
    with pytest.raises(Invalid):
        await story.acts(office.officer, e.Searched(on=story.today))
    with pytest.raises(Invalid):
        await story.does(acts.assign, office.clerk.staff_id, on=story.today)
    with pytest.raises(ImpossibleDay):
        await story.does(
            acts.consult, PartyKind.THIRD_PARTY, name="某某公司", subject="合同",
            sent_on=date(2026, 3, 3),
        )  # fmt: skip
    with pytest.raises(NotFound):
        await story.acts(office.reviewer, e.Began(on=story.today))
    with pytest.raises(NotAllowed):
        await story.acts(office.clerk, e.Began(on=story.today))
    assert await ApplicationEvent.all().count() == before
    assert (await story.row()).edits == before


async def test_a_letter_fails_and_the_event_with_it(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2026, 3, 2))

    async def fail(_database: object) -> None:
        raise Invalid("No letter.")

    with pytest.raises(Invalid):
        await applications.act(
            office.officer, story.application_id, e.Began(on=story.today), edits=2, keys=KEYS,
            now=story.now, also=fail,
        )  # fmt: skip
    row = await story.row()
    assert (row.state, row.edits) == (ApplicationState.RECEIVED, 2)


async def test_an_agency_settles_what_the_law_leaves_open(office: ApplicationOffice) -> None:
    await DisclosureOffice.create(
        agency_id=office.agency_id, fee_restarts=False, late_correction_restarts=True
    )
    story = await Story.begin(office, date(2026, 4, 7))
    story.today = date(2026, 4, 20)
    await story.does(acts.ask_fee, FEE, on=story.today)
    story.today = date(2026, 4, 22)
    row = await story.acts(office.officer, e.FeePaid(on=story.today))
    # 8 May without a fee; two working days of waiting are left out.
    assert (row.received_on, row.reply_due) == (date(2026, 4, 7), date(2026, 5, 11))
    row = await story.does(
        acts.ask_correction, "写明名称", by_head=True, days=5, sent_on=story.today,
        served_on=story.today, actor=office.head,
    )  # fmt: skip
    assert row.reply_due is None
    story.today = date(2026, 4, 23)
    row = await story.acts(office.officer, e.CorrectionReceived(on=story.today))
    assert row.received_on == story.today


async def test_one_minute_before_midnight_an_extension_is_in_time(
    office: ApplicationOffice,
) -> None:
    story = await Story.begin(office, date(2025, 3, 3))
    for event, actor in (
        (e.ExtensionProposed(on=date(2025, 3, 31), days=20), office.officer),
        (e.ExtensionApproved(on=date(2025, 3, 31), days=20), office.head),
    ):
        last_minute = datetime(2025, 3, 31, 15, 59, tzinfo=UTC)
        edits = (await story.row()).edits
        await applications.act(
            actor, story.application_id, event, edits=edits, keys=KEYS, now=last_minute
        )
    edits = (await story.row()).edits
    with pytest.raises(ImpossibleDay):  # In Beijing it is the last day until 16:00 UTC.
        await applications.act(
            office.officer, story.application_id, e.ExtensionTold(on=date(2025, 4, 1)),
            edits=edits, keys=KEYS, now=datetime(2025, 3, 31, 15, 59, tzinfo=UTC),
        )  # fmt: skip
    with pytest.raises(NotLawful):
        await applications.act(
            office.officer, story.application_id, e.ExtensionTold(on=date(2025, 4, 1)),
            edits=edits, keys=KEYS, now=datetime(2025, 3, 31, 16, 0, tzinfo=UTC),
        )  # fmt: skip
    row = await applications.act(
        office.officer, story.application_id, e.ExtensionTold(on=date(2025, 3, 31)),
        edits=edits, keys=KEYS, now=datetime(2025, 3, 31, 15, 59, tzinfo=UTC),
    )  # fmt: skip
    assert row.reply_due == date(2025, 4, 28)

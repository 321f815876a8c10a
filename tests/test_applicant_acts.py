"""What an applicant does from the phone, by the law: in time, late, unasked, not theirs, in the wrong state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models.application import ApplicationState
from models.application_draft import ApplicationDraft
from models.application_event import ApplicationEvent
from models.application_message import ApplicationMessage, MessageState
from models.citizen import Citizen
from models.citizen_tie import TieReason
from models.outcome import Outcome
from services import (
    applicant_acts,
    application_acts,
    application_messages,
    applications,
    audit,
    citizen_cases,
)
from services.applicant_acts import NothingToCorrect, NothingToWithdraw
from services.citizen_cases import NotTheApplicant
from services.disclosure import events as e
from services.errors import EditedMeanwhile, NotAllowed, NotFound
from tests.application_office import KEYS, ApplicationOffice, open_office
from tests.application_story import Story

RECEIVED = date(2026, 3, 2)
"""A Monday."""


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def person(number: int = 1) -> Citizen:
    return await Citizen.create(
        app_id="wx1", openid_hash=f"{number:064d}", encrypted_openid=KEYS.encrypt(f"o{number}"),
        last_active_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


async def told(office: ApplicationOffice, *, may_act: bool = True) -> tuple[Story, Citizen]:
    """Return a case that somebody has on their phone."""
    story, citizen = await Story.begin(office, RECEIVED), await person()
    reason = TieReason.FILED if may_act else TieReason.QUERY_CODE
    await citizen_cases.tie(citizen.id, story.application_id, reason, may_act)
    return story, citizen


async def asked_to_correct(story: Story) -> date:
    await story.does(
        application_acts.ask_correction, "请写明年份", days=15, sent_on=story.today,
        served_on=story.today,
    )  # fmt: skip
    limit = (await case_of(story)).correction
    assert limit is not None
    return limit.limit_on


async def case_of(story: Story) -> applications.Case:
    return (await applications.case_of(story.office.officer, story.application_id))[1]


async def corrects(
    story: Story, citizen: Citizen, text: str = "2024年", key: str = "k"
) -> applicant_acts.Sent:
    return await applicant_acts.correct(
        citizen.id, story.application_id, text, key=key, keys=KEYS, now=story.now
    )


async def withdraws(story: Story, citizen: Citizen, key: str = "w") -> applicant_acts.Sent:
    return await applicant_acts.withdraw(
        citizen.id, story.application_id, key=key, keys=KEYS, now=story.now
    )


async def test_on_the_last_day_a_correction_is_in_time_and_the_period_begins_anew(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    story.today = await asked_to_correct(story)
    sent = await corrects(story, citizen)
    assert sent.message.state is MessageState.DONE
    row = await story.row()
    assert (row.state, row.received_on) == (ApplicationState.RECEIVED, story.today)
    event = await ApplicationEvent.filter(kind="correction_received").get()
    assert (event.staff_id, event.staff_name) == (None, "申请人")
    assert KEYS.decrypt(event.encrypted_note or b"") == "2024年"
    assert (await audit.verify(KEYS.sealing)).broken_at is None


async def test_until_midnight_in_china_it_is_still_the_last_day(office: ApplicationOffice) -> None:
    story, citizen = await told(office)
    limit = await asked_to_correct(story)
    last_minute = datetime(limit.year, limit.month, limit.day, 15, 59, tzinfo=UTC)
    sent = await applicant_acts.correct(
        citizen.id, story.application_id, "2024年", key="k", keys=KEYS, now=last_minute
    )
    assert sent.message.state is MessageState.DONE
    assert (await story.row()).received_on == limit


async def test_a_late_correction_waits_and_the_head_accepts_it_on_the_day_it_came(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    story.today = await asked_to_correct(story) + timedelta(days=1)
    sent = await corrects(story, citizen)
    assert sent.message.state is MessageState.WAITING
    assert (await story.row()).state is ApplicationState.CORRECTION
    came = story.today
    story.today += timedelta(days=3)
    (waiting,) = await application_messages.of_case(office.officer, await story.row(), keys=KEYS)
    assert (waiting.text, waiting.came_at.date()) == ("2024年", came)
    with pytest.raises(NotAllowed):
        await story.acts(office.officer, e.CorrectionReceived(on=came, with_good_reason=True))
    await story.acts(office.head, e.CorrectionReceived(on=came, with_good_reason=True), "住院")
    assert (await story.row()).received_on == came
    assert (await ApplicationMessage.get()).state is MessageState.DONE, "Taken up by the event"


async def test_what_was_let_lapse_may_still_be_corrected_and_waits(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    story.today = await asked_to_correct(story) + timedelta(days=1)
    await story.acts(office.officer, e.CorrectionLapsed(on=story.today))
    stands = await applicant_acts.stands(await story.row(), keys=KEYS, now=story.now)
    assert (stands.can_correct, stands.can_withdraw) == (True, False)
    assert (await corrects(story, citizen)).message.state is MessageState.WAITING
    with pytest.raises(NothingToWithdraw):
        await withdraws(story, citizen)


async def test_what_was_answered_is_neither_corrected_nor_withdrawn(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    await story.acts(office.officer, e.Began(on=story.today))
    await story.replies(Outcome.G2_GIVEN)
    with pytest.raises(NothingToCorrect):
        await corrects(story, citizen)
    with pytest.raises(NothingToWithdraw):
        await withdraws(story, citizen)
    assert await ApplicationMessage.all().count() == 0


@pytest.mark.parametrize("state", ["received", "processing", "correction", "review", "issued"])
async def test_whatever_is_open_may_be_withdrawn(office: ApplicationOffice, state: str) -> None:
    story, citizen = await told(office)
    if state == "correction":
        await asked_to_correct(story)
    elif state != "received":
        await story.acts(office.officer, e.Began(on=story.today))
    if state in {"review", "issued"}:
        sent = e.SentForReview(on=story.today, letter_id=1, outcome=Outcome.G2_GIVEN)
        await story.acts(office.officer, sent)
    if state == "issued":
        await story.acts(office.reviewer, e.ReviewPassed(on=story.today, letter_id=1))
        issued = e.Issued(on=story.today, letter_id=1, outcome=Outcome.G2_GIVEN)
        await story.acts(office.officer, issued)
    assert (await story.row()).state.value == state
    await withdraws(story, citizen)
    row = await story.row()
    assert (row.state, row.closed_on) == (ApplicationState.WITHDRAWN, story.today)


async def test_who_only_follows_it_or_does_not_does_nothing(office: ApplicationOffice) -> None:
    story, citizen = await told(office, may_act=False)
    for act in (corrects, withdraws):
        with pytest.raises(NotTheApplicant):
            await act(story, citizen)
        with pytest.raises(NotFound):
            await act(story, await person(2 if act is corrects else 3))
    assert (await story.row()).state is ApplicationState.RECEIVED


async def test_sent_many_times_at_once_it_is_one_message_and_one_event(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    await asked_to_correct(story)
    sent = await asyncio.gather(*(corrects(story, citizen) for _ in range(5)))
    assert len({one.message.id for one in sent}) == 1
    assert await ApplicationMessage.all().count() == 1
    assert await ApplicationEvent.filter(kind="correction_received").count() == 1


async def test_corrected_and_withdrawn_at_once_the_log_holds_together(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    await asked_to_correct(story)
    await asyncio.gather(
        corrects(story, citizen), withdraws(story, citizen), return_exceptions=True
    )
    row, case = await story.row(), await case_of(story)
    assert (row.state, row.edits) == (case.state, case.last_position)
    assert row.state is ApplicationState.WITHDRAWN
    assert (await audit.verify(KEYS.sealing)).broken_at is None


async def test_a_revision_is_whole_or_nothing(office: ApplicationOffice) -> None:
    story, citizen = await told(office)
    row = await story.row()
    at = row.submitted_at + timedelta(minutes=9)
    sent = await applicant_acts.withdraw(
        citizen.id, row.id, to_revise=True, key="r", keys=KEYS, now=at
    )
    draft = await ApplicationDraft.get()
    assert (draft.id, draft.citizen_id, draft.venue_id) == (
        sent.draft_id, citizen.id, office.venue_id
    )  # fmt: skip


async def test_staff_read_and_set_aside_what_waits_and_nobody_else_does(
    office: ApplicationOffice,
) -> None:
    story, citizen = await told(office)
    await corrects(story, citizen, "补充一句")
    row = await story.row()
    (message,) = await application_messages.of_case(office.head, row, keys=KEYS)
    # The clerk filed this one at the counter, and reads what was asked for.
    assert len(await application_messages.of_case(office.clerk, row, keys=KEYS)) == 1
    assert await application_messages.of_case(office.reviewer, row, keys=KEYS) == []
    for actor in (office.clerk, office.reviewer):
        with pytest.raises((NotAllowed, NotFound)):
            await application_messages.set_aside(actor, row.id, message.id, edits=message.edits)
    await application_messages.set_aside(office.officer, row.id, message.id, edits=message.edits)
    with pytest.raises(EditedMeanwhile):
        await application_messages.set_aside(office.officer, row.id, message.id, edits=0)
    with pytest.raises(NotFound):
        await application_messages.set_aside(office.officer, row.id, 999, edits=0)
    kept = await ApplicationMessage.get()
    assert (kept.state, KEYS.decrypt(kept.encrypted_text)) == (MessageState.SET_ASIDE, "补充一句")

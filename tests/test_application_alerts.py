"""Reminders before, at and after each last day, and whose they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from models.application import Channel, DeliveryWay
from models.consultation import PartyKind
from models.outcome import Outcome
from models.staff import Role
from services.application_alerts import reminders
from services.disclosure import events as e
from services.disclosure.alerts import AlertKind, Level, alerts, disclosure_alert
from services.disclosure.case import rebuild
from services.disclosure.work_calendar import built_in
from services.waiting_work import Waiting, Work, waiting_work
from tests.application_office import ApplicationOffice, open_office
from tests.application_story import Story

CALENDAR = built_in()
RECEIVED = date(2025, 3, 3)
BEGUN: list[e.AnyEvent] = [
    e.Submitted(on=RECEIVED, channel=Channel.COUNTER), e.Received(on=RECEIVED)
]  # fmt: skip


def told(events: list[e.AnyEvent], today: date) -> dict[AlertKind, Level]:
    found = alerts(rebuild(events), calendar=CALENDAR, today=today)
    return {alert.kind: alert.level for alert in found}


@pytest.mark.parametrize(
    ("today", "level"),
    [
        pytest.param(date(2025, 3, 14), None, id="day 9"),
        pytest.param(date(2025, 3, 17), Level.EARLY, id="day 10"),
        pytest.param(date(2025, 3, 24), Level.SOON, id="day 15"),
        pytest.param(date(2025, 3, 27), Level.URGENT, id="day 18"),
        pytest.param(date(2025, 3, 29), Level.URGENT, id="a Saturday, one day left"),
        pytest.param(date(2025, 3, 31), Level.LAST_DAY, id="day 20"),
        pytest.param(date(2025, 4, 1), Level.LATE, id="the day after"),
    ],
)
def test_the_reply_is_reminded_of_more_and_more(today: date, level: Level | None) -> None:
    assert told([*BEGUN, e.Began(on=RECEIVED)], today).get(AlertKind.REPLY) is level


def test_a_correction_is_thought_of_on_days_five_and_seven() -> None:
    seen = {day: told(BEGUN, date(2025, 3, day)) for day in (7, 10, 12, 13)}
    levels = [seen[day].get(AlertKind.ASK_CORRECTION) for day in (7, 10, 12, 13)]
    assert levels == [None, Level.SOON, Level.LAST_DAY, None]


def test_an_extension_is_decided_and_told_in_time() -> None:
    begun = [*BEGUN, e.Began(on=RECEIVED)]
    assert AlertKind.EXTENSION not in told(begun, date(2025, 3, 25))
    assert told(begun, date(2025, 3, 26))[AlertKind.EXTENSION] is Level.URGENT
    begun.append(e.ExtensionProposed(on=date(2025, 3, 20), days=5))
    begun.append(e.ExtensionApproved(on=date(2025, 3, 20), days=5))
    assert told(begun, date(2025, 3, 21))[AlertKind.TELL_EXTENSION] is Level.URGENT
    assert AlertKind.TELL_EXTENSION not in told(begun, date(2025, 4, 1))


def test_a_third_party_is_waited_for_and_no_reply_is_due_meanwhile() -> None:
    sent = date(2025, 3, 6)
    events = [*BEGUN, e.ConsultationSent(on=sent, consultation_id=1, party=PartyKind.THIRD_PARTY)]
    assert told(events, date(2025, 3, 14)) == {AlertKind.UNDELIVERED: Level.URGENT}
    limit = date(2025, 3, 28)
    events.append(e.ConsultationDelivered(on=date(2025, 3, 7), consultation_id=1, limit_on=limit))
    assert told(events, date(2025, 3, 20)) == {}
    assert told(events, date(2025, 3, 21)) == {AlertKind.CONSULTATION: Level.SOON}
    assert told(events, limit) == {AlertKind.CONSULTATION: Level.LAST_DAY}
    assert told(events, date(2025, 3, 31))[AlertKind.CONSULTATION] is Level.URGENT


def test_what_is_not_collected_is_to_be_posted() -> None:
    events: list[e.AnyEvent] = [
        *BEGUN,
        e.SentForReview(on=RECEIVED, letter_id=1, outcome=Outcome.G2_GIVEN),
        e.ReviewPassed(on=RECEIVED, letter_id=1),
        e.Issued(on=RECEIVED, letter_id=1, outcome=Outcome.G2_GIVEN),
    ]
    assert AlertKind.PICK_UP not in told(events, date(2025, 3, 26))
    assert told(events, date(2025, 3, 27))[AlertKind.PICK_UP] is Level.URGENT
    posted = alerts(
        rebuild(events), calendar=CALENDAR, today=date(2025, 3, 27), way=DeliveryWay.POST
    )
    assert [alert.kind for alert in posted] == [AlertKind.REPLY]


def test_a_confirmation_turns_red_after_two_working_days() -> None:
    submitted: list[e.AnyEvent] = [e.Submitted(on=date(2025, 3, 7), channel=Channel.FAX)]
    levels = [told(submitted, date(2025, 3, day)).get(AlertKind.CONFIRM) for day in (7, 10, 11, 12)]
    assert levels == [None, Level.LAST_DAY, Level.URGENT, Level.LATE]


def test_what_was_made_is_published_within_twenty_days() -> None:
    made = date(2026, 2, 10)
    assert disclosure_alert(made, calendar=CALENDAR, today=date(2026, 3, 6)) is None
    last = disclosure_alert(made, calendar=CALENDAR, today=date(2026, 3, 16))
    assert last is not None and last.level is Level.LAST_DAY


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def test_each_is_reminded_of_what_is_theirs(office: ApplicationOffice) -> None:
    story = await Story.begin(office, RECEIVED)
    supervisor = await office.person("督查", Role.SUPERVISOR, venue_ids={office.venue_id})
    other = await office.person(
        "别处", Role.AGENCY_OFFICER, agency_ids={office.other_agency_id}
    )  # fmt: skip
    last_day, after = date(2025, 3, 31), date(2025, 4, 1)
    found = await reminders(office.officer, last_day)
    assert {one.alert.kind for one in found} == {AlertKind.REPLY, AlertKind.EXTENSION}
    assert await reminders(supervisor, last_day) == []
    assert [one.alert.level for one in await reminders(supervisor, after)] == [Level.LATE]
    assert await reminders(other, after) == await reminders(office.clerk, after) == []

    story.today = last_day
    await story.acts(office.officer, e.ExtensionProposed(on=last_day, days=5))
    assert await waiting_work(office.head, story.now) == [
        Waiting(Work.APPLICATIONS, 1, 0), Waiting(Work.EXTENSIONS, 1)
    ]  # fmt: skip
    assert await waiting_work(other, story.now) == []
    await story.acts(
        office.officer, e.SentForReview(on=last_day, letter_id=1, outcome=Outcome.G2_GIVEN)
    )
    assert await waiting_work(office.reviewer, story.now) == [Waiting(Work.APPLICATION_CHECKS, 1)]

"""A case from filing to reply over the real services: what they keep, refuse and repeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from models.application import ApplicationState, Channel
from models.application_event import ApplicationEvent
from models.staff import Role
from services import applications
from services.disclosure.events import Began, Received
from services.errors import EditedMeanwhile, NotAcceptedHere, NotFound, WrongState
from tests.application_office import KEYS, ApplicationOffice, filing, open_office

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def test_an_application_is_filed_with_its_dates(office: ApplicationOffice) -> None:
    filed = await applications.file(filing(office), keys=KEYS, now=NOW, actor=office.clerk)
    assert (filed.received_on, filed.reply_due) == (TODAY, date(2026, 3, 30))
    assert filed.number == f"2026-{office.agency_id:03d}-00001"
    row, case, events = await applications.case_of(office.officer, filed.application_id)
    assert row.state is case.state is ApplicationState.RECEIVED
    assert [type(one.event).__name__ for one in events] == ["Submitted", "Received"]
    assert row.edits == case.last_position == 2


async def test_sent_twice_it_is_one_case(office: ApplicationOffice) -> None:
    twice = filing(office, idempotency_key="from the kiosk")
    first = await applications.file(twice, keys=KEYS, now=NOW, actor=None)
    again = await applications.file(twice, keys=KEYS, now=NOW, actor=None)
    assert again == msgspec.structs.replace(first, repeated=True)


async def test_sent_at_the_same_moment_it_is_one_case(office: ApplicationOffice) -> None:
    twice = filing(office, idempotency_key="from the kiosk")
    filed = await asyncio.gather(
        *(applications.file(twice, keys=KEYS, now=NOW, actor=None) for _ in range(4))
    )
    assert len({one.application_id for one in filed}) == 1
    assert sorted(one.repeated for one in filed) == [False, True, True, True]
    assert await ApplicationEvent.all().count() == 2


async def test_who_saw_an_older_case_is_told(office: ApplicationOffice) -> None:
    filed = await applications.file(filing(office), keys=KEYS, now=NOW, actor=office.clerk)
    began = Began(on=TODAY)
    row = await applications.act(
        office.officer, filed.application_id, began, edits=2, keys=KEYS, now=NOW
    )
    assert (row.state, row.edits) == (ApplicationState.PROCESSING, 3)
    with pytest.raises(EditedMeanwhile):
        await applications.act(
            office.officer, filed.application_id, began, edits=2, keys=KEYS, now=NOW
        )
    with pytest.raises(WrongState):
        await applications.act(
            office.officer, filed.application_id, Received(on=TODAY), edits=3, keys=KEYS, now=NOW
        )
    assert await ApplicationEvent.filter(application_id=filed.application_id).count() == 3


async def test_a_clerk_in_the_wrong_venue_finds_nothing(office: ApplicationOffice) -> None:
    stranger = await office.person("小外", Role.CLERK, venue_ids={office.other_venue_id})
    with pytest.raises(NotFound):
        await applications.file(filing(office), keys=KEYS, now=NOW, actor=stranger)
    filed = await applications.file(filing(office), keys=KEYS, now=NOW, actor=office.clerk)
    with pytest.raises(NotFound):
        await applications.case_of(stranger, filed.application_id)


async def test_no_zone_takes_in_for_an_agency_that_did_not_ask_it_to(
    office: ApplicationOffice,
) -> None:
    with pytest.raises(NotAcceptedHere):
        await applications.file(
            filing(office, agency_id=office.other_agency_id), keys=KEYS, now=NOW, actor=None
        )
    assert await ApplicationEvent.all().count() == 0


async def test_an_unsigned_letter_waits_to_be_confirmed(office: ApplicationOffice) -> None:
    by_post = filing(office, channel=Channel.POST_UNSIGNED)
    filed = await applications.file(by_post, keys=KEYS, now=NOW, actor=office.clerk)
    assert (filed.received_on, filed.reply_due) == (None, None)
    row = await applications.act(
        office.officer, filed.application_id, Received(on=TODAY), edits=1, keys=KEYS, now=NOW
    )
    assert (row.received_on, row.reply_due) == (TODAY, date(2026, 3, 30))

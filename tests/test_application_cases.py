"""A case from filing to reply over the real services: what they keep, refuse and repeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from models.agency import Agency
from models.applicant import IdentityKind
from models.application import (
    ApplicantKind,
    Application,
    ApplicationState,
    Channel,
    FiledBy,
    OrgCategory,
)
from models.application_event import ApplicationEvent
from models.official_letter import NumberSeries
from models.staff import Role
from models.venue import Venue
from services import applicants, applications
from services.application_filing import KeyUsed, NoContact, NothingDescribed, OralUnrecorded
from services.clock import zone_day
from services.disclosure.deadlines import ImpossibleDay
from services.disclosure.events import (
    Began,
    ExtensionApproved,
    ExtensionProposed,
    ExtensionTold,
    Received,
)
from services.disclosure.guards import NotLawful
from services.disclosure.request import Person
from services.errors import (
    EditedMeanwhile,
    Invalid,
    NotAcceptedHere,
    NotFound,
    OpenZoneError,
    WrongState,
)
from tests.application_office import KEYS, REQUEST, ApplicationOffice, filing, open_office
from tests.application_story import Story

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


async def test_a_key_opens_nobody_elses_receipt(office: ApplicationOffice) -> None:
    mine = filing(office, idempotency_key="1")
    await applications.file(mine, keys=KEYS, now=NOW, actor=None)
    somebody = msgspec.structs.replace(mine.person, name="李四")
    theirs = msgspec.structs.replace(mine, person=somebody)
    with pytest.raises(KeyUsed):
        await applications.file(theirs, keys=KEYS, now=NOW, actor=None)
    assert await Application.all().count() == 1


async def test_one_applicant_and_two_agencies_are_two_cases(office: ApplicationOffice) -> None:
    venue = await Venue.get(id=office.venue_id)
    await venue.accepts_for.add(await Agency.get(id=office.other_agency_id))
    first = filing(office, idempotency_key="1")
    other = msgspec.structs.replace(first, agency_id=office.other_agency_id)
    filed = [
        await applications.file(each, keys=KEYS, now=NOW, actor=None)
        for each in (first, other, first, other)
    ]
    assert [one.repeated for one in filed] == [False, False, True, True]
    assert len({one.number for one in filed}) == 2


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param(datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), date(2026, 3, 2), id="23:59"),
        pytest.param(datetime(2026, 3, 2, 16, 0, tzinfo=UTC), date(2026, 3, 3), id="midnight"),
    ],
)
async def test_days_end_at_midnight_in_china(
    office: ApplicationOffice, now: datetime, day: date
) -> None:
    filed = await applications.file(filing(office), keys=KEYS, now=now, actor=office.clerk)
    assert filed.received_on == day


async def test_an_extension_told_at_the_last_minute_of_the_last_day_holds(
    office: ApplicationOffice,
) -> None:
    """23:59 in China on the twentieth day is in time; a minute later it is not."""
    for minute, is_in_time in ((0, True), (1, False)):
        story = await Story.begin(office, date(2025, 3, 3))
        story.today = date(2025, 3, 31)
        await story.acts(office.officer, ExtensionProposed(on=story.today, days=20))
        await story.acts(office.head, ExtensionApproved(on=story.today, days=20))
        now = datetime(2025, 3, 31, 15, 59, tzinfo=UTC) + timedelta(minutes=minute)
        telling = applications.act(
            office.officer, story.application_id, ExtensionTold(on=zone_day(now)), edits=4,
            keys=KEYS, now=now,
        )  # fmt: skip
        if is_in_time:
            assert (await telling).reply_due == date(2025, 4, 28)
        else:
            with pytest.raises(NotLawful):
                await telling


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


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        pytest.param({"received_on": date(2026, 3, 3)}, ImpossibleDay, id="received tomorrow"),
        pytest.param({"received_on": date(2019, 5, 14)}, ImpossibleDay, id="before the law"),
        pytest.param(
            {"person": Person(name="张三")}, NoContact, id="nobody knows how to reach them"
        ),
        pytest.param(
            {"request": msgspec.structs.replace(REQUEST, title="　 ")}, NothingDescribed,
            id="nothing is described",
        ),
        pytest.param(
            {"request": msgspec.structs.replace(REQUEST, title="字" * 4_001)}, Invalid,
            id="too long",
        ),
        pytest.param({"note": "\0"}, Invalid, id="a character that no database keeps"),
        pytest.param({"filed_by": FiledBy.ORAL}, OralUnrecorded, id="oral, and nobody wrote how"),
        pytest.param({"agency_id": 4_711}, Invalid, id="no such agency"),
        pytest.param({"venue_id": 4_711}, NotFound, id="no such zone"),
    ],
)  # fmt: skip
async def test_what_cannot_be_filed_leaves_nothing(
    office: ApplicationOffice, changes: dict[str, Any], refused: type[OpenZoneError]
) -> None:
    with pytest.raises(refused):
        await applications.file(filing(office, **changes), keys=KEYS, now=NOW, actor=office.clerk)
    assert not await Application.exists()
    assert not await NumberSeries.filter(last_given__gt=0).exists()


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(
            Person(name="阿依古丽·买买提", phone="13800001234", address="示" * 500),
            id="a long address, no identity",
        ),
        pytest.param(
            Person(
                name="John A. Smith", identity_kind=IdentityKind.PASSPORT,
                identity_number="C01234567", email="j@example.org",
            ),
            id="a passport",
        ),
        pytest.param(
            Person(
                name="陈大文", identity_kind=IdentityKind.HK_MACAO_PERMIT,
                identity_number="H0123456702", fax="023-60000000",
            ),
            id="a permit of Hong Kong",
        ),
        pytest.param(Person(name="", phone="13800001234"), id="a name is corrected later"),
        pytest.param(
            Person(name="某某公司", kind=ApplicantKind.LEGAL_OR_OTHER, address="示例区1号"),
            id="an organisation of no kind",
        ),
    ],
)  # fmt: skip
async def test_nobody_is_turned_away(office: ApplicationOffice, person: Person) -> None:
    leap_day = datetime(2024, 2, 29, 1, tzinfo=UTC)
    filed = await applications.file(
        filing(office, person=person), keys=KEYS, now=leap_day, actor=None
    )
    assert (filed.received_on, filed.reply_due) == (date(2024, 2, 29), date(2024, 3, 28))
    row = await Application.get(id=filed.application_id)
    is_organisation = person.kind is ApplicantKind.LEGAL_OR_OTHER
    assert row.org_category is (OrgCategory.OTHER if is_organisation else None)
    kept = await applicants.person_of(row, keys=KEYS)
    assert (kept.name, kept.address) == (person.name, person.address)


async def test_a_key_used_for_something_else_tells_nothing(office: ApplicationOffice) -> None:
    first = filing(office, idempotency_key="1")
    await applications.file(first, keys=KEYS, now=NOW, actor=None)
    other = msgspec.structs.replace(
        first, request=msgspec.structs.replace(REQUEST, title="别的信息")
    )
    with pytest.raises(KeyUsed):
        await applications.file(other, keys=KEYS, now=NOW, actor=None)
    assert await Application.all().count() == 1


async def test_of_two_who_act_at_the_same_moment_one_is_told(office: ApplicationOffice) -> None:
    filed = await applications.file(filing(office), keys=KEYS, now=NOW, actor=office.clerk)
    done = await asyncio.gather(
        *(
            applications.act(
                actor, filed.application_id, Began(on=TODAY), edits=2, keys=KEYS, now=NOW
            )
            for actor in (office.officer, office.head, office.officer)
        ),
        return_exceptions=True,
    )
    refused = [one for one in done if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [EditedMeanwhile, EditedMeanwhile]
    assert await ApplicationEvent.filter(application_id=filed.application_id).count() == 3

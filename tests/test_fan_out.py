"""A notice reaches everybody whom it is for, once, however often the work is begun again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.category import Category
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Audience, Notice, NoticeState
from models.venue import Venue, VenueLevel, VenueType
from services import fan_out
from services.deliveries import Reason
from tests import card_office
from tests.application_office import KEYS, ApplicationOffice, open_office

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def _notice(office: ApplicationOffice, **facts: object) -> Notice:
    return await Notice.create(
        **{
            "venue_id": office.venue_id, "title": "元旦期间开放时间", "text": "元旦闭馆一天。",
            "author_id": office.clerk.staff_id, "state": NoticeState.PUBLISHED,
            "published_at": NOW, "by_card": True,
        } | facts
    )  # fmt: skip


async def _follower(
    number: int, venue_id: int | None = None, category: Category | None = None,
    since: datetime = BEFORE,
) -> Citizen:  # fmt: skip
    citizen = await card_office.phone(KEYS, number)
    await _follows(citizen, venue_id, category, since)
    return citizen


async def _follows(
    citizen: Citizen, venue_id: int | None, category: Category | None = None,
    since: datetime = BEFORE,
) -> None:  # fmt: skip
    row = await Follow.create(citizen=citizen, venue_id=venue_id, category=category)
    await Follow.filter(id=row.id).update(followed_at=since)


async def _through(app_id: str = card_office.APP_ID) -> None:
    while await fan_out.fan_out_next(app_id, NOW) is not None:
        pass


async def test_an_emergency_waits_behind_nothing(office: ApplicationOffice) -> None:
    await _follower(1, office.venue_id)
    ordinary, emergency = [
        await _notice(office, is_emergency=is_emergency) for is_emergency in (False, True)
    ]
    assert await fan_out.fan_out_next(card_office.APP_ID, NOW) == 1
    assert {row.notice_id for row in await Delivery.all()} == {emergency.id}
    await _through()
    assert {row.notice_id for row in await Delivery.all()} == {ordinary.id, emergency.id}


async def _reached() -> set[int]:
    return {row.citizen_id for row in await Delivery.filter(way=DeliveryWay.APP)}


async def test_followers_of_the_zone_are_told_each_in_their_way(office: ApplicationOffice) -> None:
    allowing, silent = [await _follower(number, office.venue_id) for number in (1, 2)]
    await _follower(3, office.other_venue_id)
    await card_office.allow(allowing, await card_office.template())
    notice = await _notice(office)
    await _through()
    assert await _reached() == {allowing.id, silent.id}
    shown = await Delivery.filter(way=DeliveryWay.APP).first()
    assert shown is not None
    assert (shown.state, shown.page) == (DeliveryState.SENT, f"pages/notice/notice?id={notice.id}")
    cards = {row.citizen_id: row for row in await Delivery.filter(way=DeliveryWay.CARD)}
    assert cards[allowing.id].state is DeliveryState.QUEUED
    assert cards[allowing.id].values["thing1"] == "元旦期间开放时间"
    assert (cards[silent.id].state, cards[silent.id].reason) == (
        DeliveryState.REFUSED, Reason.NO_GRANT,
    )  # fmt: skip


async def test_an_area_reaches_the_zones_below_and_everybody_once(
    office: ApplicationOffice,
) -> None:
    below = await Venue.create(
        code="town", place="示例镇", type=VenueType.VILLAGE_STATION, level=VenueLevel.TOWN,
        parent_id=office.venue_id,
    )  # fmt: skip
    both = await _follower(1, office.venue_id)
    await _follows(both, below.id)
    lower = await _follower(2, below.id)
    await _follower(3, office.other_venue_id)
    await _notice(office, audience=Audience.AREA)
    await _through()
    assert await _reached() == {both.id, lower.id}
    assert await Delivery.all().count() == 2


async def test_a_subject_reaches_whoever_follows_it(office: ApplicationOffice) -> None:
    subject, another = list(Category)[:2]
    mine = await _follower(1, category=subject)
    await _follower(2, category=another)
    await _follower(3, office.venue_id)
    await _notice(office, audience=Audience.SUBJECT, category=subject)
    await _through()
    assert await _reached() == {mine.id}


async def test_who_follows_later_gets_nothing_old(office: ApplicationOffice) -> None:
    await _follower(1, office.venue_id, since=NOW + timedelta(seconds=1))
    await _notice(office)
    await _through()
    assert await _reached() == set()


async def test_only_phones_of_this_app_are_told(office: ApplicationOffice) -> None:
    citizen = await _follower(1, office.venue_id)
    await Citizen.filter(id=citizen.id).update(app_id="wxfedcba9876543210")
    await _notice(office)
    await _through()
    assert await _reached() == set()


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"on_phones": False}, id="not for phones"),
        pytest.param({"shown_until": NOW}, id="over"),
        pytest.param({"state": NoticeState.WITHDRAWN}, id="withdrawn"),
        pytest.param({"state": NoticeState.SCHEDULED}, id="not yet"),
    ],
)
async def test_what_is_not_for_phones_now_reaches_nobody(
    office: ApplicationOffice, facts: dict[str, object]
) -> None:
    await _follower(1, office.venue_id)
    await _notice(office, **facts)
    await _through()
    assert await _reached() == set()


async def _crowd(office: ApplicationOffice, count: int) -> None:
    people = [
        Citizen(
            app_id=card_office.APP_ID, openid_hash=f"{number:064d}", encrypted_openid=b"x",
            last_active_at=NOW,
        )
        for number in range(count)
    ]  # fmt: skip
    await Citizen.bulk_create(people)
    ids: list[int] = await Citizen.all().values_list("id", flat=True)  # type: ignore[assignment]
    await Follow.bulk_create([Follow(citizen_id=one, venue_id=office.venue_id) for one in ids])
    await Follow.all().update(followed_at=BEFORE)


async def test_it_goes_on_where_it_stopped(
    office: ApplicationOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "BATCH", 10)
    await _crowd(office, 35)
    notice = await _notice(office)
    assert await fan_out.fan_out_next(card_office.APP_ID, NOW) == 10
    written = fan_out.write_down

    async def broken(*_arguments: object, **_options: object) -> None:
        await written(*_arguments, **_options)  # type: ignore[arg-type]
        raise OSError("killed before the end of the transaction")

    monkeypatch.setattr(fan_out, "write_down", broken)
    with pytest.raises(OSError, match="killed"):
        await fan_out.fan_out_next(card_office.APP_ID, NOW)
    assert await Delivery.all().count() == 10
    monkeypatch.setattr(fan_out, "write_down", written)
    await asyncio.gather(_through(), _through())
    assert await Delivery.all().count() == 35
    assert (await Notice.get(id=notice.id)).fan_out_done_at == NOW


async def test_withdrawn_meanwhile_it_stops_and_nothing_more_is_sent(
    office: ApplicationOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "BATCH", 10)
    await _crowd(office, 25)
    template = await card_office.template()
    for citizen in await Citizen.all():
        await card_office.allow(citizen, template)
    notice = await _notice(office)
    await fan_out.fan_out_next(card_office.APP_ID, NOW)
    await Notice.filter(id=notice.id).update(state=NoticeState.WITHDRAWN)
    await _through()
    assert await fan_out.cancel_what_is_over(NOW) == 10
    cards = await Delivery.filter(way=DeliveryWay.CARD)
    assert {(row.state, row.reason) for row in cards} == {
        (DeliveryState.CANCELLED, Reason.WITHDRAWN)
    }
    assert len(await _reached()) == 10
    assert await fan_out.cancel_what_is_over(NOW) == 0


async def test_words_that_staff_wrote_go_before_what_is_filled_in(
    office: ApplicationOffice,
) -> None:
    citizen = await _follower(1, office.venue_id)
    await card_office.allow(citizen, await card_office.template())
    await _notice(office, card_values={"thing1": "元旦闭馆"})
    await _through()
    card = await Delivery.get(way=DeliveryWay.CARD)
    assert card.values["thing1"] == "元旦闭馆"

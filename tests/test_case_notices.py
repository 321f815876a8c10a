"""What happens in a case is told to the phones that follow it, in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tortoise.transactions import in_transaction

from models.application import Application, Channel
from models.application import DeliveryWay as ReplyWay
from models.card_template import CardPurpose
from models.citizen import Citizen
from models.citizen_tie import CitizenApplication, TieReason
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.outcome import Outcome
from services import applications, case_notices, deliveries
from services.application_events import AnyEvent
from services.deliveries import Reason
from services.disclosure import events as e
from services.disclosure.transitions import RULES
from services.errors import OpenZoneError
from tests import card_office
from tests.application_office import KEYS, PERSON, REQUEST, ApplicationOffice, filing, open_office
from tests.application_transitions import SAMPLES

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TOLD = {e.Received, e.CorrectionAsked, e.ExtensionTold, e.Delayed, e.Served}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def _followed(office: ApplicationOffice, *citizens: Citizen) -> Application:
    """File an application online that waits to be confirmed, followed on phones."""
    filed = await applications.file(
        filing(office, channel=Channel.FAX), keys=KEYS, now=NOW, actor=None
    )
    for citizen in citizens:
        await CitizenApplication.create(
            citizen=citizen, application_id=filed.application_id, reason=TieReason.QUERY_CODE
        )
    return await Application.get(id=filed.application_id)


async def test_the_receipt_reaches_everybody_who_follows(office: ApplicationOffice) -> None:
    mine, yours = [await card_office.phone(KEYS, number) for number in (1, 2)]
    template = await card_office.template(CardPurpose.APPLICATION_ACCEPTED)
    await card_office.allow(mine, template)
    row = await _followed(office, mine, yours)
    row = await applications.act(
        office.officer, row.id, e.Received(on=TODAY), edits=row.edits, keys=KEYS, now=NOW
    )
    shown = await Delivery.filter(way=DeliveryWay.APP)
    assert {one.citizen_id for one in shown} == {mine.id, yours.id}
    assert {one.state for one in shown} == {DeliveryState.SENT}
    assert shown[0].title == "申请已确认收到"
    assert shown[0].text == f"您的申请（编号{row.number}）已确认收到，答复期限到2026年3月30日。"
    assert shown[0].page == f"pages/application/application?id={row.id}"
    cards = {one.citizen_id: one for one in await Delivery.filter(way=DeliveryWay.CARD)}
    assert cards[mine.id].state is DeliveryState.QUEUED
    assert cards[mine.id].values == {
        "thing1": "政府信息公开申请", "date2": "2026年3月2日 09:00",
    }  # fmt: skip
    assert cards[yours.id].state is DeliveryState.REFUSED
    assert cards[yours.id].reason == Reason.NO_GRANT


async def test_nothing_is_owed_for_what_did_not_happen(office: ApplicationOffice) -> None:
    row = await _followed(office, await card_office.phone(KEYS))
    with pytest.raises(OpenZoneError):
        await applications.act(
            office.officer, row.id, e.Received(on=date(2026, 3, 9)), edits=row.edits, keys=KEYS,
            now=NOW,
        )  # fmt: skip
    assert await Delivery.all().count() == 0


async def test_the_same_is_owed_once(office: ApplicationOffice) -> None:
    citizen = await card_office.phone(KEYS)
    row = await _followed(office, citizen)
    for _ in range(2):
        async with in_transaction() as database:
            await case_notices.note(row, e.Received(on=TODAY), using_db=database, now=NOW)
    assert await Delivery.all().count() == 1


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: type(event).__name__)
async def test_words_tell_nothing_of_the_case(office: ApplicationOffice, event: AnyEvent) -> None:
    row = await _followed(office, await card_office.phone(KEYS))
    for purpose in CardPurpose:
        await card_office.template(purpose, content="一:{{thing1.DATA}}\n二:{{thing2.DATA}}")
    async with in_transaction() as database:
        await case_notices.note(row, event, using_db=database, now=NOW)
    kept = await Delivery.all()
    assert bool(kept) is (type(event) in TOLD)
    said = " ".join(f"{one.title}{one.text}{one.page}{one.values}" for one in kept)
    assert REQUEST.title not in said
    assert PERSON.name not in said


def test_every_event_was_looked_at() -> None:
    assert {type(event) for event in SAMPLES} == set(RULES)


async def test_who_was_forgotten_is_owed_nothing(office: ApplicationOffice) -> None:
    async with in_transaction() as database:
        await deliveries.owe(
            "one", 999, CardPurpose.QUESTION_ANSWERED, title="", text="", page="", sources={},
            using_db=database, now=NOW,
        )  # fmt: skip
    assert await Delivery.all().count() == 0


async def test_a_card_that_wechat_would_refuse_is_not_queued(office: ApplicationOffice) -> None:
    citizen = await card_office.phone(KEYS)
    template = await card_office.template(
        CardPurpose.APPLICATION_ANSWERED, content="结果:{{phrase1.DATA}}", filling={"phrase1": ""}
    )
    await card_office.allow(citizen, template)
    row = await _followed(office, citizen)
    served = e.Served(on=TODAY, letter_id=1, outcome=Outcome.G2_GIVEN, way=ReplyWay.POST)
    async with in_transaction() as database:
        await case_notices.note(row, served, using_db=database, now=NOW)
    card = await Delivery.get(way=DeliveryWay.CARD)
    assert (card.state, card.reason, card.field_name) == (
        DeliveryState.FAILED, Reason.ARGS_INVALID, "phrase1",
    )  # fmt: skip

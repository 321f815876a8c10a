"""How many cards somebody lets be sent: each answer counts once, whoever tells of it first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tortoise.transactions import in_transaction

from models.card_template import CardGrant, CardTemplate
from models.citizen import Citizen
from models.database import close_database, open_database
from services import card_grants
from tests.databases import database_url

APP_ID = "wx0123456789abcdef"
NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


async def somebody() -> Citizen:
    return await Citizen.create(
        app_id=APP_ID, openid_hash="h" * 64, encrypted_openid=b"x", last_active_at=NOW
    )


async def template(name: str = "T1", *, is_long_term: bool = False) -> CardTemplate:
    return await CardTemplate.create(
        app_id=APP_ID, template_id=name, title=name, content="事项:{{thing1.DATA}}",
        is_long_term=is_long_term, listed_at=NOW,
    )  # fmt: skip


async def held(citizen: Citizen, one: CardTemplate) -> CardGrant:
    return await CardGrant.get(citizen_id=citizen.id, template_id=one.id)


async def spent(citizen: Citizen, one: CardTemplate) -> bool:
    async with in_transaction() as database:
        return await card_grants.spend(citizen.id, one, database)


@pytest.mark.parametrize("phone_first", [True, False], ids=["phone-first", "wechat-first"])
async def test_an_answer_that_both_tell_counts_once(phone_first: bool) -> None:
    citizen, one = await somebody(), await template()
    soon = NOW + timedelta(seconds=20)

    async def phone(at: datetime) -> None:
        await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key-1", at)

    async def wechat(at: datetime) -> None:
        await card_grants.report_from_wechat(citizen, "T1", True, at, at)

    first, second = (phone, wechat) if phone_first else (wechat, phone)
    await first(NOW)
    await second(soon)
    assert (await held(citizen, one)).remaining == 1


async def test_two_answers_told_by_both_count_twice() -> None:
    citizen, one = await somebody(), await template()
    for number in range(2):
        at = NOW + timedelta(minutes=number)
        await card_grants.report_from_phone(citizen, {"T1": "accept"}, f"key-{number}", at)
    for number in range(2):
        at = NOW + timedelta(minutes=number)
        await card_grants.report_from_wechat(citizen, "T1", True, at, at)
    assert (await held(citizen, one)).remaining == 2


async def test_what_is_told_long_after_is_another_answer() -> None:
    citizen, one = await somebody(), await template()
    await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key", NOW)
    later = NOW + timedelta(minutes=11)
    await card_grants.report_from_wechat(citizen, "T1", True, later, later)
    assert (await held(citizen, one)).remaining == 2


async def test_a_report_of_a_phone_counts_once_by_its_key() -> None:
    citizen, one = await somebody(), await template()
    for _ in range(3):
        await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key", NOW)
    assert (await held(citizen, one)).remaining == 1


@pytest.mark.parametrize("answer", ["accept", "acceptWithAudio", "acceptWithAlert"])
async def test_every_way_to_accept_counts(answer: str) -> None:
    citizen, one = await somebody(), await template()
    await card_grants.report_from_phone(citizen, {"T1": answer}, "key", NOW)
    assert (await held(citizen, one)).remaining == 1


@pytest.mark.parametrize("answer", ["reject", "ban", "filter", "", "ACCEPT", "whatever"])
async def test_nothing_else_counts(answer: str) -> None:
    citizen, one = await somebody(), await template()
    await card_grants.report_from_phone(citizen, {"T1": answer, "T9": "accept"}, "key", NOW)
    assert not await CardGrant.filter(citizen_id=citizen.id, remaining__gt=0).exists()
    assert not await spent(citizen, one)


async def test_permission_is_spent_once_and_given_back() -> None:
    citizen, one = await somebody(), await template()
    await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key", NOW)
    assert await spent(citizen, one) and not await spent(citizen, one)
    async with in_transaction() as database:
        await card_grants.give_back(citizen.id, one, database)
    assert await spent(citizen, one)


async def test_long_term_permission_lasts_until_it_is_switched_off() -> None:
    citizen, one = await somebody(), await template(is_long_term=True)
    await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key", NOW)
    assert await spent(citizen, one) and await spent(citizen, one)
    later = NOW + timedelta(days=3)
    await card_grants.report_from_wechat(citizen, "T1", False, later, later)
    assert not await spent(citizen, one)
    await card_grants.report_from_phone(citizen, {"T1": "accept"}, "again", later)
    assert await spent(citizen, one)


async def test_a_refusal_takes_nothing_back_of_what_was_allowed() -> None:
    citizen, one = await somebody(), await template()
    await card_grants.report_from_phone(citizen, {"T1": "accept"}, "key", NOW)
    await card_grants.report_from_phone(citizen, {"T1": "reject"}, "other", NOW)
    assert (await held(citizen, one)).remaining == 1


async def test_wechat_knows_better_that_nothing_is_left() -> None:
    citizen, one = await somebody(), await template()
    for number in range(3):
        await card_grants.report_from_phone(citizen, {"T1": "accept"}, f"{number}", NOW)
    async with in_transaction() as database:
        await card_grants.exhausted(citizen.id, one, NOW, database)
    assert (await held(citizen, one)).remaining == 0


async def test_the_main_switch_closes_everything() -> None:
    citizen, one, other = (
        await somebody(),
        await template(),
        await template("T2", is_long_term=True),
    )
    await card_grants.report_from_phone(citizen, {"T1": "accept", "T2": "accept"}, "key", NOW)
    await card_grants.report_from_phone(citizen, {"main_switch": "off"}, "off", NOW)
    assert not await spent(citizen, one) and not await spent(citizen, other)

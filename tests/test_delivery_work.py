"""The sender of cards on a WeChat that answers as a test tells it to: every row of the error table."""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asyncpg import (
    CannotConnectNowError,
    ConnectionDoesNotExistError,
    DeadlockDetectedError,
    InterfaceError,
)
from tortoise.transactions import in_transaction

from models.card_template import CardGrant, CardPurpose, CardTemplate
from models.citizen import Citizen
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from models.wechat_alarm import WeChatStop
from services import deliveries, delivery_claims, delivery_work
from services.deliveries import Owed, Reason
from services.delivery_outcomes import MOST_ATTEMPTS
from services.delivery_work import Sender
from services.wechat import Card, Reaction, WeChatFailed
from tests import card_office
from tests.application_office import KEYS, ApplicationOffice, open_office
from tests.scripted_wechat import ScriptedWeChat

S = DeliveryState
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Told = str | BaseException | Callable[[Card], Awaitable[str]]


class TalkingWeChat(ScriptedWeChat):
    """Answers each card as told: with a msgid, a failure, or whatever a function does."""

    def __init__(self, *told: Told) -> None:
        super().__init__()
        self.told = list(told)
        self.at_once = Counter[str]()
        self.most_at_once = 0

    async def send_card(self, card: Card) -> str:
        self.sent.append(card)
        self.at_once[card.openid] += 1
        self.most_at_once = max(self.most_at_once, self.at_once[card.openid])
        try:
            await asyncio.sleep(0)
            told = (
                self.told.pop(0) if self.told else f"{7_000_000_000_000_000_000 + len(self.sent)}"
            )
            if isinstance(told, BaseException):
                raise told
            return told if isinstance(told, str) else await told(card)
        finally:
            self.at_once[card.openid] -= 1


def failure(errcode: int | None, reaction: Reaction, **more: object) -> WeChatFailed:
    return WeChatFailed("no", errcode=errcode, reaction=reaction, **more)  # type: ignore[arg-type]


class SendingOffice:
    """Whoever sends, and the time."""

    def __init__(self, office: ApplicationOffice, template: CardTemplate) -> None:
        self.office, self.template = office, template
        self.now = NOW
        self.wechat = TalkingWeChat()

    def sender(self, **options: int) -> Sender:
        return Sender(self.wechat, KEYS, now=lambda: self.now, **options)

    async def owe(self, citizen: Citizen, key: str = "one", **more: int) -> None:
        """Owe somebody a card about a question of theirs, or a notice."""
        plan = deliveries.CardPlan(self.template, {"thing1": "留言答复"}, "")
        purpose = CardPurpose.NOTICE if more else CardPurpose.QUESTION_ANSWERED
        async with deliveries.in_transaction() as database:
            await deliveries.write_down(
                {f"{key}:{citizen.id}": citizen}, Owed(purpose, "page", **more), plan,
                using_db=database, now=self.now,
            )  # fmt: skip

    async def sends(self, *told: Told, sender: Sender | None = None) -> Delivery:
        """Let a sender do what is due once; return the first card."""
        self.wechat.told += told
        sender = sender or self.sender()
        await sender.step()
        await sender.finish()
        return await self.card()

    async def card(self) -> Delivery:
        row = await Delivery.filter(way=DeliveryWay.CARD).order_by("id").first()
        assert row is not None
        return row

    async def remaining(self, citizen: Citizen) -> int:
        return (await CardGrant.get(citizen_id=citizen.id, template_id=self.template.id)).remaining


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[SendingOffice]:
    async with open_office(tmp_path) as opened:
        yield SendingOffice(opened, await card_office.template(CardPurpose.QUESTION_ANSWERED))


async def _somebody(office: SendingOffice, cards: int = 1, number: int = 1) -> Citizen:
    citizen = await card_office.phone(KEYS, number)
    await card_office.allow(citizen, office.template, cards)
    return citizen


async def test_a_card_is_sent_once_with_its_permission(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    row = await office.sends("7395159288267931652")
    assert (row.state, row.msgid, row.reason) == (S.SENT, "7395159288267931652", "")
    assert await office.remaining(citizen) == 0
    assert office.wechat.sent[0] == Card(
        f"o{1:027d}", office.template.template_id, {"thing1": "留言答复"}, "page"
    )
    await office.sends()
    assert len(office.wechat.sent) == 1


_TABLE = [
    # errcode, reaction, state, reason, whether the permission is there again
    pytest.param(43101, Reaction.GIVE_UP, S.REFUSED, Reason.DECLINED, False, id="43101"),
    pytest.param(40003, Reaction.GIVE_UP, S.FAILED, Reason.UNREACHABLE, True, id="40003"),
    pytest.param(45168, Reaction.GIVE_UP, S.FAILED, Reason.SENSITIVE_WORDS, True, id="45168"),
    pytest.param(47003, Reaction.MEND, S.FAILED, Reason.ARGS_INVALID, True, id="47003"),
    pytest.param(43104, Reaction.MEND, S.FAILED, Reason.NOT_TAKEN, True, id="43104"),
    pytest.param(47001, Reaction.MEND, S.FAILED, Reason.NOT_TAKEN, True, id="47001"),
    pytest.param(87014, Reaction.GIVE_UP, S.FAILED, Reason.NOT_TAKEN, True, id="87014"),
    pytest.param(40029, Reaction.TELL_USER, S.FAILED, Reason.NOT_TAKEN, True, id="40029"),
    pytest.param(40037, Reaction.ALARM, S.QUEUED, Reason.TEMPLATE_HALTED, True, id="40037"),
    pytest.param(43107, Reaction.ALARM, S.QUEUED, Reason.TEMPLATE_HALTED, True, id="43107"),
    pytest.param(48001, Reaction.ALARM, S.QUEUED, Reason.TEMPLATE_HALTED, True, id="48001"),
    pytest.param(41030, Reaction.ALARM, S.QUEUED, Reason.ACCOUNT, True, id="41030"),
    pytest.param(50002, Reaction.ALARM, S.QUEUED, Reason.ACCOUNT, True, id="50002"),
    pytest.param(40125, Reaction.ALARM, S.QUEUED, Reason.ACCOUNT, True, id="40125"),
    pytest.param(40164, Reaction.ALARM, S.QUEUED, Reason.ACCOUNT, True, id="40164"),
    pytest.param(40001, Reaction.REFRESH, S.QUEUED, Reason.ACCOUNT, True, id="40001"),
    pytest.param(42001, Reaction.REFRESH, S.QUEUED, Reason.ACCOUNT, True, id="42001"),
    pytest.param(45009, Reaction.STOP_FOR_TODAY, S.QUEUED, Reason.QUOTA, True, id="45009"),
    pytest.param(45011, Reaction.RETRY_NEXT_MINUTE, S.QUEUED, Reason.QUOTA, True, id="45011"),
    pytest.param(44991, Reaction.RETRY_NEXT_MINUTE, S.QUEUED, Reason.QUOTA, True, id="44991"),
    pytest.param(-1, Reaction.RETRY, S.QUEUED, Reason.BUSY, True, id="busy"),
    pytest.param(43108, Reaction.RETRY_SOON, S.QUEUED, Reason.BUSY, True, id="43108"),
    pytest.param(None, Reaction.RETRY, S.QUEUED, Reason.OUT_OF_REACH, True, id="out of reach"),
]


@pytest.mark.parametrize(("errcode", "reaction", "state", "reason", "is_back"), _TABLE)
async def test_every_code_has_its_end(
    office: SendingOffice, errcode: int | None, reaction: Reaction, state: DeliveryState,
    reason: Reason, is_back: bool,
) -> None:  # fmt: skip
    citizen = await _somebody(office)
    await office.owe(citizen)
    row = await office.sends(failure(errcode, reaction, field_name="thing1"))
    assert (row.state, row.reason, row.errcode) == (state, reason, errcode)
    assert await office.remaining(citizen) == int(is_back)
    assert (await Citizen.get(id=citizen.id)).is_unreachable is (errcode == 40003)
    halted = (await CardTemplate.get(id=office.template.id)).halted_at is not None
    assert halted is (reason is Reason.TEMPLATE_HALTED)
    if errcode == 47003:
        assert row.field_name == "thing1"


@pytest.mark.parametrize("errcode", [43101, 40003, 45168, 47003, 43104])
async def test_what_is_over_is_not_sent_again(office: SendingOffice, errcode: int) -> None:
    await office.owe(await _somebody(office, cards=3))
    await office.sends(failure(errcode, Reaction.GIVE_UP))
    office.now += timedelta(days=1)
    await office.sends()
    assert len(office.wechat.sent) == 1


async def test_a_halted_template_waits_until_it_works_again(office: SendingOffice) -> None:
    for number in (1, 2, 3):
        await office.owe(await _somebody(office, number=number))
    await office.sends(failure(43107, Reaction.ALARM), sender=office.sender(at_once=1))
    office.now += timedelta(hours=1)
    await office.sends()
    assert len(office.wechat.sent) == 1
    await CardTemplate.filter(id=office.template.id).update(halted_at=None)
    await office.sends()
    assert [row.state for row in await Delivery.filter(way=DeliveryWay.CARD)] == [S.SENT] * 3


@pytest.mark.parametrize("api", [delivery_claims.SEND, "/cgi-bin/stable_token"])
async def test_nothing_is_claimed_while_wechat_is_not_to_be_called(
    office: SendingOffice, api: str
) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    until = office.now + timedelta(hours=9)
    await WeChatStop.create(app_id=card_office.APP_ID, api=api, errcode=45009, until=until)
    assert (await office.sends()).state is S.QUEUED
    assert await office.remaining(citizen) == 1
    office.now = until
    assert (await office.sends()).state is S.SENT


async def test_busy_is_tried_again_ever_more_seldom_and_not_for_ever(
    office: SendingOffice,
) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        row = await office.sends(failure(-1, Reaction.RETRY))
        waits.append((row.not_before - office.now).total_seconds())
        office.now = row.not_before
    assert (row.state, row.reason, row.attempts) == (S.FAILED, Reason.BUSY, MOST_ATTEMPTS)
    assert 5 <= waits[0] < 7
    assert 20 <= waits[1] < 27
    assert max(waits[:-1]) <= 800
    assert len(office.wechat.sent) == MOST_ATTEMPTS
    assert await office.remaining(citizen) == 1


@pytest.mark.parametrize("errcode", [41030, 41999], ids=["page not released", "never seen"])
async def test_a_card_that_is_refused_for_itself_keeps_no_other_waiting(
    office: SendingOffice, errcode: int
) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    sender = office.sender(at_once=1)
    await office.sends(failure(errcode, Reaction.ALARM), sender=sender)
    await office.owe(await _somebody(office, number=2))
    await office.sends(sender=sender)
    states = [row.state for row in await Delivery.filter(way=DeliveryWay.CARD).order_by("id")]
    assert states == [S.QUEUED, S.SENT]
    for _ in range(MOST_ATTEMPTS - 1):
        office.now = (await office.card()).not_before
        row = await office.sends(failure(errcode, Reaction.ALARM))
    assert (row.state, row.reason, row.errcode) == (S.FAILED, Reason.NOT_TAKEN, errcode)
    assert office.now - NOW > timedelta(hours=12)
    assert len(office.wechat.sent) == MOST_ATTEMPTS + 1
    assert await office.remaining(citizen) == 1


async def test_a_card_that_is_being_stopped_is_not_claimed(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    outside = contextvars.copy_context()
    async with in_transaction() as database:
        waiting = Delivery.filter(way=DeliveryWay.CARD).using_db(database)
        await waiting.update(state=S.CANCELLED, reason=Reason.STOPPED)
        claiming = asyncio.create_task(
            delivery_claims.claim(card_office.APP_ID, "me", 9, keys=KEYS, now=office.now),
            context=outside,
        )
        await asyncio.sleep(0.3)
    assert await claiming == []
    assert (await office.card()).state is S.CANCELLED
    assert await office.remaining(citizen) == 1


async def test_what_became_of_a_card_is_written_down_though_the_database_breaks_off(
    office: SendingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drivers let out failures of their own: asyncpg where PostgreSQL was started again."""
    monkeypatch.setattr(delivery_work, "_SETTLING_AGAIN_S", 0.01)
    broken = [ConnectionDoesNotExistError("gone"), DeadlockDetectedError("in a circle")]
    settle = delivery_work.settle

    async def settle_in_the_end(*told: Any) -> bool:
        if broken:
            raise broken.pop()
        return await settle(*told)

    monkeypatch.setattr(delivery_work, "settle", settle_in_the_end)
    await office.owe(await _somebody(office))
    assert (await office.sends("7")).state is S.SENT


async def test_the_sender_outlives_a_database_that_is_away(
    office: SendingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_work, "IDLE_S", 0.01)
    broken = [CannotConnectNowError("starting up"), InterfaceError("closed")]
    claim = delivery_work.claim

    async def claim_in_the_end(*asked: Any, **named: Any) -> Any:
        if broken:
            raise broken.pop()
        return await claim(*asked, **named)

    monkeypatch.setattr(delivery_work, "claim", claim_in_the_end)
    await office.owe(await _somebody(office))
    stopping = asyncio.Event()
    running = asyncio.create_task(office.sender().run(stopping))
    async with asyncio.timeout(20):
        while (await office.card()).state is not S.SENT:  # noqa: ASYNC110 - the row changes.
            await asyncio.sleep(0.05)
    stopping.set()
    await running


async def test_two_calls_at_once_about_one_person_wait_a_second(office: SendingOffice) -> None:
    await office.owe(await _somebody(office))
    row = await office.sends(failure(43108, Reaction.RETRY_SOON))
    assert 1.0 <= (row.not_before - office.now).total_seconds() < 1.5
    office.now = row.not_before
    assert (await office.sends()).state is S.SENT


@pytest.mark.parametrize("is_long_term", [False, True], ids=["one-time", "long-term"])
@pytest.mark.parametrize(
    "told",
    [failure(None, Reaction.RETRY, is_fate_unknown=True), RuntimeError("broken")],
    ids=["answer lost", "broken call"],
)
async def test_an_unknown_fate_is_never_tried_again(
    office: SendingOffice, told: BaseException, is_long_term: bool
) -> None:
    office.template.is_long_term = is_long_term
    await office.template.save()
    citizen = await _somebody(office)
    await office.owe(citizen)
    row = await office.sends(told)
    assert (row.state, row.reason) == (S.UNKNOWN, Reason.ANSWER_LOST)
    assert await office.remaining(citizen) == 0
    for _ in range(3):
        office.now += timedelta(days=1)
        await office.sends()
    assert len(office.wechat.sent) == 1


async def test_wechat_may_tell_later_what_became_of_it(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    await office.sends(failure(None, Reaction.RETRY, is_fate_unknown=True))
    assert await deliveries.settle_sent(
        citizen_id=citizen.id, template_id=office.template.template_id, msgid="77", is_ok=True,
        at=office.now + timedelta(seconds=3),
    )  # fmt: skip
    row = await office.card()
    assert (row.state, row.msgid) == (S.SENT, "77")


async def test_an_accepted_card_may_fail_later(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    await office.sends("42")
    for _ in range(2):
        assert await deliveries.settle_sent(
            citizen_id=citizen.id, template_id=office.template.template_id, msgid="42",
            is_ok=False, at=office.now,
        )  # fmt: skip
    row = await office.card()
    assert (row.state, row.reason) == (S.FAILED, Reason.FAILED_LATER)
    assert await office.remaining(citizen) == 0


async def test_what_wechat_tells_may_come_before_its_answer(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)

    async def tell_first(_card: Card) -> str:
        assert await deliveries.settle_sent(
            citizen_id=citizen.id, template_id=office.template.template_id, msgid="99",
            is_ok=True, at=office.now,
        )  # fmt: skip
        return "99"

    row = await office.sends(tell_first)
    assert (row.state, row.msgid) == (S.SENT, "99")


@pytest.mark.parametrize(
    ("told", "state"),
    [
        pytest.param("12", S.SENT, id="sent"),
        pytest.param(failure(43101, Reaction.GIVE_UP), S.REFUSED, id="refused"),
        pytest.param(failure(-1, Reaction.RETRY), S.QUEUED, id="busy"),
    ],
)
async def test_news_of_an_earlier_card_is_put_right(
    office: SendingOffice, told: str | BaseException, state: DeliveryState
) -> None:
    """The fate of the first card is told while the second is under way, which has no msgid yet."""
    citizen = await _somebody(office, cards=2)
    await office.owe(citizen, "first")
    await office.sends(failure(None, Reaction.RETRY, is_fate_unknown=True))
    office.now += timedelta(seconds=20)
    await office.owe(citizen, "second")

    async def tell_of_first(_card: Card) -> str:
        assert await deliveries.settle_sent(
            citizen_id=citizen.id, template_id=office.template.template_id, msgid="11",
            is_ok=True, at=office.now,
        )  # fmt: skip
        if isinstance(told, BaseException):
            raise told
        return told

    await office.sends(tell_of_first)
    first, second = await Delivery.filter(way=DeliveryWay.CARD).order_by("id")
    assert (first.state, first.msgid) == (S.SENT, "11")
    assert (second.state, second.msgid) == (state, "12" if state is S.SENT else "")


async def test_news_of_somebody_elses_card_settles_nothing(office: SendingOffice) -> None:
    mine, yours = [await _somebody(office, number=number) for number in (1, 2)]
    await office.owe(mine)
    await office.sends(failure(None, Reaction.RETRY, is_fate_unknown=True))
    for citizen, template_id in ((yours, office.template.template_id), (mine, "another")):
        assert not await deliveries.settle_sent(
            citizen_id=citizen.id, template_id=template_id, msgid="1", is_ok=True, at=office.now
        )
    assert (await office.card()).state is S.UNKNOWN


async def test_a_claim_of_a_process_that_is_gone_is_unknown(office: SendingOffice) -> None:
    citizen = await _somebody(office)
    await office.owe(citizen)
    claimed = await delivery_claims.claim(card_office.APP_ID, "gone", 10, keys=KEYS, now=office.now)
    assert len(claimed) == 1
    office.now += delivery_claims.LEASE - timedelta(seconds=1)
    assert (await office.sends()).state is S.SENDING
    office.now += timedelta(seconds=2)
    row = await office.sends()
    assert (row.state, row.reason) == (S.UNKNOWN, Reason.INTERRUPTED)
    assert office.wechat.sent == []
    assert await office.remaining(citizen) == 0


async def test_an_answer_that_comes_after_all_is_kept(office: SendingOffice) -> None:
    await office.owe(await _somebody(office))

    async def take_long(_card: Card) -> str:
        office.now += delivery_claims.LEASE + timedelta(seconds=1)
        await delivery_claims.give_up_lost_claims(office.now)
        return "5"

    row = await office.sends(take_long)
    assert (row.state, row.msgid) == (S.SENT, "5")


async def test_nobody_is_sent_two_at_once(office: SendingOffice) -> None:
    citizen = await _somebody(office, cards=6)
    for number in range(6):
        await office.owe(citizen, f"{number}")
    senders = [office.sender() for _ in range(3)]
    for _ in range(12):
        await asyncio.gather(*(sender.step() for sender in senders))
        await asyncio.gather(*(sender.finish() for sender in senders))
    assert len(office.wechat.sent) == 6
    assert office.wechat.most_at_once == 1


async def test_two_workers_send_everything_once(office: SendingOffice) -> None:
    for number in range(60):
        await office.owe(await _somebody(office, number=number))
    stopping = asyncio.Event()
    senders = [office.sender(per_second=10_000) for _ in range(2)]
    running = [asyncio.create_task(sender.run(stopping)) for sender in senders]
    async with asyncio.timeout(30):
        waiting = Delivery.filter(way=DeliveryWay.CARD).exclude(state=S.SENT)
        while await waiting.exists():  # noqa: ASYNC110 - it is the database that changes.
            await asyncio.sleep(0.05)
    stopping.set()
    await asyncio.gather(*running)
    assert set(Counter(card.openid for card in office.wechat.sent).values()) == {1}
    assert len(office.wechat.sent) == 60


async def test_the_last_permission_is_spent_once(office: SendingOffice) -> None:
    citizen = await _somebody(office, cards=1)
    await office.owe(citizen, "first")
    await office.owe(citizen, "second")
    sender = office.sender()
    await office.sends(sender=sender)
    await office.sends(sender=sender)
    states = [(row.state, row.reason) for row in await Delivery.filter(way=DeliveryWay.CARD)]
    assert states == [(S.SENT, ""), (S.REFUSED, Reason.NO_GRANT)]


async def _notice(office: SendingOffice, **facts: object) -> Notice:
    return await Notice.create(
        **{
            "venue_id": office.office.venue_id, "title": "闭馆", "text": "明天闭馆。",
            "author_id": office.office.clerk.staff_id, "state": NoticeState.PUBLISHED,
            "published_at": office.now, "fan_out_done_at": office.now,
        } | facts
    )  # fmt: skip


async def test_what_is_withdrawn_or_over_is_cancelled_before_it_is_sent(
    office: SendingOffice,
) -> None:
    withdrawn = await _notice(office)
    over = await _notice(office, shown_until=office.now + timedelta(hours=1))
    citizen = await _somebody(office, cards=5)
    for notice in (withdrawn, over):
        await office.owe(citizen, f"{notice.id}", notice_id=notice.id)
    await Notice.filter(id=withdrawn.id).update(state=NoticeState.WITHDRAWN)
    office.now += timedelta(hours=1)
    # The claim looks itself, whether or not the house was kept before.
    assert await delivery_claims.claim(card_office.APP_ID, "me", 9, keys=KEYS, now=office.now) == []
    rows = await Delivery.filter(way=DeliveryWay.CARD).order_by("id")
    assert rows[0].state is S.CANCELLED
    await office.sends()
    rows = await Delivery.filter(way=DeliveryWay.CARD).order_by("id")
    assert [(row.state, row.reason) for row in rows] == [
        (S.CANCELLED, Reason.WITHDRAWN), (S.CANCELLED, Reason.TOO_LATE),
    ]  # fmt: skip
    assert await office.remaining(citizen) == 5


async def test_words_that_wechat_refuses_are_not_tried_on_everybody(
    office: SendingOffice,
) -> None:
    notice = await _notice(office)
    for number in range(5):
        await office.owe(await _somebody(office, number=number), notice_id=notice.id)
    await office.sends(failure(45168, Reaction.GIVE_UP), sender=office.sender(at_once=1))
    rows = await Delivery.filter(way=DeliveryWay.CARD)
    assert {(row.state, row.reason) for row in rows} == {(S.FAILED, Reason.SENSITIVE_WORDS)}
    assert len(office.wechat.sent) == 1
    assert {grant.remaining for grant in await CardGrant.all()} == {1}


async def test_cases_go_before_notices(office: SendingOffice) -> None:
    notice = await _notice(office)
    for number in range(8):
        await office.owe(await _somebody(office, number=number), notice_id=notice.id)
    await office.owe(await _somebody(office, number=9))
    await office.sends(sender=office.sender(at_once=1))
    assert office.wechat.sent[0].openid == f"o{9:027d}"


async def test_emergencies_go_before_other_notices(office: SendingOffice) -> None:
    ordinary, emergency = await _notice(office), await _notice(office)
    await Notice.filter(id=emergency.id).update(is_emergency=True)
    for number in range(8):
        await office.owe(await _somebody(office, number=number), notice_id=ordinary.id)
    await office.owe(await _somebody(office, number=9), notice_id=emergency.id)
    await office.sends(sender=office.sender(at_once=1))
    assert office.wechat.sent[0].openid == f"o{9:027d}"


async def test_while_wechat_is_away_one_is_tried_at_a_time(office: SendingOffice) -> None:
    for number in range(40):
        await office.owe(await _somebody(office, number=number))
    sender = office.sender()
    away = failure(None, Reaction.RETRY)
    await office.sends(*[away] * 40, sender=sender)
    tried = len(office.wechat.sent)
    assert tried <= 16
    assert await sender.step() > 0
    assert len(office.wechat.sent) == tried
    await asyncio.sleep(1.1)
    await office.sends(sender=sender)
    assert len(office.wechat.sent) == tried + 1
    assert {row.attempts for row in await Delivery.filter(way=DeliveryWay.CARD)} == {0}


async def test_a_key_that_is_gone_fails_its_card_alone(office: SendingOffice) -> None:
    broken = await _somebody(office)
    await Citizen.filter(id=broken.id).update(encrypted_openid=b"nothing that can be read")
    await office.owe(broken)
    await office.owe(await _somebody(office, number=2))
    row = await office.sends()
    assert row.state is S.FAILED
    assert len(office.wechat.sent) == 1
    assert await office.remaining(broken) == 1

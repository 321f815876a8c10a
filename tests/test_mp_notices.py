"""Notices on the phone: of the zone that was scanned, what is followed, messages, and cards allowed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tortoise.transactions import in_transaction

from models.card_template import CardPurpose, CardTemplate, CardUse
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from server.rate_limit import RateLimit
from services import deliveries
from tests.doors import Doors, open_doors
from tests.notice_desk import published, withdrawn
from tests.people import AtTheConsole, at_the_console, first_venue
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen, scripted_wechat_of


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-notices"), speaking=False) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        opened.context.citizens_limit = RateLimit(1000)
        yield opened


@pytest.fixture(scope="module")
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


@pytest.fixture(scope="module")
def reviewer(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.REVIEWER) as person:
        yield person


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as signed_in:
        yield signed_in


async def _library(parent_id: int) -> str:
    code = "town-library"
    if not await Venue.exists(code=code):
        await Venue.create(
            code=code, place="镇图书馆", type=VenueType.LIBRARY, level=VenueLevel.TOWN,
            parent_id=parent_id,
        )  # fmt: skip
    return code


def titles(phone: PhoneOfCitizen, **query: str) -> list[str]:
    return [notice["title"] for notice in phone.gets("/notices", **query)["notices"]]


def test_everybody_reads_the_notices_of_the_zone_they_scanned(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    code = doors.run(_library(first_venue(doors)))
    own = published(doors, clerk, reviewer, title="本专区停电")
    published(doors, clerk, reviewer, title="全区停水", audience="area")
    published(doors, clerk, reviewer, title="只在自助机上", on_phones=None)
    with phone_of_citizen(doors, is_signed_in=False) as stranger:
        assert {"本专区停电", "全区停水"} <= set(titles(stranger))
        assert "只在自助机上" not in titles(stranger)
        below = titles(stranger, venue=code)
        assert "全区停水" in below and "本专区停电" not in below
        assert stranger.gets(f"/notices/{own}")["text"].startswith("今天下午两点")
        assert stranger.client.get("/mp/v1/notices/999999").status_code == 404


def test_what_was_withdrawn_is_gone_and_says_so_to_who_opens_its_card(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole, phone: PhoneOfCitizen
) -> None:
    notice_id = published(doors, clerk, reviewer, title="马上撤回")
    doors.run(_owe(phone.citizen().id, notice_id))
    assert phone.gets("/messages")["unread"] == 1
    assert phone.gets("/messages")["messages"][0]["title"] == "马上撤回"
    assert withdrawn(doors, clerk, notice_id).status_code == 303
    assert "马上撤回" not in titles(phone)
    assert phone.gets("/messages") == {"messages": [], "unread": 0, "older": None}
    gone = phone.client.get(f"/mp/v1/notices/{notice_id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "withdrawn")


async def _owe(citizen_id: int, notice_id: int | None) -> None:
    async with in_transaction() as database:
        await deliveries.owe(
            f"test:{secrets.token_hex(8)}", citizen_id,
            CardPurpose.NOTICE if notice_id else CardPurpose.APPLICATION_ANSWERED,
            title="" if notice_id else "申请已答复", text="" if notice_id else "请查看。",
            page="pages/notice/notice?id=1", sources={}, notice_id=notice_id,
            using_db=database, now=datetime.now(UTC),
        )  # fmt: skip


def test_messages_are_read_once_and_only_by_whose_they_are(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    for _ in range(25):
        doors.run(_owe(phone.citizen().id, None))
    first = phone.gets("/messages")
    assert (len(first["messages"]), first["unread"]) == (20, 25)
    second = phone.gets("/messages", before=first["older"])
    assert (len(second["messages"]), second["older"]) == (5, None)
    message_id = first["messages"][0]["id"]
    for _ in range(2):
        assert phone.sends(f"/messages/{message_id}/read", None).status_code == 204
    assert phone.gets("/messages")["unread"] == 24
    with phone_of_citizen(doors) as other:
        assert other.sends(f"/messages/{message_id}/read", None).status_code == 404
        assert other.gets("/messages")["messages"] == []


def test_zones_and_subjects_are_followed_and_let_go(doors: Doors, phone: PhoneOfCitizen) -> None:
    code = doors.run(_library(first_venue(doors)))
    for _ in range(2):
        assert phone.client.put(f"/mp/v1/follows/venues/{code}").status_code == 204
        assert phone.client.put("/mp/v1/follows/subjects/budgets").status_code == 204
    followed = phone.gets("/follows")
    assert [venue["code"] for venue in followed["venues"]] == [code]
    chosen = [one["subject"] for one in followed["subjects"] if one["is_followed"]]
    assert chosen == ["budgets"]
    for _ in range(2):
        assert phone.client.delete(f"/mp/v1/follows/venues/{code}").status_code == 204
        assert phone.client.delete("/mp/v1/follows/subjects/budgets").status_code == 204
    assert phone.gets("/follows")["venues"] == []
    assert phone.client.put("/mp/v1/follows/venues/nowhere").status_code == 404
    assert phone.client.put("/mp/v1/follows/subjects/unsorted").status_code == 422


def _id(title: str) -> str:
    """Return the id of a template: like WeChat's, without a Chinese character."""
    return f"id-{title.encode().hex()}"


async def _told_by(app_id: str, **titles_of: str) -> None:
    """Let purposes be told by templates of these titles; those that begin with 长 are long-term."""
    await CardUse.filter(app_id=app_id).delete()
    for purpose, title in titles_of.items():
        template, _ = await CardTemplate.get_or_create(
            {
                "title": title.partition("#")[0], "content": "事项:{{thing1.DATA}}",
                "is_long_term": title.startswith("长"), "listed_at": datetime.now(UTC),
            },
            app_id=app_id, template_id=_id(title),
        )  # fmt: skip
        await CardUse.create(
            app_id=app_id, purpose=CardPurpose(purpose), template=template, filling={}
        )


def test_what_to_ask_for_keeps_to_what_wechat_lets_be_asked_at_once(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    app_id = scripted_wechat_of(doors).app_id
    doors.run(
        _told_by(
            app_id,
            correction_wanted="补正",
            application_answered="长期进度",
            application_extended="补正#2",
            application_accepted="受理",
        )
    )
    calls = phone.gets("/subscriptions", **{"for": "application"})["calls"]
    assert [call["template_ids"] for call in calls] == [
        [_id("补正"), _id("受理")],
        [_id("长期进度")],
        [_id("补正#2")],
    ]
    assert phone.client.get("/mp/v1/subscriptions?for=everything").status_code == 422


def test_an_answer_is_counted_and_told(doors: Doors, phone: PhoneOfCitizen) -> None:
    app_id = scripted_wechat_of(doors).app_id
    doors.run(_told_by(app_id, notice="通知", question_answered="长期答复"))
    report = {"occasion": "notice", "answers": {_id("通知"): "accept", _id("别人的"): "accept"}}
    refused = phone.sends("/subscriptions", report)
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement_needed")
    phone.agrees()
    for _ in range(2):
        told = phone.sends("/subscriptions", report, key="one touch" * 10).json()
        assert told["allowed"][0]["remaining"] == 1
    assert told["calls"][0]["template_ids"] == [_id("通知")]
    answers = {"occasion": "question", "answers": {_id("长期答复"): "acceptWithAudio"}}
    told = phone.sends("/subscriptions", answers).json()
    assert told["calls"] == [] and told["allowed"][0]["is_open"]
    off = {"occasion": "question", "main_switch_off": True}
    assert not phone.sends("/subscriptions", off).json()["allowed"][0]["is_open"]
    unnamed = phone.client.post("/mp/v1/subscriptions", json=report)
    assert unnamed.json()["code"] == "idempotency_key_missing"


def test_without_templates_there_is_nothing_to_ask_for(doors: Doors, phone: PhoneOfCitizen) -> None:
    doors.run(_told_by(scripted_wechat_of(doors).app_id))
    assert phone.gets("/subscriptions", **{"for": "notice"}) == {"calls": [], "allowed": []}

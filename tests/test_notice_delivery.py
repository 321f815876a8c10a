"""What staff see of the sending of a notice, and do about it; and how things stand with WeChat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.audit_record import AuditRecord
from models.card_template import CardTemplate
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.staff import Role
from models.venue import Venue
from models.wechat_alarm import WeChatAlarm, WeChatStop
from server.rate_limit import RateLimit
from services import fan_out, wechat_alarms, wechat_stops
from services.deliveries import Reason
from tests import card_office
from tests.doors import Doors, open_doors
from tests.notice_desk import CONFIGURED, NOTICES, published, withdrawn
from tests.people import AtTheConsole, at_the_console

S = DeliveryState
SEND = "/cgi-bin/message/subscribe/send"
PEOPLE = 6


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("deliveries"), **CONFIGURED) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        opened.run(_settle_in(opened))
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


@pytest.fixture
def administrator(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as person:
        yield person


@pytest.fixture
def notice_id(doors: Doors, clerk: AtTheConsole) -> Iterator[int]:
    """A notice by card that was written down for everybody."""
    with at_the_console(doors, Role.REVIEWER) as reviewer:
        made = published(doors, clerk, reviewer, by_card="1")
    doors.run(_fan_out())
    yield made


async def _settle_in(doors: Doors) -> None:
    template = await card_office.template()
    for number in range(PEOPLE):
        citizen = await card_office.phone(doors.context.parts.keys, number)
        venue = await Venue.all().order_by("id").first()
        await Follow.create(citizen=citizen, venue=venue)
        await card_office.allow(citizen, template, 1000)


async def _fan_out() -> None:
    while await fan_out.fan_out_next(card_office.APP_ID, datetime.now(UTC)) is not None:
        pass


async def _become(notice_id: int, *becoming: dict[str, Any]) -> list[int]:
    """Let the cards of a notice end so."""
    rows = await Delivery.filter(notice_id=notice_id, way=DeliveryWay.CARD).order_by("id")
    for row, columns in zip(rows, becoming, strict=False):
        await Delivery.filter(id=row.id).update(settled_at=datetime.now(UTC), **columns)
    return [row.id for row in rows]


async def _states(notice_id: int) -> list[tuple[DeliveryState, str]]:
    rows = await Delivery.filter(notice_id=notice_id, way=DeliveryWay.CARD).order_by("id")
    return [(row.state, row.reason) for row in rows]


async def _audited(subject: str) -> list[str]:
    return [row.action for row in await AuditRecord.filter(subject=subject)]


def _gets(person: AtTheConsole, path: str) -> str:
    return person.client.get(path).raise_for_status().text


def _page(clerk: AtTheConsole, notice_id: int, query: str = "") -> str:
    return _gets(clerk, f"{NOTICES}/{notice_id}/delivery{query}")


def test_the_notice_leads_to_its_delivery(clerk: AtTheConsole, notice_id: int) -> None:
    assert f"{NOTICES}/{notice_id}/delivery" in _gets(clerk, f"{NOTICES}/{notice_id}")
    page = _page(clerk, notice_id)
    assert f"共有 {PEOPLE} 人在小程序里收到" in page
    assert f'<progress id="bar" max="{PEOPLE}" value="0">' in page
    assert "data-under-way" in page


def test_progress_and_reasons_are_shown_without_names(
    doors: Doors, clerk: AtTheConsole, notice_id: int
) -> None:
    ids = doors.run(
        _become(
            notice_id,
            {"state": S.SENT, "msgid": "1"},
            {"state": S.REFUSED, "reason": Reason.DECLINED, "errcode": 43101},
            {"state": S.FAILED, "reason": Reason.ARGS_INVALID, "field_name": "thing1"},
            {"state": S.UNKNOWN, "reason": Reason.ANSWER_LOST},
        )
    )
    page = _page(clerk, notice_id)
    assert f'value="4">4 / {PEOPLE}' in page
    for label in ("对方已拒收或授权已用完", "字段 thing1", "已交给微信，结果没有返回"):
        assert label in page
    assert "认定为" not in page
    refused = _page(clerk, notice_id, "?state=refused")
    assert re.findall(r'<td class="number">(\d+)</td>\s*<td><span class="state', refused) == [
        str(ids[1])
    ]
    assert "o000000" not in page


def test_it_is_over_when_nothing_waits(doors: Doors, clerk: AtTheConsole, notice_id: int) -> None:
    doors.run(_become(notice_id, *[{"state": S.SENT}] * PEOPLE))
    page = _page(clerk, notice_id)
    assert "已经结束" in page
    assert "data-under-way" not in page
    assert "停止发送" not in page


def test_staff_stop_the_sending(doors: Doors, clerk: AtTheConsole, notice_id: int) -> None:
    doors.run(_become(notice_id, {"state": S.SENT}, {"state": S.SENDING}))
    assert clerk.sends(f"{NOTICES}/{notice_id}/delivery/stop").status_code == 303
    states = doors.run(_states(notice_id))
    assert states[:2] == [(S.SENT, ""), (S.SENDING, "")]
    assert set(states[2:]) == {(S.CANCELLED, Reason.STOPPED)}
    assert "delivery_settled" in doors.run(_audited(f"notice:{notice_id}"))


def test_only_what_certainly_failed_is_sent_again(
    doors: Doors, clerk: AtTheConsole, notice_id: int
) -> None:
    doors.run(
        _become(
            notice_id,
            {"state": S.FAILED, "reason": Reason.BUSY, "attempts": 8},
            {"state": S.FAILED, "reason": Reason.UNREACHABLE},
            {"state": S.UNKNOWN, "reason": Reason.ANSWER_LOST},
            {"state": S.REFUSED, "reason": Reason.DECLINED},
            {"state": S.FAILED, "reason": Reason.ARGS_INVALID},
            {"state": S.SENT},
        )
    )
    assert "失败的再发一次（2 张）" in _page(clerk, notice_id)
    assert clerk.sends(f"{NOTICES}/{notice_id}/delivery/again").status_code == 303
    assert [state for state, _ in doors.run(_states(notice_id))] == [
        S.QUEUED, S.FAILED, S.UNKNOWN, S.REFUSED, S.QUEUED, S.SENT,
    ]  # fmt: skip


def test_what_was_withdrawn_is_not_sent_again(
    doors: Doors, clerk: AtTheConsole, notice_id: int
) -> None:
    doors.run(_become(notice_id, {"state": S.FAILED, "reason": Reason.BUSY}))
    assert withdrawn(doors, clerk, notice_id).status_code == 303
    assert "再发一次" not in _page(clerk, notice_id)
    assert clerk.sends(f"{NOTICES}/{notice_id}/delivery/again").status_code == 409
    assert doors.run(_states(notice_id))[0] == (S.FAILED, Reason.BUSY)


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [("yes", S.SENT, Reason.SAID_SENT), ("no", S.FAILED, Reason.SAID_NOT_SENT)],
)
def test_what_is_unknown_for_good_is_for_staff_to_say(
    doors: Doors,
    clerk: AtTheConsole,
    notice_id: int,
    said: str,
    state: DeliveryState,
    reason: Reason,
) -> None:
    ids = doors.run(_become(notice_id, {"state": S.UNKNOWN, "reason": Reason.ANSWER_LOST}))
    address = f"{NOTICES}/{notice_id}/delivery/{ids[0]}"
    assert clerk.sends(address, arrived=said).status_code == 409
    doors.run(_age(ids[0]))
    assert "认定为已收到" in _page(clerk, notice_id)
    assert "通知卡片结果不明" in _gets(clerk, "/console")
    assert f"{NOTICES}/{notice_id}" in _gets(clerk, f"{NOTICES}?unknown=1")
    assert clerk.sends(address, arrived=said).status_code == 303
    assert doors.run(_states(notice_id))[0] == (state, reason)
    assert doors.run(_audited(f"delivery:{ids[0]}")) == ["delivery_settled"]
    assert clerk.sends(address, arrived=said).status_code == 409
    assert clerk.sends(f"{NOTICES}/{notice_id}/delivery/999999", arrived=said).status_code == 404


async def _age(delivery_id: int) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=25)
    await Delivery.filter(id=delivery_id).update(settled_at=long_ago)


def test_alarms_stops_and_queues_are_shown_and_put_aside(
    doors: Doors, clerk: AtTheConsole, administrator: AtTheConsole, notice_id: int
) -> None:
    doors.run(_trouble())
    page = _gets(administrator, "/console/wechat")
    assert "203.0.113.7" in page
    assert "不在白名单" in page
    assert SEND in page
    assert "排队中" in page
    assert "微信告警待处理" in _gets(administrator, "/console")
    assert "微信告警" not in _gets(clerk, "/console")
    alarm = re.search(r"/console/wechat/alarms/\d+", page)
    stop = re.search(r"/console/wechat/stops/\d+", page)
    assert alarm
    assert stop
    for address in (alarm[0], stop[0]):
        assert administrator.sends(address).status_code == 303
        assert administrator.sends(address).status_code == 404
    page = _gets(administrator, "/console/wechat")
    assert "没有告警" in page
    assert "额度用完的接口会列在这里" in page


async def _trouble() -> None:
    now = datetime.now(UTC)
    await wechat_alarms.raise_alarm(
        card_office.APP_ID, "/cgi-bin/stable_token", 40164, "203.0.113.7", now=now
    )
    await wechat_stops.stop(card_office.APP_ID, SEND, 45009, now + timedelta(hours=3))
    assert await WeChatAlarm.all().count() == await WeChatStop.all().count() == 1
    assert await CardTemplate.all().count() == 1
    assert await Citizen.all().count() == PEOPLE

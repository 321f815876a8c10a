"""Notices at the console: written by one, passed by another, published at their time, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models.agency import Agency
from models.audit_record import AuditRecord
from models.notice import NoticeState
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from server.rate_limit import RateLimit
from services import notice_board, notices
from services.access import system
from tests.doors import Doors, open_doors
from tests.notice_desk import (
    CONFIGURED,
    NOTICES,
    REVIEWS,
    decided,
    form,
    notice_card,
    published,
    row,
    submitted,
    withdrawn,
    written,
)
from tests.people import AtTheConsole, at_the_console, first_venue


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("notices"), **CONFIGURED) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


@pytest.fixture
def reviewer(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.REVIEWER) as person:
        yield person


def on_kiosk(doors: Doors, venue_id: int) -> list[int]:
    shown = doors.run(notice_board.on_kiosk(venue_id, datetime.now(UTC)))
    return [notice.id for notice in shown]


async def _zone_below(parent_id: int | None) -> int:
    code = f"below-{parent_id}"
    venue = await Venue.get_or_none(code=code) or await Venue.create(
        code=code, place="下级", type=VenueType.LIBRARY, level=VenueLevel.TOWN, parent_id=parent_id
    )
    return venue.id


async def _actions(notice_id: int) -> list[str]:
    rows = await AuditRecord.filter(subject=f"notice:{notice_id}").order_by("number")
    return [record.action for record in rows]


def test_a_notice_is_published_once_a_second_person_passed_it(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    notice_id = submitted(doors, clerk)
    venue_id = first_venue(doors)
    assert notice_id not in on_kiosk(doors, venue_id)
    assert "今天下午停电" in reviewer.sees(REVIEWS)
    assert "通知待审查" in reviewer.sees("/console")
    assert decided(doors, reviewer, notice_id, "pass").status_code == 303
    assert row(doors, notice_id).state is NoticeState.PUBLISHED
    assert notice_id in on_kiosk(doors, venue_id)
    assert doors.run(_actions(notice_id)) == [
        *("notice_saved", "notice_submitted", "notice_passed", "notice_published"),
    ]


def test_who_is_above_speaks_to_the_zones_below_by_area_alone(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    below = doors.run(_zone_below(first_venue(doors)))
    own = published(doors, clerk, reviewer)
    area = published(doors, clerk, reviewer, audience="area", title="全区停电")
    assert area in on_kiosk(doors, below) and own not in on_kiosk(doors, below)
    assert {own, area} <= set(on_kiosk(doors, first_venue(doors)))


def test_an_emergency_comes_first(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    emergency = published(doors, clerk, reviewer, is_emergency="1", title="请马上离开大厅")
    later = published(doors, clerk, reviewer, title="普通通知")
    shown = on_kiosk(doors, first_venue(doors))
    assert shown.index(emergency) < shown.index(later)
    assert withdrawn(doors, clerk, emergency).status_code == 303


def test_no_number_of_newer_notices_pushes_an_emergency_off_the_list(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_board, "MOST_SHOWN", 1)
    emergency = published(doors, clerk, reviewer, is_emergency="1", title="请马上离开大厅")
    published(doors, clerk, reviewer, title="普通通知")
    assert on_kiosk(doors, first_venue(doors)) == [emergency]
    assert withdrawn(doors, clerk, emergency).status_code == 303


async def _passes_own(doors: Doors, notice_id: int, staff_id: int) -> None:
    notice = await notices.Notice.get(id=notice_id)
    await notices.Notice.filter(id=notice_id).update(writer_ids=[*notice.writer_ids, staff_id])


def test_nobody_passes_what_they_wrote_in(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    notice_id = submitted(doors, clerk)
    doors.run(_passes_own(doors, notice_id, reviewer.staff_id))
    refused = decided(doors, reviewer, notice_id, "pass")
    assert (refused.status_code, "另一个人" in refused.text) == (403, True)
    assert row(doors, notice_id).state is NoticeState.IN_REVIEW


def test_what_is_given_back_is_mended_and_handed_in_again(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    notice_id = submitted(doors, clerk)
    assert decided(doors, reviewer, notice_id, "back").status_code == 422
    assert decided(doors, reviewer, notice_id, "back", note="请写明哪栋楼。").status_code == 303
    assert "请写明哪栋楼" in clerk.sees(f"{NOTICES}/{notice_id}")
    edits = row(doors, notice_id).edits
    changed = form(doors, text="一号楼今天下午停电。", edits=edits)
    assert clerk.sends(f"{NOTICES}/{notice_id}/edit", **changed).status_code == 303
    sent = clerk.sends(f"{NOTICES}/{notice_id}/submit", edits=edits + 1)
    assert sent.status_code == 303
    assert row(doors, notice_id).review_note == ""


def test_who_comes_second_sees_what_the_first_wrote(doors: Doors, clerk: AtTheConsole) -> None:
    notice_id = written(doors, clerk)
    first = clerk.sends(f"{NOTICES}/{notice_id}/edit", **form(doors, title="先改的"))
    second = clerk.sends(f"{NOTICES}/{notice_id}/edit", **form(doors, title="后改的"))
    assert (first.status_code, second.status_code) == (303, 409)
    assert "先改的" in second.text and "后改的" in second.text
    assert row(doors, notice_id).title == "先改的"


def test_what_is_for_later_is_published_at_its_time_and_once(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    at = datetime.now(UTC) + timedelta(days=1)
    local = (at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    notice_id = published(doors, clerk, reviewer, publish_at=local)
    assert row(doors, notice_id).state is NoticeState.SCHEDULED
    assert notice_id not in on_kiosk(doors, first_venue(doors))
    office = system(doors.context.parts.keys.sealing)
    assert doors.run(notices.publish_due(at + timedelta(minutes=1), office)) == 1
    assert doors.run(notices.publish_due(at + timedelta(minutes=1), office)) == 0
    assert notice_id in on_kiosk(doors, first_venue(doors))


def test_what_is_over_is_shown_no_longer(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    local = (until + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    notice_id = published(doors, clerk, reviewer, shown_until=local)
    venue_id = first_venue(doors)
    shown = doors.run(notice_board.on_kiosk(venue_id, until + timedelta(minutes=1)))
    assert notice_id in on_kiosk(doors, venue_id) and notice_id not in [n.id for n in shown]


def test_a_notice_that_is_withdrawn_is_gone_at_once(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    notice_id = published(doors, clerk, reviewer)
    assert withdrawn(doors, clerk, notice_id, reason="").status_code == 422
    assert withdrawn(doors, clerk, notice_id, reason="来电了").status_code == 303
    assert notice_id not in on_kiosk(doors, first_venue(doors))
    assert "来电了" in clerk.sees(f"{NOTICES}/{notice_id}")
    assert withdrawn(doors, clerk, notice_id).status_code == 409


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"text": ""}, "请填写正文", id="no-text"),
        pytest.param({"audience": "subject"}, "请选择主题", id="no-subject"),
        pytest.param({"on_kiosks": None, "on_phones": None}, "请选择在自助机上", id="nowhere"),
        pytest.param({"is_emergency": "1", "on_kiosks": None}, "要在自助机上显示", id="silent"),
        pytest.param({"is_emergency": "1", "text": "长" * 201}, "200 个字", id="long-emergency"),
        pytest.param({"shown_until": "2020-01-01T00:00"}, "已经过了", id="over"),
        pytest.param({"by_card": "1", "on_phones": None}, "也要发到小程序", id="card-alone"),
        pytest.param(
            {"by_card": "1", "card:thing1": "很" * 21}, "20 个字以内", id="card-field-too-long"
        ),
    ],
)
def test_what_keeps_a_notice_from_going_out_is_told(
    doors: Doors, clerk: AtTheConsole, changed: dict[str, str | None], sentence: str
) -> None:
    doors.run(notice_card())
    live = clerk.sends(f"{NOTICES}/check", **form(doors, **changed)).json()
    assert sentence in "".join(live["faults"].values())
    notice_id = written(doors, clerk, **changed)
    assert sentence in clerk.sees(f"{NOTICES}/{notice_id}")
    refused = clerk.sends(f"{NOTICES}/{notice_id}/submit", edits=0)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert row(doors, notice_id).state is NoticeState.DRAFT


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"title": ""}, id="no-title"),
        pytest.param({"title": "长" * 61}, id="long-title"),
        pytest.param({"venue": "shared"}, id="no-zone"),
        pytest.param({"venue": "999999"}, id="no-such-zone"),
        pytest.param({"audience": "everybody"}, id="no-such-audience"),
        pytest.param({"publish_at": "明天"}, id="no-moment"),
    ],
)
def test_what_no_draft_can_hold_is_told_with_what_was_typed(
    doors: Doors, clerk: AtTheConsole, changed: dict[str, str]
) -> None:
    refused = clerk.sends(f"{NOTICES}/new", **form(doors, text="别弄丢我", **changed))
    assert refused.status_code == 422 and "别弄丢我" in refused.text


def test_the_card_is_shown_as_it_will_be_sent(doors: Doors, clerk: AtTheConsole) -> None:
    doors.run(notice_card())
    notice_id = written(doors, clerk, by_card="1", title="停" * 25)
    page = clerk.sees(f"{NOTICES}/{notice_id}")
    assert "通知公告提醒" in page and "停" * 19 + "…" in page
    by_hand = written(doors, clerk, by_card="1", **{"card:thing1": "手写的标题"})
    assert "手写的标题" in clerk.sees(f"{NOTICES}/{by_hand}")


def test_a_notice_of_another_zone_is_not_found(doors: Doors, clerk: AtTheConsole) -> None:
    elsewhere = doors.run(_zone_below(None))
    notice_id = written(doors, clerk)
    with at_the_console(doors, Role.CLERK, venues=[elsewhere]) as other:
        assert other.looks(f"{NOTICES}/{notice_id}") == 404
        assert withdrawn(doors, other, notice_id).status_code == 404
        refused = other.sends(f"{NOTICES}/new", **form(doors))
        assert refused.status_code == 422


async def _agency() -> int:
    agency, _ = await Agency.get_or_create({"is_active": True}, name="某区供电局")
    return agency.id


def test_an_officer_writes_for_an_agency_and_the_zone_passes_it(
    doors: Doors, reviewer: AtTheConsole
) -> None:
    agency_id = doors.run(_agency())
    with at_the_console(doors, Role.AGENCY_OFFICER, venues=[], agencies=[agency_id]) as officer:
        refused = officer.sends(f"{NOTICES}/new", **form(doors))
        assert refused.status_code == 422
        notice_id = published(doors, officer, reviewer, agency_id=str(agency_id))
        assert row(doors, notice_id).agency_id == agency_id
        assert notice_id in on_kiosk(doors, first_venue(doors))
    with at_the_console(doors, Role.AGENCY_OFFICER, venues=[], agencies=[]) as other:
        assert other.looks(f"{NOTICES}/{notice_id}") == 404

"""Asking how an application stands: who has the code and a second fact learns it, masked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from models.application import Channel
from models.consultation import PartyKind
from models.disclosure_office import DisclosureOffice
from models.outcome import Outcome
from services import application_acts as acts
from services import applications
from services.application_numbers import WrongQueryCode
from services.application_status import Status, look_up
from services.disclosure import events as e
from services.disclosure.public_status import PublicState
from tests.application_office import KEYS, PERSON, ApplicationOffice, filing, open_office
from tests.application_story import Story


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        yield opened


async def asked(story: Story, fact: str = "1234") -> Status:
    return await look_up(
        (await story.row()).query_code.replace("-", " "), fact, keys=KEYS, now=story.now
    )


async def test_one_needs_the_code_and_a_second_fact(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2025, 3, 3))
    code = (await story.row()).query_code
    for fact in ("1234", "002X", "００２ｘ", "138 0000 1234"):
        assert (await asked(story, fact)).state is PublicState.RECEIVED
    for wrong_code, fact in ((code, "4321"), (code, ""), ("1" * 12, "1234"), ("张三", "1234")):
        with pytest.raises(WrongQueryCode):
            await look_up(wrong_code, fact, keys=KEYS, now=story.now)


async def test_who_left_no_number_asks_by_name(office: ApplicationOffice) -> None:
    nameless = msgspec.structs.replace(PERSON, identity_number="", phone="")
    now = datetime(2025, 3, 3, 1, tzinfo=UTC)
    filed = await applications.file(
        filing(office, person=nameless), keys=KEYS, now=now, actor=office.clerk
    )
    status = await look_up(filed.query_code, " 张 三", keys=KEYS, now=now)
    assert status.number == filed.number
    for wrong in ("李四", "张", "1234"):
        with pytest.raises(WrongQueryCode):
            await look_up(filed.query_code, wrong, keys=KEYS, now=now)


async def test_nothing_tells_who_asked_for_what(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2025, 3, 3))
    told = msgspec.json.encode(await asked(story)).decode()
    for secret in (PERSON.name, "老旧小区", PERSON.phone, PERSON.identity_number, PERSON.address):
        assert secret not in told


async def test_the_applicant_is_told_what_to_do_and_until_when(office: ApplicationOffice) -> None:
    story = await Story.begin(office, date(2025, 4, 21))
    status = await asked(story)
    assert status.sentence == "机关在2025年4月21日收到了申请，正在办理。最晚在2025年5月21日答复。"
    story.today = date(2025, 4, 28)
    await story.does(
        acts.ask_correction, "写明名称", days=15, sent_on=story.today, served_on=story.today
    )
    status = await asked(story)
    assert (status.state, status.reply_due) == (PublicState.CORRECTION, None)
    assert "最晚到2025年5月22日" in status.next_step
    story.today = date(2025, 5, 15)
    await story.acts(office.clerk, e.CorrectionReceived(on=story.today))
    assert (await asked(story)).reply_due == date(2025, 6, 13)
    story.today = date(2025, 5, 20)
    await story.does(
        acts.consult, PartyKind.THIRD_PARTY, name="某公司", subject="合同", sent_on=story.today
    )
    story.today = date(2025, 5, 28)
    status = await asked(story)
    assert (status.state, status.reply_due) == (PublicState.CONSULTING, None)
    assert (status.days_counted, status.days_needed) == (3, 20)


async def test_no_answer_in_time_opens_every_way(office: ApplicationOffice) -> None:
    await DisclosureOffice.create(
        agency_id=office.agency_id, review_body="示例区人民政府", court="示例铁路运输法院"
    )
    story = await Story.begin(office, date(2025, 3, 3))
    story.today = date(2025, 3, 31)
    assert not (await asked(story)).is_late
    story.today = date(2025, 4, 1)
    status = await asked(story)
    assert status.is_late
    said = "".join(status.remedies)
    assert "示例区人民政府" in said and "示例铁路运输法院" in said and "投诉" in said


@pytest.mark.parametrize(
    ("outcome", "review_first", "may_sue"),
    [
        pytest.param(Outcome.D6_PROCESS, True, False, id="a refusal asks for a review first"),
        pytest.param(Outcome.D8_OWN_INQUIRY_REGIME, False, True, id="this one is no refusal"),
        pytest.param(Outcome.G2_GIVEN, False, True, id="given"),
        pytest.param(Outcome.P1_PARTLY, True, True, id="in part: both"),
    ],
)
async def test_after_the_reply_it_is_told_what_can_be_done_and_until_when(
    office: ApplicationOffice, outcome: Outcome, review_first: bool, may_sue: bool
) -> None:
    story = await Story.begin(office, date(2025, 10, 9))
    story.today = date(2025, 10, 24)
    await story.replies(outcome)
    status = await asked(story)
    assert (status.state, status.replied_on) == (PublicState.REPLIED, date(2025, 10, 24))
    said = "".join(status.remedies)
    assert "2025年12月23日" in said
    assert ("应当先" in said) == review_first
    assert ("2026年4月24日" in said) == may_sue
    story.today = date(2025, 12, 24)
    later = "".join((await asked(story)).remedies)
    assert "申请行政复议，最晚" not in later
    assert ("2026年4月24日" in later) == may_sue


async def test_a_last_day_in_a_year_that_is_not_announced_says_so(
    office: ApplicationOffice,
) -> None:
    story = await Story.begin(office, date(2026, 11, 2))
    story.today = date(2026, 11, 24)
    await story.replies(Outcome.G2_GIVEN)
    said = "".join((await asked(story)).remedies)
    # 23 January 2027 is a Saturday.
    assert "2027年1月25日（放假安排还没有公布，请尽量提前）" in said
    assert "2027年5月24日（放假安排还没有公布，请尽量提前）" in said


async def test_what_is_not_confirmed_has_no_last_day(office: ApplicationOffice) -> None:
    now = datetime(2025, 3, 3, 1, tzinfo=UTC)
    filed = await applications.file(
        filing(office, channel=Channel.FAX), keys=KEYS, now=now, actor=office.clerk
    )
    status = await look_up(filed.query_code, "1234", keys=KEYS, now=now)
    assert (status.state, status.reply_due) == (PublicState.TO_BE_CONFIRMED, None)

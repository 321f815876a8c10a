"""Cards at the console: the account's templates, and by which of them each thing is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from models.card_template import CardPurpose, CardTemplate, CardUse
from models.staff import Role
from server.rate_limit import RateLimit
from services import card_templates
from services import wechat as asked
from tests.doors import Doors, open_doors
from tests.notice_desk import APP_ID, CONFIGURED
from tests.people import AtTheConsole, at_the_console

CARDS = "/console/cards"
ANSWERED = asked.CardTemplate(
    template_id="answered",
    title="申请进度提醒",
    content="申请编号:{{character_string1.DATA}}\n进度:{{phrase2.DATA}}\n时间:{{time3.DATA}}",
    example="申请编号:1",
    is_long_term=True,
    choices={},
)
LEVEL = asked.CardTemplate(
    template_id="level",
    title="等级提醒",
    content="标题:{{thing1.DATA}}\n等级:{{enum_string2.DATA}}",
    example="",
    is_long_term=False,
    choices={"enum_string2": ["一般", "紧急"]},
)


class ScriptedList:
    """The list of templates, as WeChat would give it."""

    def __init__(self, *listed: asked.CardTemplate) -> None:
        self.listed = list(listed)
        self.is_down = False

    async def templates(self) -> list[asked.CardTemplate]:
        if self.is_down:
            raise asked.WeChatFailed("Down.")
        return self.listed

    async def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("cards"), **CONFIGURED) as opened:
        opened.context.sign_in_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def wechat(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> ScriptedList:
    scripted = ScriptedList(ANSWERED, LEVEL)
    monkeypatch.setattr(doors.context.parts, "wechat", scripted)
    return scripted


@pytest.fixture
def administrator(doors: Doors, wechat: ScriptedList) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as person:
        assert person.sends(f"{CARDS}/refresh").status_code == 303
        yield person


async def _template(template_id: str) -> CardTemplate:
    return await CardTemplate.get(app_id=APP_ID, template_id=template_id)


async def _use(purpose: CardPurpose) -> CardUse | None:
    return await card_templates.use_of(APP_ID, purpose)


def settled(doors: Doors, person: AtTheConsole, template_id: str, **filling: str) -> int:
    """Settle by which template answered applications are told; return the status."""
    use = doors.run(_use(CardPurpose.APPLICATION_ANSWERED))
    template = doors.run(_template(template_id))
    sent = person.sends(
        f"{CARDS}/use",
        purpose="application_answered",
        template=str(template.id),
        edits=str(use.edits if use else 0),
        **filling,
    )
    return sent.status_code


GOOD = {"character_string1": "number", "phrase2": "state", "time3": "when"}


def test_the_list_is_taken_over_and_what_vanished_is_kept_as_such(
    doors: Doors, administrator: AtTheConsole, wechat: ScriptedList
) -> None:
    page = administrator.sees(CARDS)
    assert "申请进度提醒" in page and "长期订阅" in page and "等级提醒" in page
    wechat.listed = [ANSWERED]
    administrator.sends(f"{CARDS}/refresh")
    assert "已不在账号里" in administrator.sees(CARDS)
    assert not doors.run(_template("level")).is_listed
    wechat.listed = [ANSWERED, LEVEL]
    administrator.sends(f"{CARDS}/refresh")
    assert doors.run(_template("level")).is_listed


def test_nothing_is_lost_while_wechat_is_down(
    doors: Doors, administrator: AtTheConsole, wechat: ScriptedList
) -> None:
    wechat.is_down = True
    assert administrator.sends(f"{CARDS}/refresh").status_code == 303
    assert "没有取到模板列表" in administrator.sees(CARDS)
    assert doors.run(_template("level")).is_listed


def test_an_administrator_settles_what_fills_a_card(
    doors: Doors, administrator: AtTheConsole
) -> None:
    assert settled(doors, administrator, "answered", **GOOD) == 303
    use = doors.run(_use(CardPurpose.APPLICATION_ANSWERED))
    assert use is not None
    now = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    sources = {"number": "2026-00017", "state": "已经答复", "when": "2026年11月27日 09:30"}
    assert card_templates.card_values(use, sources) == {
        "character_string1": "2026-00017",
        "phrase2": "已经答复",
        "time3": "2026年11月27日 09:30",
    }
    page = administrator.sees(f"{CARDS}/use", purpose="application_answered")
    assert "2026-003-00012" in page and now.year == 2026


@pytest.mark.parametrize(
    ("filling", "sentence"),
    [
        pytest.param(GOOD | {"phrase2": "agency"}, "5 个以内汉字", id="too-long-for-a-phrase"),
        pytest.param(GOOD | {"time3": "until"}, "24 小时制", id="a-day-is-no-time"),
        pytest.param(GOOD | {"time3": ""}, "请选择用什么填", id="nothing-chosen"),
        pytest.param(GOOD | {"phrase2": "request"}, "请选择用什么填", id="no-such-source"),
        pytest.param(
            GOOD | {"phrase2": "text:", "phrase2-words": "已受理1"}, "汉字", id="wrong-words"
        ),
    ],
)
def test_what_wechat_would_refuse_is_told_beside_its_field(
    doors: Doors, administrator: AtTheConsole, filling: dict[str, str], sentence: str
) -> None:
    template = doors.run(_template("answered"))
    use = doors.run(_use(CardPurpose.CORRECTION_WANTED))
    sent = administrator.sends(
        f"{CARDS}/use", purpose="correction_wanted", template=str(template.id), edits="0", **filling
    )
    assert (sent.status_code, sentence in sent.text, use) == (422, True, None)
    assert doors.run(_use(CardPurpose.CORRECTION_WANTED)) is None


def test_an_enumerated_field_holds_words_of_its_list_alone(
    doors: Doors, administrator: AtTheConsole
) -> None:
    wrong = {"thing1": "what", "enum_string2": "text:", "enum_string2-words": "特急"}
    assert settled(doors, administrator, "level", **wrong) == 422
    assert settled(doors, administrator, "level", **wrong | {"enum_string2-words": "紧急"}) == 303


def test_who_comes_second_is_told(doors: Doors, administrator: AtTheConsole) -> None:
    template = doors.run(_template("answered"))
    fields = {"purpose": "application_extended", "template": str(template.id), "edits": "0"}
    assert administrator.sends(f"{CARDS}/use", **fields, **GOOD).status_code == 303
    assert administrator.sends(f"{CARDS}/use", **fields, **GOOD).status_code == 422
    none = {"purpose": "application_extended", "template": "", "edits": "1"}
    assert administrator.sends(f"{CARDS}/use", **none).status_code == 303
    assert doors.run(_use(CardPurpose.APPLICATION_EXTENDED)) is None


async def _halt(template_id: str) -> int:
    await CardTemplate.filter(app_id=APP_ID, template_id=template_id).update(
        halted_at=datetime.now(UTC), halted_errcode=43107
    )
    return (await _template(template_id)).id


def test_a_halted_template_is_shown_and_let_go_on(
    doors: Doors, administrator: AtTheConsole
) -> None:
    template_id = doors.run(_halt("answered"))
    assert "43107" in administrator.sees(CARDS)
    assert administrator.sends(f"{CARDS}/{template_id}/resume").status_code == 303
    assert doors.run(_template("answered")).halted_at is None


def test_without_a_mini_program_the_page_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        open_doors(tmp_path_factory.mktemp("none")) as plain,
        at_the_console(plain, Role.ADMINISTRATOR) as person,
    ):
        assert "还没有配置小程序" in person.sees(CARDS)
        assert person.sends(f"{CARDS}/refresh").status_code == 303

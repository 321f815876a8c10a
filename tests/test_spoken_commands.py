"""What counts as a command, what as a choice, and what is a question after all."""

from __future__ import annotations

import pytest

from services.spoken_commands import Command, choice_in, command_in


@pytest.mark.parametrize(
    ("heard", "command"),
    [
        pytest.param("再说一遍", Command.REPEAT, id="as written"),
        pytest.param("在说一边", Command.REPEAT, id="same sound, other characters"),
        pytest.param("请再说一遍好吗？", Command.REPEAT, id="with manners"),
        pytest.param("没听清楚", Command.REPEAT, id="another way to say it"),
        pytest.param("慢一点", Command.SLOWER, id="slower"),
        pytest.param("曼一点", Command.SLOWER, id="slower, misheard"),
        pytest.param("请说慢一点吧", Command.SLOWER, id="slower, politely"),
        pytest.param("大声点", Command.LOUDER, id="louder"),
        pytest.param("打声点", Command.LOUDER, id="louder, misheard"),
        pytest.param("大森点", Command.LOUDER, id="louder, without sh and eng"),
        pytest.param("继续", Command.MORE, id="more"),
        pytest.param("积蓄", Command.MORE, id="more, misheard"),
        pytest.param("返回", Command.BACK, id="back"),
        pytest.param("反悔", Command.BACK, id="back, misheard"),
        pytest.param("请工作人员帮忙", Command.HELP, id="help"),
        pytest.param("请工作人员帮忙。", Command.HELP, id="help with a full stop"),
        pytest.param("请工作人员帮茫", Command.HELP, id="help, misheard"),
        pytest.param("请工做人圆帮忙", Command.HELP, id="help, same sounds"),
        pytest.param("麻烦找工作人员来一下", Command.HELP, id="help in one's own words"),
        pytest.param("工作人员有哪些职责", None, id="a question about staff"),
        pytest.param("怎样返回户籍所在地", None, id="a question with 返回 in it"),
        pytest.param("继续教育学时怎么认定", None, id="a question that begins with 继续"),
        pytest.param("怎么申请政府信息公开", None, id="a question"),
        pytest.param("", None, id="silence"),
        pytest.param("？！", None, id="marks only"),
    ],
)
def test_commands_are_known_by_their_sound(heard: str, command: Command | None) -> None:
    assert command_in(heard) is command


TITLES = ["怎样申请政府信息公开？", "申请公开要不要交费？", "多久能收到答复？"]


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        pytest.param("第一个", 0, id="by place"),
        pytest.param("地二个", 1, id="by place, misheard"),
        pytest.param("请选第三个吧", 2, id="by place, politely"),
        pytest.param("最后一个", 2, id="the last"),
        pytest.param("要不要交费", 1, id="by its words"),
        pytest.param("要不要教费", 1, id="by its words, misheard"),
        pytest.param("申请", None, id="words that two choices share"),
        pytest.param("公积金怎么提取", None, id="something else"),
        pytest.param("", None, id="silence"),
    ],
)
def test_a_choice_is_meant_by_place_or_by_words(heard: str, place: int | None) -> None:
    assert choice_in(heard, TITLES) == place


def test_a_place_beyond_the_last_choice_is_no_choice() -> None:
    assert choice_in("第三个", TITLES[:2]) is None

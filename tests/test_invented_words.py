"""What whisper writes when nobody said it, and what people do say."""

from __future__ import annotations

import pytest

from speech.invented_words import without_invented_words


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "", id="a channel's plea"),
        pytest.param("字幕by索兰娅", "", id="who made the captions"),
        pytest.param("字幕志愿者 杨茜茜", "", id="who made the captions, another"),
        pytest.param("作词：李宗盛 作曲：李宗盛", "", id="a song's credits"),
        pytest.param("谢谢观看", "", id="the end of a film"),
        pytest.param("感谢您的观看,我们下期再见!", "", id="the end of a programme"),
        pytest.param("公积金怎么提取？谢谢观看。", "公积金怎么提取？", id="after a real question"),
        pytest.param("怎么办怎么办怎么办怎么办怎么办怎么办", "", id="a loop and nothing else"),
        pytest.param("啊啊啊啊啊啊啊啊啊啊", "", id="one sound drawn out"),
        pytest.param(
            "请问居住证在哪里办理需要带什么材料可以吗可以吗可以吗可以吗可以吗",
            "请问居住证在哪里办理需要带什么材料可以吗",
            id="a loop at the end of a sentence",
        ),
    ],
)
def test_invented_words_are_taken_out(text: str, kept: str) -> None:
    assert without_invented_words(text) == kept


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("谢谢", id="thanks"),
        pytest.param("谢谢您，再见", id="thanks and goodbye"),
        pytest.param("我想订阅政府信息公开的通知", id="a subscription that the office offers"),
        pytest.param("怎么给窗口服务点赞", id="praise for a clerk"),
        pytest.param("电话是02388888888", id="eight times the same digit"),
        pytest.param("继续继续继续", id="somebody in a hurry"),
        pytest.param("请把字幕调大一点", id="a wish about captions"),
        pytest.param("作曲的版权在哪里登记", id="a composer"),
        pytest.param("李宗盛是谁", id="a name"),
        pytest.param("政务公开专区提供字样查询吗", id="a word that begins like another"),
    ],
)
def test_what_people_say_stays(said: str) -> None:
    assert without_invented_words(said) == said

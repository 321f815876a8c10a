"""The sound model: what is confused is near, what is another word is not, and it is a distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.alignment import align, distance
from search.confusions import OTHER_TONE, character_distance, syllable_distance
from search.phonetic import likeness, sound_key

SYLLABLES = st.sampled_from(
    "a ba bang che chuang de dui er fang fei gong hu huang hui jian jing ju lan liang lin lv nan "
    "neng ning nv qing ri ruan shi si song wang xing xue yang ying zhang zeng zi zhong".split()
)
TEXTS = st.text("涪陵福林政正府腐公开工开申请神情社保设报长寿的了吗20a", max_size=12)


@given(SYLLABLES, SYLLABLES)
def test_the_distance_of_syllables_is_symmetric_bounded_and_nothing_for_the_same(
    one: str, other: str
) -> None:
    assert syllable_distance(one, other) == syllable_distance(other, one)
    assert 0.0 <= syllable_distance(one, other) <= 1.0
    assert (syllable_distance(one, other) == 0.0) == (one == other)


@given(TEXTS, TEXTS)
def test_the_distance_of_texts_is_symmetric_bounded_and_nothing_for_the_same(
    one: str, other: str
) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0.0 <= distance(one, other) <= 1.0
    assert (distance(one, other) == 0.0) == (one == other)


@given(TEXTS, TEXTS)
def test_an_alignment_says_both_texts_in_order(heard: str, wanted: str) -> None:
    whole = align(heard, wanted)
    assert "".join(a for a, _ in whole.pairs) == heard
    assert "".join(b for _, b in whole.pairs) == wanted
    inside = align(heard, wanted, within=True)
    assert "".join(a for a, _ in inside.pairs) == heard[inside.start : inside.end]
    assert inside.cost <= whole.cost + 1e-9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("南", "兰", id="n and l"),
        pytest.param("知", "资", id="zh and z"),
        pytest.param("出", "粗", id="ch and c"),
        pytest.param("是", "四", id="sh and s"),
        pytest.param("星", "心", id="ing and in"),
        pytest.param("更", "根", id="eng and en"),
        pytest.param("湖", "福", id="hu and f"),
        pytest.param("黄", "方", id="huang and fang"),
        pytest.param("灰", "飞", id="hui and fei"),
        pytest.param("程", "岑", id="ch and c, eng and en in one syllable"),
    ],
)
def test_what_sichuan_speech_makes_one_is_nearly_the_same(one: str, other: str) -> None:
    assert likeness(sound_key(one), sound_key(other)) >= 0.8
    assert character_distance(one, other) <= 0.25


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        pytest.param(("涪", "福"), ("涪", "府"), id="a tone less"),
        pytest.param(("级", "及"), ("级", "期"), id="breath is more than nothing"),
        pytest.param(("哪", "那"), ("哪", "拿来"[0]), id="either way of writing na"),
        pytest.param(("发", "花"), ("发", "三"), id="hu for f is less than another word"),
        pytest.param(("财", "才"), ("财", "开"), id="the same sound beside a rhyme"),
        pytest.param(("重", "虫"), ("重", "红"), id="重 is chong as well as zhong"),
    ],
)
def test_the_likelier_confusion_is_the_nearer_one(
    nearer: tuple[str, str], farther: tuple[str, str]
) -> None:
    assert character_distance(*nearer) <= character_distance(*farther)


def test_another_tone_is_the_least_difference_there_is() -> None:
    assert character_distance("社", "舍") <= OTHER_TONE
    assert character_distance("府", "福") == OTHER_TONE


def test_another_word_is_quite_another_sound() -> None:
    assert character_distance("公", "医") == 1.0
    assert character_distance("2", "二") == 1.0
    assert distance("申请政府信息公开", "附近的火锅店") > 0.4


def test_a_swallowed_syllable_costs_less_than_a_wrong_word() -> None:
    whole = "山东省城乡居民社保缴费应如何办理"
    assert distance("山东城乡居民社保缴费如何办理", whole) < 0.1
    assert distance("申请公开收费", "申请公开的收费") < distance("申请公开收费", "申请公开不收费")


def test_a_name_is_found_where_it_was_misheard() -> None:
    heard = align("请问福林区的社保怎么办", "涪陵区", within=True)
    assert (heard.start, heard.end) == (2, 5)
    assert heard.pairs == (("福", "涪"), ("林", "陵"), ("区", "区"))

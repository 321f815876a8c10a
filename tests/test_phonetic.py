"""Sound keys: what was misheard is alike, what is another word is not."""

import pytest

from search.phonetic import folded_key, likeness, sound_key


@pytest.mark.parametrize(
    ("one", "other"), [("社保", "设保"), ("高龄津贴", "高岭金贴"), ("补正", "补证")]
)
def test_words_of_one_sound_have_one_key(one: str, other: str) -> None:
    assert folded_key(sound_key(one)) == folded_key(sound_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("四", "是", id="sh and s"),
        pytest.param("南", "兰", id="n and l"),
        pytest.param("心", "星", id="in and ing"),
        pytest.param("根", "更", id="en and eng"),
        pytest.param("湖", "湖", id="the same"),
    ],
)
def test_a_common_confusion_is_nearly_the_same(one: str, other: str) -> None:
    assert likeness(sound_key(one), sound_key(other)) >= 0.9


def test_other_words_are_not_alike() -> None:
    assert likeness(sound_key("公"), sound_key("医")) == 0.0
    assert likeness("a", sound_key("医")) == 0.0
    assert sound_key("公积金") != sound_key("停车场")


def test_letters_and_digits_keep_their_own_sound() -> None:
    assert sound_key("12345app") == "12345app"

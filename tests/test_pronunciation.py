"""How words sound: polyphones, place names, tone sandhi. The expected readings are a dictionary's."""

from __future__ import annotations

import pytest

from speech.pronunciation import letters, lexicon, numbered_pinyin, syllables, words


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("重庆", "chong2 qing4"),
        ("涪陵", "fu2 ling2"),
        ("綦江", "qi2 jiang1"),
        ("北碚", "bei3 bei4"),
        ("长寿", "chang2 shou4"),
        ("秀山", "xiu4 shan1"),
        ("垫江", "dian4 jiang1"),
        ("大足", "da4 zu2"),
        ("潼南", "tong2 nan2"),
        ("忠县", "zhong1 xian4"),
        ("黔江", "qian2 jiang1"),
        ("酉阳", "you3 yang2"),
        ("石柱", "shi2 zhu4"),
        ("彭水", "peng2 shui3"),
        ("万盛", "wan4 sheng4"),
        ("行政机关", "xing2 zheng4 ji1 guan1"),
        ("银行", "yin2 hang2"),
        ("办事处", "ban4 shi4 chu4"),
        ("调查", "diao4 cha2"),
        ("调休", "tiao2 xiu1"),
        ("给予", "ji2 yu3"),
        ("参与", "can1 yu4"),
        ("长辈版", "zhang3 bei4 ban3"),
        ("会计", "kuai4 ji4"),
        ("应当", "ying1 dang1"),
        ("适应", "shi4 ying4"),
        ("登载", "deng1 zai3"),
        ("答复", "da2 fu4"),
        ("六安", "lu4 an1"),
        ("厦门", "xia4 men2"),
    ],
)
def test_official_words_sound_right(text: str, sound: str) -> None:
    assert numbered_pinyin(text) == sound


@pytest.mark.parametrize(
    ("text", "sound", "reason"),
    [
        ("一个", "yi2 ge4", "一 rises before a falling tone"),
        ("一些", "yi4 xie1", "一 falls before the others"),
        ("不对", "bu2 dui4", "不 rises before a falling tone"),
        ("你好", "ni2 hao3", "of two third tones the first rises"),
        ("一下", "yi2 xia4", "pypinyin leaves this one alone"),
        ("第一等", "di4 yi1 deng3", "an ordinal keeps its tone"),
        ("一月", "yi1 yue4", "so does a month"),
        ("统一", "tong3 yi1", "and the end of a word"),
        ("二零二一年", "er4 ling2 er4 yi1 nian2", "and a digit among digits"),
        ("一一对应", "yi1 yi1 dui4 ying4", "and one 一 before another"),
        ("看一看", "kan4 yi5 kan4", "between two of the same verb it is neutral"),
        ("不得", "bu4 de2", "不 falls before the others"),
        ("老百姓", "lao2 bai3 xing4", "third tones within a word"),
        ("管理", "guan2 li3", "third tones that fill a word"),
    ],
)
def test_tones_change_as_they_do_in_speech(text: str, sound: str, reason: str) -> None:
    assert numbered_pinyin(text) == sound, reason


def test_words_stay_together_and_pauses_stay_where_they_are() -> None:
    said = words("您好，重庆。")
    assert (",",) in said
    assert ("chong2", "qing4") in said
    assert said[-1] == (".",)


def test_every_reading_of_the_lexicon_is_used_in_a_sentence() -> None:
    """A word has its reading within a sentence as well; neutral tones and sandhi left aside."""
    for word, reading in lexicon().items():
        if len(word) > 1:
            heard = "".join(s.rstrip("12345") for s in syllables(f"，{word}，"))
            expected = syllables_of(reading)
            assert heard in {expected, expected.replace("ü", "u")}, word


def syllables_of(reading: list[str]) -> str:
    import unicodedata

    plain = []
    for syllable in reading:
        bare = unicodedata.normalize("NFD", syllable)
        bare = "".join(c for c in bare if c not in "\u0300\u0301\u0304\u030c")
        plain.append(unicodedata.normalize("NFC", bare))
    return "".join(plain)


def test_what_has_no_sound_is_left_out() -> None:
    assert syllables("😀 <> 123 ①") == []


def test_latin_letters_are_spelt() -> None:
    assert words("PDF") == [("P",), ("D",), ("F",)]
    assert numbered_pinyin("下载app") == "xia4 zai4 ei1 pi4 pi4"
    assert sorted(letters()) == [chr(code) for code in range(ord("A"), ord("Z") + 1)]

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
        ("璧山", "bi4 shan1"),
        ("荣昌", "rong2 chang1"),
        ("梁平", "liang2 ping2"),
        ("奉节", "feng4 jie2"),
        ("巫溪", "wu1 xi1"),
        ("城口", "cheng2 kou3"),
        ("云阳", "yun2 yang2"),
        ("开州", "kai1 zhou1"),
        ("丰都", "feng1 du1"),
        ("武隆", "wu3 long2"),
        ("江津", "jiang1 jin1"),
        ("合川", "he2 chuan1"),
        ("永川", "yong3 chuan1"),
        ("南川", "nan2 chuan1"),
        ("渝北", "yu2 bei3"),
        ("巴南", "ba1 nan2"),
        ("九龙坡", "jiu3 long2 po1"),
        ("沙坪坝", "sha1 ping2 ba4"),
        ("大渡口", "da4 du4 kou3"),
        ("江北", "jiang1 bei3"),
        ("南岸", "nan2 an4"),
        ("供给", "gong1 ji3"),
        ("调整", "tiao2 zheng3"),
        ("长期", "chang2 qi1"),
        ("增长", "zeng1 zhang3"),
        ("重新", "chong2 xin1"),
        ("处分", "chu3 fen4"),
        ("处所", "chu4 suo3"),
        ("相应", "xiang1 ying4"),
        ("角色", "jue2 se4"),
        ("着重", "zhuo2 zhong4"),
        ("还款", "huan2 kuan3"),
        ("参差", "cen1 ci1"),
        ("数据", "shu4 ju4"),
        ("量刑", "liang4 xing2"),
        ("量化", "liang4 hua4"),
        ("校对", "jiao4 dui4"),
        ("强迫", "qiang3 po4"),
        ("差额", "cha1 e2"),
        ("出差", "chu1 chai1"),
        ("记载", "ji4 zai3"),
        ("称职", "chen4 zhi2"),
        ("名称", "ming2 cheng1"),
        ("禁止", "jin4 zhi3"),
        ("当事人", "dang1 shi4 ren2"),
        ("适当", "shi4 dang4"),
        ("便宜", "pian2 yi5"),
        ("更正", "geng1 zheng4"),
        ("变更", "bian4 geng1"),
        ("似的", "shi4 de5"),
        ("系统", "xi4 tong3"),
        ("折旧", "zhe2 jiu4"),
        ("电子", "dian4 zi3"),
        ("正当理由", "zheng4 dang4 li3 you2"),
        ("视为", "shi4 wei2"),
        ("接种", "jie1 zhong4"),
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


@pytest.mark.parametrize(
    ("text", "word", "sound", "reason"),
    [
        ("银行政策", "银行", "yin2 hang2", "the words are cut once and read one by one"),
        ("不属于本行政机关", "行政机关", "xing2 zheng4 ji1 guan1", "本行 is a word too"),
        ("之日起重新计算", "重新", "chong2 xin1", "起重 is a word too"),
        ("海关实施发现场所", "发现", "fa1 xian4", "现场 is a word too"),
        ("并处罚款", "处", "chu3", "to punish with"),
        ("处五万元以下罚款", "处", "chu2", "the same, before another third tone"),
        ("三处地方", "处", "chu4", "places"),
        ("分为核心区", "为", "wei2", "to become"),
        ("期限为二十日", "为", "wei2", "to be"),
        ("以公告为准", "为", "wei2", "the pair 以…为"),
        ("为老年人服务", "为", "wei4", "for"),
        ("走得远", "得", "de5", "between a verb and how it is done"),
        ("还清贷款", "还", "huan2", "to pay back"),
        ("还要身份证", "还", "hai2", "besides"),
        ("一只箱子", "只", "zhi1", "a measure word"),
    ],
)
def test_a_character_is_read_by_its_neighbours(
    text: str, word: str, sound: str, reason: str
) -> None:
    at = text.index(word)
    assert " ".join(syllables(text)[at : at + len(word)]) == sound, reason


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

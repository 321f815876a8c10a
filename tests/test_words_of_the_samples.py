"""Every word of the sample library is said as a dictionary says that is not the one we read by.

We read by pypinyin's phrases and a lexicon of our own. CC-CEDICT (CC BY-SA 4.0) is written by
other people; it comes with pypinyin-dict, and only this test asks it.
"""

from __future__ import annotations

import re

from pypinyin.contrib.tone_convert import to_tone3

from bench.bench_zone import SAMPLES
from speech.pronunciation import Word, words
from speech.tone_sandhi import spoken_tones

_RUN = re.compile(r"[一-鿿]{1,400}")

OTHERWISE = {
    "标识": "biao1 shi2",  # 现代汉语词典 has both; 标识 as a mark is read with shí by announcers
    "几个": "ji3 ge4",  # a measure word may keep its tone in careful reading
    "多个": "duo1 ge4",
    "听不见": "ting1 bu2 jian4",  # 不 keeps a tone in careful reading
    "弄不清": "nong4 bu4 qing1",
    "看不清": "kan4 bu4 qing1",
    "不是": "bu2 shi4",
    "多少": "duo1 shao5",  # CC-CEDICT's data has the other sense, 多少 as "somewhat"
    "那里": "na4 li3",  # within a sentence of reading aloud; neutral in talk
    "下载": "xia4 zai4",  # 现代汉语词典, 7th edition
    "不予": "bu4 yu3",  # 予 as 给; CC-CEDICT's data has 予 as 我
    "当天": "dang4 tian1",  # the same day, not that day
    "当日": "dang4 ri4",
    "结果": "jie2 guo3",  # an outcome; with jiē it means to bear fruit
}


def test_every_word_of_the_samples_is_said_as_the_dictionary_says() -> None:
    from pypinyin_dict.phrase_pinyin_data.cc_cedict import phrases_dict

    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(SAMPLES.rglob("*")) if path.is_file()
    )
    said = {found for run in set(_RUN.findall(text)) for found in _said(run)}
    wrong, checked = [], set()
    for word, sound in sorted(said):
        known = phrases_dict.get(word)
        if known is None:
            continue
        checked.add(word)
        dictionary = [
            to_tone3(syllable[0].lower(), v_to_u=True, neutral_tone_with_five=True)
            for syllable in known
        ]
        wanted = OTHERWISE.get(word) or " ".join(spoken_tones([len(word)], word, dictionary))
        if " ".join(sound) != wanted:
            wrong.append(f"{word}: {' '.join(sound)}, not {wanted}")
    assert wrong == []
    assert len(checked) > 900, "the samples hold more words than that"


def _said(run: str) -> list[tuple[str, Word]]:
    """Return the words of a run with their sound among their neighbours."""
    found, position = [], 0
    for sound in words(run):
        word = run[position : position + len(sound)]
        if len(word) > 1:
            found.append((word, sound))
        position += len(sound)
    return found

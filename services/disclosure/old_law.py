"""Traces of the 2007 text of the regulation in a letter.

The revision in force since 2019-05-15 answers in 20 working days instead of 15, asks for no need
(三需要), and numbers its articles anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.outcome import Outcome
from services.disclosure.findings import Finding
from services.disclosure.letter_reading import Citation, LetterText

_ANNOUNCED = re.compile(r"国务院令第?492号|2008年5月1日起?施行|2007年[^。\n]{0,20}政府信息公开条例")
_NEED = re.compile(
    r"(?:生产|生活|科研)[^。\n]{0,6}(?:生产|生活|科研)[^。\n]{0,10}需要|特殊需要|三需要|"
    r"(?:说明|证明|提供)[^。\n]{0,8}(?:用途|申请目的)|没有(?:直接)?利害关系|无(?:直接)?利害关系"
)
_OTHER_PERIODS = ("补正", "意见", "征求", "公告", "缴")
_MEANT_OTHERWISE = {21, 22, 23, 24}
"""In 2007 on replies; now on what governments publish by themselves and where."""


def old_law_findings(read: LetterText, outcome: Outcome | None) -> Iterator[Finding]:
    """Return what in a text is of the law of 2007."""
    if _ANNOUNCED.search(read.plain):
        yield Finding(
            "old_law", "引用的是2007年的旧条例，现行的是2019年修订的条例（国务院令第711号）。"
        )
    for sentence in read.sentences:
        if re.search(r"(?<!\d)15个?工作日", sentence) and not _is_other_period(sentence):
            yield Finding(
                "fifteen_day_reply", "答复期限是20个工作日，不是旧条例的15个工作日（第三十三条）。"
            )
        if _NEED.search(sentence):
            yield Finding(
                "purpose_demanded", "现行条例不再要求申请人说明用途或者需要，不能以此为理由。"
            )
    for citation in read.citations:
        if _is_old(citation, outcome):
            yield Finding(
                "old_article",
                f"第{citation.number}条像是旧条例的条款，现行条例里不是这个意思，请改成现行条例的条款。",
            )


def _is_other_period(sentence: str) -> bool:
    return any(word in sentence for word in _OTHER_PERIODS)


def _is_old(citation: Citation, outcome: Outcome | None) -> bool:
    """Return whether an article makes sense in the text of 2007 alone."""
    match citation.number:
        case 13:
            # Now the general rule of disclosure; then that of need.
            gives = outcome is not None and outcome.value[0] in "GP"
            return not gives
        case 20:
            # Now the list of what is published, by items; then the form of an application.
            return citation.item is None
        case 26:
            return "主动公开" not in citation.sentence
        case 33:
            return re.search("复议|诉讼|举报", citation.sentence) is not None
        case number:
            return number in _MEANT_OTHERWISE

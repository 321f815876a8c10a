"""Questions and answers taken apart: what one is about, what is asked of it, which sentence says it.

Pure work on text, for questions that are asked after an answer.
"""

from __future__ import annotations

import re

from search.document_number import numeral_value
from services.follow_up_phrases import Aspect
from services.follow_ups import follow_up_in

_WORDINGS: dict[Aspect, tuple[str, ...]] = {
    Aspect.WHERE: ("{}在哪里办？", "{}的地址在哪里？", "{}向哪个机关提出？", "{}可以交到哪里？"),
    Aspect.BRING: ("{}要带什么材料？", "{}需要哪些材料？", "{}要带身份证吗？"),
    Aspect.HOW_LONG: ("{}要多久？", "{}多少天能答复？", "{}的期限是多久？", "{}多久出决定？"),
    Aspect.COST: ("{}要收费吗？", "{}要交钱吗？", "{}的收费标准是多少？"),
    Aspect.CONTACT: ("{}的电话是多少？",),
    Aspect.HOW: ("怎样{}？", "{}怎么办？"),
    Aspect.WHO: ("哪些人可以{}？", "{}要什么条件？"),
    Aspect.WHEN: ("{}几点开门？", "{}什么时候开放？"),
}
"""Full questions of each aspect, the first being the one that is shown."""
_ASPECT_OF = {
    Aspect.COST: r"收费|交钱|交费|要钱|多少钱|费用|免费|收的",
    Aspect.HOW_LONG: r"多久|多长时间|多少天|几天|期限",
    Aspect.CONTACT: r"电话|联系方式|怎么联系",
    Aspect.BRING: r"带什么|什么材料|哪些材料|身份证|证件",
    Aspect.WHEN: r"几点|什么时候开|开不开|开放时间",
    Aspect.WHERE: r"在哪|去哪|到哪|哪里|哪儿|地址|向哪|什么地方",
    Aspect.WHO: r"谁|哪些人|什么人|什么条件",
    Aspect.HOW: r"怎样|怎么|如何",
}
_CLAUSE = re.compile(r"[，。？！；,?!;]")
_ASKING_LEAD = re.compile(
    r"^(?:请问|我想问|什么是|提出|怎样|怎么样|怎么|如何|哪些人可以|哪些人能|谁可以|谁能|可以向哪些机关提出|可以向哪些机关|为什么|要是|如果)"
)
_MAY_BE = re.compile(
    r"(?:可以|能够|能不能|能|会不会|会|要不要|由区县政府|要)(?:不|申请|自己|主动)*公开吗?$|公不公开$|公开吗$"
)
_ASKING_TAIL = re.compile(
    r"(?:里)?(?:要|可以)?(?:做些|做|包括|遵循|提供|有些|有|由|通过|写|承担)?"
    r"(?:的)?(?:收费标准|标准|期限|地址|电话|联系方式|办公时间|开放时间|收费|费用)?"
    r"(?:是|要|需要|可以|能不能|能|会不会|会|应当|应该)?(?:在|向|到|去|交给|往)?"
    r"(?:要不要|怎么|怎样|如何|多久|多少|多长|什么|哪|几|谁|收费|交钱|交费|要钱|收不收|免费|带|办|需要|有没有|算不算)"
    r".*$"
)


def subject_of(question: str) -> str:
    """Return what a question is about, without what it asks of it; "" where it names nothing."""
    if follow_up_in(question) is not None:
        return ""
    clause = next((part for part in _CLAUSE.split(question) if part.strip()), "")
    about = _MAY_BE.sub("", _ASKING_LEAD.sub("", clause.strip()))
    if cut := _ASKING_TAIL.search(about, 2):
        about = about[: cut.start()]
    about = re.sub(r"(?:吗|呢|不|么)$", "", about)
    return about if len(about) >= 2 else ""


def aspects_of(question: str) -> list[Aspect]:
    """Return which aspects a full question asks for, the most telling first, none for an open one."""
    return [aspect for aspect, words in _ASPECT_OF.items() if re.search(words, question)]


def wordings(subject: str, aspect: Aspect) -> list[str]:
    """Return full questions for an aspect of a subject, the first being the one to show."""
    return [wording.format(subject) for wording in _WORDINGS[aspect]]


def asked_of_other(question: str, subject: str) -> list[str]:
    """Return a question asked again of another subject, the first being the one to show."""
    old = subject_of(question)
    replaced = [question.replace(old, subject, 1)] if old else []
    return replaced + [
        one for aspect in aspects_of(question)[:1] for one in wordings(subject, aspect)
    ]


_POINTS = re.compile(
    r"(?:（([一二三四五六七八九十]+)）|第([一二三四五六七八九十]+)[，,、：是]|([一二三四五六七八九])是|"
    r"(?<!\d)([0-9]{1,2})[.．、](?!\d))"
)


def point_of(text: str, number: int) -> str:
    """Return one of the points that a text counts out, "" where it has none of that number."""
    marks = list(_POINTS.finditer(text))
    for at, mark in enumerate(marks):
        written = next(filter(None, mark.groups()))
        if numeral_value(written) == number:
            end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
            return text[mark.end() : end].strip("，。；;\n ") or ""
    return ""


_SAYS = {
    Aspect.CONTACT: r"\d{3,4}[-—－]?\d{6,8}|1\d{10}|(?<!\d)\d{5}(?!\d).{0,4}(?:热线|电话)|热线.{0,4}\d{5}",
    Aspect.COST: r"不收取?费|免费|不交钱|不收取|免收|不用交|\d+(?:\.\d+)?元|收取.{0,12}费",
    Aspect.HOW_LONG: r"(?:答复|办结|办完|办理完|作出|决定|出结果).{0,14}\d+个?(?:工作日|日|天|个月|年)|"
    r"\d+个?(?:工作日|日|天|个月|年)(?:之?内|以内)?.{0,8}(?:答复|办结|办完|作出|出具)",
    Aspect.WHERE: r"(?:到|在|向|去).{2,24}(?:窗口|大厅|中心|专区|接收区|机关|部门|法院|档案馆|办公室).{0,6}"
    r"(?:办|提|申请|提交|领|交|反映|投诉|起诉|咨询)|地址",
    Aspect.BRING: r"(?:带|带上|携带|持|提供|出示|提交|附上?).{0,16}(?:身份证|证件|证明|材料|申请表|户口)",
    Aspect.WHEN: r"\d{1,2}(?::|：|点|时)\d{0,2}.{0,4}(?:至|到|—|-|开|关)",
}


def sentence_that_says(text: str, aspect: Aspect) -> str:
    """Return the sentence of an answer that says an aspect plainly, "" where none does."""
    pattern = _SAYS.get(aspect)
    if pattern is None:
        return ""
    for sentence in re.split(r"(?<=[。；\n])", text):
        if re.search(pattern, sentence):
            return sentence.strip()
    return ""

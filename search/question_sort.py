"""What sort of thing a question wants to know: how long, how much, where, who, how.

要多久 and 要多少钱 are asked of the same matter in nearly the same words; the sort tells them apart.
"""

from __future__ import annotations

import re

_SORTS = {
    "how_long": r"多久|多长时间|多少天|几天|好久|多少个工作日|几个工作日|期限|时限|多少日|多少时间|何时|什么时候|"
    r"几时|哪天|哪一天|截止|截至|几点|时间是",
    "how_much": r"多少钱|要钱|收钱|收费|费用|免费|花钱|交钱|缴费|多少元|几块|价格|标准是多少|金额|额度|多少费",
    "where": r"在哪|哪里|哪儿|何处|地址|什么地方|哪个地方|哪个窗口|去哪|到哪",
    "contact": r"电话|邮箱|号码|联系方式|怎么联系|网址",
    "what_to_bring": r"带什么|材料|证件|准备什么|带哪些|带啥",
    "who": r"谁|哪些人|什么人|哪个部门|哪个单位|哪些人员|对象|条件|哪些企业",
    "meaning": r"是什么意思|什么是|指什么|指的是|含义|定义|是指",
}
_NUMERAL = r"[0-9零一二三四五六七八九十百千两]"
_SAID_BY = {
    "how_long": rf"{_NUMERAL}+\s*个?(?:工作日|日|天|月|年|小时|分钟|周)|当场|及时|当日|长期|终身",
    "how_much": rf"{_NUMERAL}+.{{0,3}}(?:元|%|倍|分之)|费用|收费|免费|不收|免收|标准",
    "where": r"窗口|地址|路|号|大厅|中心|向.{1,20}(?:机关|部门|机构|政府)|所在地|网站|处|局",
    "contact": rf"电话|邮箱|网址|@|{_NUMERAL}{{5,}}",
    "what_to_bring": r"材料|证明|证件|文件|申请书|申请表|表|证",
    "who": r"人员|人|部门|机关|单位|机构|政府|企业|组织|者|条件",
    "meaning": r"是指|是|指|包括",
}
_SAYING = {sort: re.compile(pattern) for sort, pattern in _SAID_BY.items()}
_COMPILED = {sort: re.compile(pattern) for sort, pattern in _SORTS.items()}


def sorts_of(text: str) -> frozenset[str]:
    """Return the sorts a normalized question shows, none for an open one."""
    return frozenset(sort for sort, pattern in _COMPILED.items() if pattern.search(text))


def fits(sorts: frozenset[str], passage: str) -> bool:
    """Return whether a passage says something of one of the sorts asked for."""
    return not sorts or any(_SAYING[sort].search(passage) for sort in sorts)


# Words that stand for each other's opposite in otherwise equal questions: the answer to one is
# wrong for the other.
_CONTRASTS = (
    ("高风险", "中风险", "低风险"),
    ("按件", "按量"),
    ("主动公开", "依申请公开"),
    ("城镇", "农村"),
    ("职工", "居民"),
    ("首次", "再次"),
    ("尚未", "已经", "已"),
    ("未成年", "成年"),
    ("挂号信", "平信"),
)


def contrasted(one: str, other: str) -> bool:
    """Return whether two normalized questions name different sides of a contrast."""
    for words in _CONTRASTS:
        first = next((word for word in words if word in one), None)
        second = next((word for word in words if word in other), None)
        if first and second and first != second:
            return True
    return False

"""What stands in a letter for a fact of the case: `{登记编号}`, and `【…】` for what staff write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

PLACEHOLDERS: dict[str, str] = {
    "登记编号": "申请的登记编号",
    "查询码": "申请人查询进展用的号码",
    "申请人": "申请人的姓名或名称",
    "申请日期": "提交申请的日期",
    "收到日期": "收到日（期限从它的次日起算）",
    "申请内容": "申请公开的信息",
    "提交方式": "提交申请的渠道",
    "答复期限": "最迟答复的日期",
    "机关": "本机关名称",
    "工作机构": "政府信息公开工作机构",
    "工作机构地址": "工作机构的地址",
    "联系电话": "工作机构的电话",
    "文号": "制发时编的文号",
    "制发日期": "制发的日期",
    "依据": "这种答复所依据的条款",
    "补正事项": "需要补正的全部事项",
    "补正工作日": "给申请人补正的工作日数",
    "补正期限": "补正的最后一天",
    "补正的影响": "补正之后期限怎样计算",
    "缴费的影响": "缴费之后期限怎样计算",
    "延长工作日": "延长的工作日数",
    "新答复期限": "延长之后的最迟答复日期",
    "申请数量": "据以要求说明理由的申请数量",
    "统计期间": "这些申请的期间",
    "延迟日期": "延迟后的答复日期",
    "征求对象": "征求意见的第三方或者机关",
    "征求内容": "征求意见的部分",
    "收费标准": "收费标准全文",
    "收费计算": "收费的计算",
    "收费金额": "收费金额（元）",
    "缴费方式": "怎样缴费",
    "收据号码": "财政票据号码",
    "缴费日期": "缴费的日期",
    "撤回日期": "撤回的日期",
    "结束原因": "不再处理的原因",
    "公开内容": "决定公开的内容",
    "救济途径": "按答复种类自动写的复议、诉讼告知",
    "复议机关": "复议机关名称",
    "复议机关地址": "复议机关地址",
    "复议网上渠道": "网上提交行政复议申请的渠道",
    "法院": "管辖法院",
}
"""Every placeholder, and what it stands for."""
LATE = frozenset(
    {
        *("申请人", "文号", "制发日期", "救济途径"),
        *("复议机关", "复议机关地址", "复议网上渠道", "法院"),
    }
)
"""Filled in when a letter is issued or shown: who checks a draft for secrets sees no name, and the
remedies are those of the day of issue."""
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,20})\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with what is known in place of its placeholders; the others stay."""
    return _PLACEHOLDER.sub(
        lambda found: unmarked(values[found[1]]) if values.get(found[1]) else found[0], text
    )


def with_blanks(text: str) -> str:
    """Return a text in which every placeholder but the late ones is a blank for staff to fill in."""
    return _PLACEHOLDER.sub(lambda found: found[0] if found[1] in LATE else f"【{found[1]}】", text)


def in_words(day: date) -> str:
    """Return a day as letters write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def unmarked(value: str) -> str:
    """Return a value whose brackets are not taken for a placeholder or a blank: 【2024】3号."""
    return value.translate(str.maketrans("【】{}", "〔〕（）"))

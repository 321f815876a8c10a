"""Characters that stand alone and are read by what stands beside them: 为, 处, 得, 还, 只.

Within a word the dictionary knows the reading; alone, it can only give the commonest one.
Source: the entries of 现代汉语词典 for these characters, and the wording of statutes.
"""

from __future__ import annotations

from collections.abc import Sequence

_NEAR = 8
"""Words back that a character looks for 以 and 将."""
_NUMERALS = set("零〇一二三四五六七八九十百千万亿两半")
_WHAT_IT_BECOMES = set("准主限由止据证例重首宜凭界单度期期限无有空")
"""After 以…为 and its like: 以此为准, 为由, 为限."""
_IS_OR_BECOMES = {
    "分", "列", "定", "视", "改", "称", "均", "应", "应当", "仅", "即", "一般", "作", "设", "划", "变更",
    "认定", "确定", "规定", "调整", "合并", "期限", "期间", "时间", "时限", "标准", "费用", "金额", "总额",
    "数额", "比例", "对象", "范围", "单位", "电话", "地址", "名称", "条件", "结果", "日期", "年龄", "人数",
    "面积", "价格", "税率", "有效期", "工作日", "最高", "最低", "最长", "最多", "最少", "不得", "须", "可",
    "转", "转变", "折算", "登记", "评", "评定", "选", "选举", "推荐", "任命", "聘", "聘任", "结成", "成",
    "额", "编号", "号码", "热线", "专线", "邮编", "主体", "机关", "部门", "性质", "类型", "方式",
}  # fmt: skip
_PENALTIES = {"以", "罚款", "罚金", "拘留", "警告", "有期徒刑", "死刑", "拘役", "管制"}
_COMPLEMENTS = set("很好快慢多少高低大小远近早晚清到了起完成着住见懂")
_VERBS_THAT_OWE = set("款清本债息书钱贷")


def reading_in_context(words: Sequence[str], place: int) -> str | None:
    """Return how the character at a place is read among its neighbours, None to ask a dictionary.

    The words are those of a run without pauses; the syllable carries its tone digit.
    """
    judge = _JUDGES.get(words[place])
    if judge is None:
        return None
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    return judge(before, after, words[max(0, place - _NEAR) : place])


def _wei(before: str, after: str, near: Sequence[str]) -> str:
    is_or_becomes = (
        not after
        or after[0] in _NUMERALS
        or before in _IS_OR_BECOMES
        or (len(after) == 1 and after in _WHAT_IT_BECOMES)
        or "以" in near
        or "将" in near
        or "作" in before[-1:]
    )
    return "wei2" if is_or_becomes else "wei4"


def _chu(before: str, after: str, _: Sequence[str]) -> str:
    punishes = after in _PENALTIES or (after[:1] in _NUMERALS and bool(after))
    return "chu3" if punishes and before not in {"两", "多", "各", "一"} else "chu4"


def _de(before: str, after: str, _: Sequence[str]) -> str:
    return "de5" if before and after[:1] in _COMPLEMENTS else "de2"


def _hai(before: str, after: str, _: Sequence[str]) -> str:
    return "huan2" if after[:1] in _VERBS_THAT_OWE and after else "hai2"


def _zhi(before: str, after: str, _: Sequence[str]) -> str:
    return "zhi1" if before and before[-1] in _NUMERALS | {"每", "几"} else "zhi3"


_JUDGES = {"为": _wei, "处": _chu, "得": _de, "还": _hai, "只": _zhi}

"""The names under which files and pages state a document's particulars."""

from __future__ import annotations

import re
from collections.abc import Iterable

FIELD_NAMES = {
    "title": "title", "标题": "title", "名称": "title", "文件名称": "title",
    "articletitle": "title",
    "agency": "agency", "发文机关": "agency", "发文机构": "agency", "发布机构": "agency",
    "发布机关": "agency", "制定机关": "agency", "发文单位": "agency",
    "document_number": "document_number", "发文字号": "document_number",
    "文号": "document_number", "文件编号": "document_number",
    "signed_on": "signed_on", "成文日期": "signed_on", "发文日期": "signed_on",
    "published_on": "published_on", "发布日期": "published_on", "发布时间": "published_on",
    "公开日期": "published_on", "pubdate": "published_on",
    "effective_on": "effective_on", "施行日期": "effective_on", "实施日期": "effective_on",
    "生效日期": "effective_on",
    "validity": "validity", "有效性": "validity", "效力状态": "validity", "效力": "validity",
    "时效性": "validity",
    "category": "category", "公开类别": "category", "信息类别": "category",
    "索引号": "", "主题分类": "", "主题词": "", "来源": "", "浏览次数": "", "字体": "",
    "公文种类": "",
}  # fmt: skip
"""A printed name to the field it fills; "" for names whose values are not kept."""
_DATES = r"\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?"
_PUBLISHED_IN_TEXT = re.compile(
    rf"发布(?:日期|时间)\s*[:：]\s*({_DATES})(?:\s+\d\d:\d\d(?::\d\d)?)?"
)
_NAMED_LINE = re.compile(
    r"^[【\[]?\s*("
    + "|".join(r"\s*".join(name) for name in FIELD_NAMES if not name.isascii())
    + r")\s*[】\]]?\s*[:：|]\s*(.{0,200})$"
)


def named_line(text: str) -> tuple[str, str] | None:
    """Return the field and value of a line such as 发文字号：渝府办发〔2021〕100号, else None.

    The field is "" for a name whose value is not kept.
    """
    match = _NAMED_LINE.match(text)
    if match is None:
        return None
    return FIELD_NAMES[re.sub(r"\s", "", match[1])], match[2].strip()


def take_publication_date(text: str) -> tuple[str, str]:
    """Return text without every stated 发布日期, and the first such date, "" if there is none."""
    found = _PUBLISHED_IN_TEXT.search(text)
    return _PUBLISHED_IN_TEXT.sub("", text), found[1] if found else ""


def known_fields(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the fields that named values fill; the first value of a field counts."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        field = FIELD_NAMES.get(name.strip().lower(), "")
        if field and value.strip():
            fields.setdefault(field, value.strip())
    return fields

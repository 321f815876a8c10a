"""Words that an annual report begins with: what the figures say of themselves, to be written on.

Source: 国办公开办函〔2021〕30号, sections one, five and six. The sentences are this project's own.
"""

from __future__ import annotations

from enum import StrEnum

from services.disclosure.report_checks import group_total
from services.disclosure.report_other_tables import RemedyColumn, TableFour
from services.disclosure.report_tables import ReportColumn, ReportRow, TableThree


class Section(StrEnum):
    """A section of the report that is text."""

    OVERALL = "1"
    PROBLEMS = "5"
    OTHER = "6"

    @property
    def label(self) -> str:
        """Its heading, as the form has it."""
        return HEADINGS[int(self.value) - 1]


HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


def beginning(
    section: Section, year: int, three: TableThree, four: TableFour, *, fees: int, yuan: int
) -> str:
    """Return what a section may begin with, its numbers those of the tables."""
    if section is Section.PROBLEMS:
        return ""
    if section is Section.OTHER:
        return f"{year}年发出信息处理费收费通知 {fees} 件，收取信息处理费 {yuan} 元。"
    rows = {row: cells[ReportColumn.TOTAL] for row, cells in three.items()}
    reviews, *suits = (cells[RemedyColumn.TOTAL] for cells in four.values())
    return (
        "（一）主动公开。\n"
        f"（二）依申请公开。{year}年新收政府信息公开申请 {rows[ReportRow.NEW]} 件，"
        f"上年结转 {rows[ReportRow.CARRIED_IN]} 件；办结 {rows[ReportRow.CLOSED]} 件，"
        f"其中予以公开 {rows[ReportRow.GIVEN]} 件、部分公开 {rows[ReportRow.PARTLY]} 件、"
        f"不予公开 {group_total(three, '3.3')} 件、无法提供 {group_total(three, '3.4')} 件、"
        f"不予处理 {group_total(three, '3.5')} 件、其他处理 {group_total(three, '3.6')} 件；"
        f"结转下年度 {rows[ReportRow.CARRIED_ON]} 件。"
        f"行政复议 {reviews} 件，行政诉讼 {sum(suits)} 件。\n"
        "（三）政府信息管理。\n（四）平台建设。\n（五）监督保障。"
    )

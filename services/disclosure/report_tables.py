"""The table of applications in the annual report: its rows, its columns, and which outcome goes where.

Source: 国办公开办函〔2021〕30号 (format of the annual report), table of section three, 25 rows by 7
columns; Regulation on Open Government Information (2019 revision), Article 50. The labels are those
of the form, to the letter. Which outcome goes into which row is read from the wording of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.application import ApplicantKind, OrgCategory
from models.outcome import Outcome


class ReportRow(StrEnum):
    """A row, named by its place in the form."""

    NEW = "1"
    CARRIED_IN = "2"
    GIVEN = "3.1"
    PARTLY = "3.2"
    STATE_SECRET = "3.3.1"
    FORBIDDEN_BY_LAW = "3.3.2"
    SAFETY_AND_STABILITY = "3.3.3"
    THIRD_PARTY = "3.3.4"
    INTERNAL_AFFAIRS = "3.3.5"
    PROCESS = "3.3.6"
    ENFORCEMENT_FILE = "3.3.7"
    OWN_INQUIRY_REGIME = "3.3.8"
    NOT_HELD = "3.4.1"
    WOULD_HAVE_TO_BE_MADE = "3.4.2"
    STILL_UNCLEAR = "3.4.3"
    PETITION = "3.5.1"
    REPEATED = "3.5.2"
    PUBLICATION = "3.5.3"
    EXCESSIVE = "3.5.4"
    CONFIRMATION = "3.5.5"
    NOT_CORRECTED = "3.6.1"
    NOT_PAID = "3.6.2"
    OTHER = "3.6.3"
    CLOSED = "3.7"
    CARRIED_ON = "4"

    @property
    def label(self) -> str:
        """What the form calls it, without the headings above it."""
        return _LABELS[self]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above it, highest first."""
        if not self.value.startswith("3."):
            return ()
        group = _GROUPS.get(self.value[:3])
        return (RESULTS,) if group is None else (RESULTS, group)

    @property
    def full_label(self) -> str:
        """Its headings and its label in one line, for lists."""
        return " ".join((*self.headings[1:], self.label))


class ReportColumn(StrEnum):
    """A column: whom the applications are from."""

    NATURAL_PERSON = "natural_person"
    BUSINESS = "business"
    RESEARCH = "research"
    PUBLIC_WELFARE = "public_welfare"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"
    TOTAL = "total"

    @property
    def label(self) -> str:
        """What the form calls it."""
        if self is ReportColumn.NATURAL_PERSON:
            return "自然人"
        return "总计" if self is ReportColumn.TOTAL else OrgCategory(self.value).label

    @classmethod
    def of(cls, kind: ApplicantKind, category: OrgCategory | None) -> ReportColumn:
        """Return the column of an applicant. An organisation without a category is one of 其他."""
        if kind is ApplicantKind.NATURAL_PERSON:
            return cls.NATURAL_PERSON
        return cls.OTHER if category is None else cls(category.value)


RESULTS = "三、本年度办理结果"
ORGANISATIONS = "法人或其他组织"
APPLICANTS = "申请人情况"
BALANCE_NOTE = "第一项加第二项之和，等于第三项加第四项之和"

_GROUPS = {
    "3.3": "（三）不予公开",
    "3.4": "（四）无法提供",
    "3.5": "（五）不予处理",
    "3.6": "（六）其他处理",
}
_R = ReportRow
_LABELS = {
    _R.NEW: "一、本年新收政府信息公开申请数量",
    _R.CARRIED_IN: "二、上年结转政府信息公开申请数量",
    _R.GIVEN: "（一）予以公开",
    _R.PARTLY: "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    _R.STATE_SECRET: "1.属于国家秘密",
    _R.FORBIDDEN_BY_LAW: "2.其他法律行政法规禁止公开",
    _R.SAFETY_AND_STABILITY: "3.危及“三安全一稳定”",
    _R.THIRD_PARTY: "4.保护第三方合法权益",
    _R.INTERNAL_AFFAIRS: "5.属于三类内部事务信息",
    _R.PROCESS: "6.属于四类过程性信息",
    _R.ENFORCEMENT_FILE: "7.属于行政执法案卷",
    _R.OWN_INQUIRY_REGIME: "8.属于行政查询事项",
    _R.NOT_HELD: "1.本机关不掌握相关政府信息",
    _R.WOULD_HAVE_TO_BE_MADE: "2.没有现成信息需要另行制作",
    _R.STILL_UNCLEAR: "3.补正后申请内容仍不明确",
    _R.PETITION: "1.信访举报投诉类申请",
    _R.REPEATED: "2.重复申请",
    _R.PUBLICATION: "3.要求提供公开出版物",
    _R.EXCESSIVE: "4.无正当理由大量反复申请",
    _R.CONFIRMATION: "5.要求行政机关确认或重新出具已获取信息",
    _R.NOT_CORRECTED: "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    _R.NOT_PAID: "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    _R.OTHER: "3.其他",
    _R.CLOSED: "（七）总计",
    _R.CARRIED_ON: "四、结转下年度继续办理",
}
LEAVES = tuple(
    row for row in ReportRow if row.value.startswith("3.") and row is not ReportRow.CLOSED
)
"""The 21 rows of which every closed application is in exactly one."""
PARTS = tuple(column for column in ReportColumn if column is not ReportColumn.TOTAL)
"""The columns of which every application is in exactly one."""

_O = Outcome
_ROW_OF: dict[Outcome, ReportRow] = {
    _O.G1_ALREADY_PUBLIC: _R.GIVEN,
    _O.G2_GIVEN: _R.GIVEN,
    _O.P1_PARTLY: _R.PARTLY,
    _O.D1_STATE_SECRET: _R.STATE_SECRET,
    _O.D2_FORBIDDEN_BY_LAW: _R.FORBIDDEN_BY_LAW,
    _O.D3_SAFETY_AND_STABILITY: _R.SAFETY_AND_STABILITY,
    _O.D4_THIRD_PARTY: _R.THIRD_PARTY,
    _O.D5_INTERNAL_AFFAIRS: _R.INTERNAL_AFFAIRS,
    _O.D6_PROCESS: _R.PROCESS,
    _O.D7_ENFORCEMENT_FILE: _R.ENFORCEMENT_FILE,
    _O.D8_OWN_INQUIRY_REGIME: _R.OWN_INQUIRY_REGIME,
    _O.U1_DOES_NOT_EXIST: _R.NOT_HELD,
    _O.U2_NOT_OURS: _R.NOT_HELD,
    _O.U3_WOULD_HAVE_TO_BE_MADE: _R.WOULD_HAVE_TO_BE_MADE,
    _O.U4_STILL_UNCLEAR: _R.STILL_UNCLEAR,
    _O.N1_PETITION: _R.PETITION,
    _O.N2_REPEATED: _R.REPEATED,
    _O.N3_PUBLICATION: _R.PUBLICATION,
    _O.N4_EXCESSIVE: _R.EXCESSIVE,
    _O.N5_CONFIRMATION: _R.CONFIRMATION,
    _O.O1_NOT_CORRECTED: _R.NOT_CORRECTED,
    _O.O2_NOT_PAID: _R.NOT_PAID,
    _O.O3_OTHER: _R.OTHER,
}

TableThree = Mapping[ReportRow, Mapping[ReportColumn, int]]
"""All 25 rows by all 7 columns."""


def report_row(outcome: Outcome) -> ReportRow:
    """Return the row that an outcome is counted in.

    行政查询事项 (D8) stands among the refusals here, though its remedy is not that of a refusal.
    """
    return _ROW_OF[outcome]


def outcomes_of(row: ReportRow) -> tuple[Outcome, ...]:
    """Return the outcomes counted in a row; all of them for the sum of the results."""
    if row is ReportRow.CLOSED:
        return tuple(Outcome)
    return tuple(outcome for outcome in Outcome if _ROW_OF[outcome] is row)


def table_three(counted: Mapping[tuple[ReportRow, ReportColumn], int]) -> TableThree:
    """Return the whole table from its cells that are counted: without sums, zeros left out.

    What is nowhere is written 0: an empty cell is a defect.
    """
    table: dict[ReportRow, dict[ReportColumn, int]] = {}
    for row in ReportRow:
        rows = LEAVES if row is ReportRow.CLOSED else (row,)
        cells: dict[ReportColumn, int] = {}
        for column in PARTS:
            cells[column] = sum(counted.get((one, column), 0) for one in rows)
        cells[ReportColumn.TOTAL] = sum(cells.values())
        table[row] = cells
    return table

"""The tables of the annual report by 国办公开办函〔2021〕30号: labels, sums, and what must balance."""

from __future__ import annotations

import pytest

from models.application import ApplicantKind, OrgCategory
from models.outcome import Outcome
from services.disclosure.report_tables import (
    LEAVES,
    PARTS,
    ReportColumn,
    ReportRow,
    outcomes_of,
    report_row,
    table_three,
)

FORM = """一、本年新收政府信息公开申请数量
二、上年结转政府信息公开申请数量
（一）予以公开
（二）部分公开（区分处理的，只计这一情形，不计其他情形）
（三）不予公开 1.属于国家秘密
（三）不予公开 2.其他法律行政法规禁止公开
（三）不予公开 3.危及“三安全一稳定”
（三）不予公开 4.保护第三方合法权益
（三）不予公开 5.属于三类内部事务信息
（三）不予公开 6.属于四类过程性信息
（三）不予公开 7.属于行政执法案卷
（三）不予公开 8.属于行政查询事项
（四）无法提供 1.本机关不掌握相关政府信息
（四）无法提供 2.没有现成信息需要另行制作
（四）无法提供 3.补正后申请内容仍不明确
（五）不予处理 1.信访举报投诉类申请
（五）不予处理 2.重复申请
（五）不予处理 3.要求提供公开出版物
（五）不予处理 4.无正当理由大量反复申请
（五）不予处理 5.要求行政机关确认或重新出具已获取信息
（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
（六）其他处理 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
（六）其他处理 3.其他
（七）总计
四、结转下年度继续办理"""


def test_the_rows_and_columns_are_those_of_the_form() -> None:
    assert [row.full_label for row in ReportRow] == FORM.splitlines()
    assert len(LEAVES) == 21
    assert [column.label for column in ReportColumn] == [
        *("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    ]


@pytest.mark.parametrize(
    ("outcome", "row"),
    [
        pytest.param("G1", "3.1", id="what is public already is given"),
        pytest.param("P1", "3.2", id="given in part is counted here only"),
        pytest.param("D8", "3.3.8", id="an inquiry regime of its own stands among the refusals"),
        pytest.param("U1", "3.4.1", id="what does not exist is not held"),
        pytest.param("U2", "3.4.1", id="what another agency has is not held"),
        pytest.param("U4", "3.4.3", id="unclear after correction"),
        pytest.param("N5", "3.5.5", id="to be confirmed once more"),
        pytest.param("O1", "3.6.1", id="not corrected in time"),
        pytest.param("O3", "3.6.3", id="withdrawn"),
    ],
)
def test_an_outcome_has_its_row(outcome: str, row: str) -> None:
    assert report_row(Outcome(outcome)) is ReportRow(row)
    assert Outcome(outcome) in outcomes_of(ReportRow(row))


def test_every_outcome_is_in_exactly_one_row_and_every_row_has_one() -> None:
    assert {report_row(outcome) for outcome in Outcome} == set(LEAVES)
    assert sorted(o for row in LEAVES for o in outcomes_of(row)) == sorted(Outcome)


def test_an_organisation_without_a_category_is_one_of_the_others() -> None:
    assert ReportColumn.of(ApplicantKind.LEGAL_OR_OTHER, None) is ReportColumn.OTHER
    for category in OrgCategory:
        column = ReportColumn.of(ApplicantKind.LEGAL_OR_OTHER, category)
        assert column.label == category.label
    assert ReportColumn.of(ApplicantKind.NATURAL_PERSON, None) is PARTS[0]


def test_sums_are_made_and_empty_cells_are_zero() -> None:
    table = table_three(
        {
            (ReportRow.NEW, ReportColumn.NATURAL_PERSON): 3,
            (ReportRow.NEW, ReportColumn.BUSINESS): 2,
            (ReportRow.GIVEN, ReportColumn.NATURAL_PERSON): 1,
            (ReportRow.REPEATED, ReportColumn.NATURAL_PERSON): 2,
        }
    )
    assert table[ReportRow.NEW][ReportColumn.TOTAL] == 5
    assert table[ReportRow.CLOSED][ReportColumn.NATURAL_PERSON] == 3
    assert table[ReportRow.CLOSED][ReportColumn.TOTAL] == 3
    assert table[ReportRow.CARRIED_ON] == dict.fromkeys(ReportColumn, 0)
    assert sum(len(cells) for cells in table.values()) == 25 * 7

"""`openzone report annual`, as other programs call it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook

from bench.many_cases import fill
from models.agency import Agency
from models.database import close_database, open_database
from server.cli import main
from services.disclosure.report_tables import ReportColumn, ReportRow
from tests.databases import environment_of

NAME = "示例区住房城乡建设委员会"


@pytest.fixture(scope="module")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an installation with 400 cases."""
    environment = environment_of(tmp_path_factory.mktemp("report") / "data")

    async def prepare() -> None:
        await open_database(environment["OPENZONE_DATABASE_URL"])
        try:
            await fill(cases=400)
            await Agency.create(name="示例区教育委员会", other_names=["示例区住建委"])
        finally:
            await close_database()

    asyncio.run(prepare())
    yield environment


@pytest.fixture
def run(zone: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in zone.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, ["report", "annual", *arguments])


def printed(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("agency", ["1", NAME])
def test_the_report_as_json_by_id_or_by_name(run: Any, agency: str) -> None:
    found = printed(run("--year", "2025", "--agency", agency, "--json"))
    assert (found["agency"], found["year"]) == ({"id": 1, "name": NAME}, 2025)
    three = found["table_three"]
    assert list(three) == list(ReportRow)
    assert all(list(cells) == list(ReportColumn) for cells in three.values())
    total = {row: three[row]["total"] for row in three}
    assert total["1"] + total["2"] == total["3.7"] + total["4"] > 150
    assert [check["holds"] for check in found["checks"]] == [True] * 7
    assert [check["number"] for check in found["checks"]] == [1, 2, 3, 4, 5, 6, 7]
    assert found["due_on"] == "2026-01-31"
    assert found["planned_on"] == "2026-01-30"
    assert found["table_two"]["fees"] == "0"
    assert set(found["table_four"]) == {"review", "direct_suit", "suit_after_review"}


def test_the_files_have_the_same_figures(run: Any, tmp_path: Path) -> None:
    asked = ("--year", "2025", "--agency", "1")
    three = printed(run(*asked, "--json"))["table_three"]
    figures = [[three[row][column] for column in ReportColumn] for row in ReportRow]
    files = {kind: tmp_path / f"report.{kind}" for kind in ("xlsx", "docx", "html")}
    result = run(*asked, *(a for kind, file in files.items() for a in (f"--{kind}", str(file))))
    assert result.exit_code == 0, result.output
    assert "已写入" in result.stdout

    book = load_workbook(io.BytesIO(files["xlsx"].read_bytes()))
    sheet = book["三、收到和处理政府信息公开申请情况"]
    assert [[c.value for c in row[3:]] for row in sheet.iter_rows(4, 28)] == figures
    assert sheet["A4"].value == "一、本年新收政府信息公开申请数量"
    assert sheet["C10"].value == "3.危及“三安全一稳定”"
    assert "B8:B15" in {str(merged) for merged in sheet.merged_cells.ranges}

    document = Document(io.BytesIO(files["docx"].read_bytes()))
    assert document.paragraphs[0].text == f"{NAME}2025年政府信息公开工作年度报告"
    assert len(document.tables) == 3
    table = document.tables[1]
    shown = [[int(cell.text) for cell in row.cells[3:]] for row in table.rows[3:]]
    assert shown == figures
    assert table.rows[7].cells[2].text == "1.属于国家秘密"

    page = files["html"].read_text("utf-8")
    assert page.count("<table") == 3
    assert f"<td>{figures[0][-1]}</td>" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--year", "2025", "--agency", "1"), "请用 --json、--xlsx、--docx 或者 --html"),
        (("--agency", "1", "--json"), "请用 --year 写明年度"),
        (("--year", "去年", "--agency", "1", "--json"), "请用 --year 写明年度"),
        (("--year", "2019", "--agency", "1", "--json"), "年度请填 2021 到"),
        (("--year", "9999", "--agency", "1", "--json"), "年度请填 2021 到"),
        (("--year", "2025", "--json"), "请写明机关的编号或者名称"),
        (("--year", "2025", "--agency", "77", "--json"), "没有编号或名称是“77”的机关"),
        (("--year", "2025", "--agency", "示例区公安局", "--json"), "没有编号或名称是"),
        (("--year", "2025", "--agency", "示例区住建委", "--json"), "请写全称或者编号"),
        (("--year", "2025", "--agency", "1", "--xlsx", "/nowhere/at/all.xlsx"), "文件读写失败"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    run: Any, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    if "--json" in arguments:
        assert json.loads(result.stdout)["error"]["message"] in result.stderr

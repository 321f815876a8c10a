"""Question libraries in every format they come in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from models.document import Validity
from models.index_change import IndexChange, Subject
from models.question_entry import QuestionEntry
from services.importing import Failure
from services.importing.source_text import clean
from tests.command_line import import_paths
from tests.test_importing.conftest import WriteFile

HEADER = "编号,问题,其他问法,简短回答,答案,来源,文号,条款,机关,日期,效力"
ROW = (
    "q1,多少天答复？,几天能答复；什么时候答复,二十个工作日内答复。,应当自收到申请之日起20个工作日内予以答复。,"
    "政府信息公开条例,国务院令第711号,第三十三条,国务院,2019-04-03,现行有效"
)


async def test_three_thousand_questions_go_in_with_their_ids(database: None, shared: Path) -> None:
    file = shared / "corpus" / "policy-qa.tsv"
    report = await import_paths([file])
    assert (report.imported, report.unchanged, report.failed) == (3000, 0, [])
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()[1:]]
    stored = (
        await QuestionEntry.all().order_by("id").values_list("external_id", "question", "answer")
    )
    assert stored == [(row[0], clean(row[2]), clean(row[3])) for row in rows]
    assert await QuestionEntry.filter(library="policy-qa").count() == 3000
    assert await IndexChange.filter(subject=Subject.QUESTION).count() == 3000
    again = await import_paths([file])
    assert (again.imported, again.unchanged) == (0, 3000)
    assert await IndexChange.all().count() == 3000


def as_xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["某区政策问答库"])
    for row in rows:
        sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.mark.parametrize("form", ["csv", "gbk.csv", "tsv", "xlsx", "jsonl", "txt"])
async def test_every_column_is_taken_from_every_format(
    form: str, database: None, write: WriteFile, tmp_path: Path
) -> None:
    cells: list[list[object]] = [list(line.split(",")) for line in (HEADER, ROW)]
    if form == "xlsx":
        cells[1][9] = date(2019, 4, 3)
        file = as_xlsx(tmp_path / "库.xlsx", cells)
    elif form == "jsonl":
        row = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
        listed = {**row, "其他问法": ["几天能答复", "什么时候答复"]}
        file = write("库.jsonl", json.dumps(listed, ensure_ascii=False))
    elif form in {"tsv", "txt"}:
        file = write(f"库.{form}", "\n".join("\t".join(map(str, row)) for row in cells))
    else:
        text = f"{HEADER}\r\n{ROW}\r\n"
        file = write("库.csv", text.encode("gbk" if form == "gbk.csv" else "utf-8-sig"))
    report = await import_paths([file])
    assert (report.imported, report.failed) == (1, [])
    entry = await QuestionEntry.get()
    assert entry.external_id == "q1"
    assert entry.library == "库"
    assert entry.question == "多少天答复？"
    assert entry.variants == ["几天能答复", "什么时候答复"]
    assert entry.short_answer == "二十个工作日内答复。"
    assert entry.answer == "应当自收到申请之日起20个工作日内予以答复。"
    assert (entry.source_title, entry.document_number) == ("政府信息公开条例", "国务院令第711号")
    assert (entry.article, entry.agency) == ("第三十三条", "国务院")
    assert entry.dated_on == date(2019, 4, 3)
    assert entry.validity is Validity.IN_FORCE


async def test_a_bad_row_is_named_and_the_rest_goes_in(database: None, write: WriteFile) -> None:
    file = write(
        "库.csv",
        "id,question,answer,date\n"
        "1,问一,答一,\n"
        '2,"问\n二",答二,\n'
        "3,,答三,\n"
        "4,问四,,\n"
        "1,问五,答五,\n"
        "6,问六,答六,昨天\n"
        "7,问七,答七,2024年1月5日\n",
    )
    report = await import_paths([file])
    assert report.imported == 3
    assert report.failed == [
        Failure(str(file), 5, "“问题”一列是空的。"),
        Failure(str(file), 6, "“答案”一列是空的。"),
        Failure(str(file), 7, "编号与第 2 行重复，这一行未导入。"),
        Failure(str(file), 8, "“日期”一列不是日期，请写成 2021-09-23 的样子。"),
    ]


async def test_a_broken_json_line_is_named(database: None, write: WriteFile) -> None:
    good = json.dumps({"question": "问", "answer": "答"}, ensure_ascii=False)
    file = write("库.jsonl", f"{good}\n{{broken\n[1]\n")
    report = await import_paths([file])
    assert report.imported == 1
    assert [(f.line, f.reason) for f in report.failed] == [
        (2, "这一行不是完整的 JSON。"),
        (3, "这一行不是 JSON 对象。"),
    ]


async def test_a_row_without_an_id_is_known_by_its_question(
    database: None, write: WriteFile, tmp_path: Path
) -> None:
    first = await import_paths([write("库.csv", "问题,答案\n怎么办证？,带身份证。\n")])
    again = await import_paths([write("别处/库.csv", "问题,答案\n怎么办证？,带身份证和照片。\n")])
    assert (first.imported, again.imported) == (1, 1)
    assert (await QuestionEntry.get()).answer == "带身份证和照片。"


async def test_a_quotation_mark_in_a_tsv_is_a_character(database: None, write: WriteFile) -> None:
    text = (
        'id\tquestion\tanswer\n1\t"绿色通道"是什么？\t“优先"办理\n2\t"只开头\t答二\n3\t问三\t答三\n'
    )
    report = await import_paths([write("库.tsv", text)])
    assert (report.imported, report.failed) == (3, [])
    assert (await QuestionEntry.get(external_id="2")).question == '"只开头'


async def test_a_table_without_questions_is_no_library(database: None, write: WriteFile) -> None:
    report = await import_paths([write("名单.csv", "姓名,电话\n张三,123\n")])
    assert [f.reason for f in report.failed] == ["表头里没有找到“问题”和“答案”两列。"]


async def test_text_too_long_for_its_column_is_that_row_s_failure(
    database: None, write: WriteFile
) -> None:
    file = write(
        "库.csv", f"id,question,answer\n{'长' * 201},问,答\n2,问,{'长' * 20_001}\n3,问三,答\n"
    )
    report = await import_paths([file])
    assert report.imported == 1
    assert [(f.line, f.reason) for f in report.failed] == [
        (2, "“编号”超过 200 个字。"),
        (3, "“答案”超过 20000 个字。"),
    ]


async def test_control_characters_are_taken_out(database: None, write: WriteFile) -> None:
    await import_paths([write("库.csv", "id,question,answer\n1,怎\u200b么\x07办？,cafe\u0301。\n")])
    entry = await QuestionEntry.get()
    assert (entry.question, entry.answer) == ("怎么办？", "caf\u00e9。")

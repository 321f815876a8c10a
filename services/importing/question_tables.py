"""Question libraries: tables of questions and answers in CSV, TSV, XLSX and JSON Lines."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from services.importing.chinese_numerals import first_date
from services.importing.files import FileKind
from services.importing.imported_question import ImportedQuestion, check_sizes
from services.importing.official_document import validity_named
from services.importing.plain_text import decode
from services.importing.report import Failure
from services.importing.source_text import Unreadable, clean

COLUMNS = {
    "id": "external_id", "external_id": "external_id", "编号": "external_id", "序号": "external_id",
    "question": "question", "问题": "question", "提问": "question", "问": "question",
    "answer": "answer", "答案": "answer", "回答": "answer", "答复": "answer", "答": "answer",
    "variants": "variants", "其他问法": "variants", "相似问法": "variants", "相似问题": "variants",
    "short_answer": "short_answer", "简短回答": "short_answer", "简答": "short_answer",
    "source_title": "source_title", "title": "source_title", "来源": "source_title",
    "文件名称": "source_title", "依据": "source_title",
    "document_number": "document_number", "文号": "document_number", "发文字号": "document_number",
    "article": "article", "条款": "article",
    "agency": "agency", "机关": "agency", "发文机关": "agency",
    "date": "dated_on", "dated_on": "dated_on", "日期": "dated_on",
    "validity": "validity", "效力": "validity",
}  # fmt: skip
"""A column's heading to the field it fills; other columns are passed over."""
_HEADER_WITHIN = 10
_MOST_ROWS = 500_000


def read_questions(path: Path, kind: FileKind) -> tuple[list[ImportedQuestion], list[Failure]]:
    """Return the rows of a question library, and those that cannot be taken in.

    Heavy work: to be called outside the event loop. Raises Unreadable when the whole file is not a
    question library.
    """
    rows = _READERS[kind](path)
    questions: list[ImportedQuestion] = []
    failures: list[Failure] = []
    first_line: dict[str, int] = {}
    for line, row in rows:
        try:
            question = _question(row, path.stem, line)
            earlier = first_line.setdefault(question.external_id, line)
            if earlier != line:
                raise Unreadable(f"编号与第 {earlier} 行重复，这一行未导入。")
            questions.append(question)
        except Unreadable as error:
            failures.append(Failure(str(path), line, error.reason))
        if len(questions) > _MOST_ROWS:
            raise Unreadable(f"超过 {_MOST_ROWS} 行，请拆分后再导入。")
    if not questions and not failures:
        raise Unreadable("表格里只有表头，没有问答。")
    return questions, failures


def looks_like_question_table(start: str) -> bool:
    """Return whether the first line of a text file names columns of questions and answers."""
    header = start.partition("\n")[0]
    return any(_fields(header.split(mark)) for mark in ("\t", ","))


def _fields(cells: list[Any]) -> dict[int, str] | None:
    """Return the field of each column of a header; None for a row that is no header."""
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = COLUMNS.get(clean(str(cell or "")).strip().strip("*").lower())
        if name and name not in found.values():
            found[place] = name
    return found if {"question", "answer"} <= set(found.values()) else None


_Rows = Iterator[tuple[int, dict[str, Any]]]


def _table_rows(rows: Iterator[tuple[int, list[Any]]]) -> _Rows:
    fields: dict[int, str] | None = None
    for seen, (line, cells) in enumerate(rows):
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        if fields is None:
            fields = _fields(cells)
            if fields is None and seen >= _HEADER_WITHIN:
                break
            continue
        yield line, {name: cells[i] for i, name in fields.items() if i < len(cells)}
    if fields is None:
        raise Unreadable("表头里没有找到“问题”和“答案”两列。")


def _delimited_rows(path: Path) -> _Rows:
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    header = next((line for line in lines if line.strip()), "")
    mark = max("\t,;", key=header.count)
    if mark == "\t" and '"' in text and _is_plain(lines, header.count("\t")):
        # Quotation marks are ordinary characters here: every line has its columns without them.
        yield from _table_rows((n, _unquoted(row)) for n, row in enumerate(lines, 1))
        return
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text), delimiter=mark, strict=False)
    try:
        yield from _table_rows(_numbered(reader))
    except csv.Error:
        raise Unreadable("表格的引号不配对，无法分列。", line=reader.line_num) from None


def _is_plain(lines: list[str], tabs: int) -> bool:
    return all(line.count("\t") == tabs for line in lines if line.strip())


def _unquoted(row: str) -> list[Any]:
    quoted = re.compile(r'^"(.*)"$')
    return [
        m[1].replace('""', '"') if (m := quoted.match(c)) and m[1].count('"') % 2 == 0 else c
        for c in row.split("\t")
    ]


def _numbered(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _sheet_rows(path: Path) -> _Rows:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    # Damaged files make openpyxl raise errors of many unrelated types.
    except Exception as error:
        raise Unreadable("Excel 表格已损坏或加了密码，无法打开。") from error
    try:
        for sheet in book.worksheets:
            rows = [list(row) for row in sheet.iter_rows(max_row=_HEADER_WITHIN, values_only=True)]
            if any(_fields(row) for row in rows):
                found = enumerate(sheet.iter_rows(values_only=True), 1)
                yield from _table_rows((line, list(row)) for line, row in found)
                return
    finally:
        book.close()
    raise Unreadable("表头里没有找到“问题”和“答案”两列。")


def _json_rows(path: Path) -> _Rows:
    for line, text in enumerate(decode(path.read_bytes()).split("\n"), 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            yield line, {"broken": "这一行不是完整的 JSON。"}
            continue
        if not isinstance(row, dict):
            yield line, {"broken": "这一行不是 JSON 对象。"}
            continue
        named: dict[str, Any] = {}
        for name, value in row.items():
            column = COLUMNS.get(str(name).strip().lower())
            if column:
                named.setdefault(column, value)
        yield line, named


_READERS = {
    FileKind.DELIMITED: _delimited_rows,
    FileKind.SHEET: _sheet_rows,
    FileKind.JSON_LINES: _json_rows,
}


def _question(row: dict[str, Any], library: str, line: int) -> ImportedQuestion:
    if "broken" in row:
        raise Unreadable(str(row["broken"]))
    text = {
        name: _text(value) for name, value in row.items() if name not in {"variants", "dated_on"}
    }
    if not text.get("question"):
        raise Unreadable("“问题”一列是空的。")
    if not text.get("answer"):
        raise Unreadable("“答案”一列是空的。")
    digest = hashlib.sha256(text["question"].encode()).hexdigest()[:32]
    question = ImportedQuestion(
        external_id=text.get("external_id") or f"{library[:150]}:{digest}",
        library=library,
        question=text["question"],
        answer=text["answer"],
        variants=_variants(row.get("variants")),
        short_answer=text.get("short_answer", ""),
        source_title=text.get("source_title", ""),
        document_number=text.get("document_number", ""),
        article=text.get("article", ""),
        agency=text.get("agency", ""),
        dated_on=_day(row.get("dated_on")),
        validity=validity_named(text.get("validity", "")),
        line=line,
    )
    check_sizes(question)
    return question


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict | list):
        raise Unreadable("有一列应当是文字，却是列表或对象。")
    return clean(str(value)).strip()


def _variants(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list) else re.split(r"[;；|｜\n]", _text(value))
    texts = (_text(one) for one in several)
    return tuple(dict.fromkeys(text for text in texts if text))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    day = first_date(text)
    if text and day is None:
        raise Unreadable("“日期”一列不是日期，请写成 2021-09-23 的样子。")
    return day

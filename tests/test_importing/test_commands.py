"""`openzone import` and `openzone documents show`, as other programs call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.cli.documents import documents, import_command
from tests.databases import environment_of
from tests.test_importing.conftest import WriteFile

NOTICE = (
    "某市人民政府关于开放公园的通知\n某府发〔2024〕1号\n各区人民政府：\n"
    "一、开放时间\n公园全年免费开放。\n某市人民政府\n2024年1月5日\n"
)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in environment_of(tmp_path / "data").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "data"


def run_import(*paths: Path) -> tuple[Result, dict[str, Any]]:
    result = CliRunner().invoke(import_command, [*map(str, paths), "--json"])
    return result, json.loads(result.stdout)


def test_an_import_says_what_went_in_and_what_did_not(write: WriteFile) -> None:
    bad = write("空.txt", "")
    result, report = run_import(write("通知.txt", NOTICE), bad)
    assert result.exit_code == 0
    assert report == {
        "imported": 1,
        "unchanged": 0,
        "failed": [{"path": str(bad), "line": None, "reason": "文件是空的，没有可以导入的内容。"}],
    }
    result, report = run_import(bad)
    assert result.exit_code == 1
    assert len(report["failed"]) == 1


@pytest.mark.parametrize("name", ["1", "某府发〔2024〕1号", "某府发[2024]1号", "某府发 2024 1"])
def test_a_document_is_shown_by_id_or_number_however_typed(name: str, write: WriteFile) -> None:
    run_import(write("通知.txt", NOTICE))
    result = CliRunner().invoke(documents, ["show", name, "--json"])
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert shown["title"] == "某市人民政府关于开放公园的通知"
    assert shown["external_id"] == shown["document_number"] == "某府发〔2024〕1号"
    assert (shown["signed_on"], shown["published_on"]) == ("2024-01-05", None)
    assert shown["paragraphs"] == ["一、开放时间", "公园全年免费开放。"]
    assert shown["outline"][1] == {
        "position": 1,
        "level": 0,
        "article": "",
        "heading_path": "一、开放时间",
        "text": "公园全年免费开放。",
    }


def test_a_document_that_is_not_here_is_a_clear_failure() -> None:
    result = CliRunner().invoke(documents, ["show", "没有这份", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "not_found"


def test_people_read_sentences(write: WriteFile) -> None:
    result = CliRunner().invoke(import_command, [str(write("通知.txt", NOTICE))])
    assert result.stdout == "导入 1 条，未变 0 条，失败 0 条。\n"
    result = CliRunner().invoke(documents, ["show", "1"])
    assert "发文机关：某市人民政府" in result.stdout
    assert "公园全年免费开放。" in result.stdout

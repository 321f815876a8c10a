"""`openzone ask`, `search`, `reindex` and `documents show`, as other programs call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from tests.databases import environment_of

QUESTIONS = """id,question,answer,source_title,article
a1,居住证在哪里办理？,请到居住地派出所办理居住证。,示例规定,第五条
a2,高龄津贴每个月发多少钱？,八十周岁以上老人每月发给高龄津贴。,示例办法,第三条
"""
NOTICE = """示例区人民政府关于停车收费的通知
示例区府发〔2025〕7号
各镇人民政府：
一、收费标准
停车不足半小时的免费，超过半小时的每小时收费五元。
示例区人民政府
2025年3月1日
"""


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two questions and a notice, imported by the command."""
    for name, value in environment_of(tmp_path / "data").items():
        monkeypatch.setenv(name, value)
    (tmp_path / "questions.csv").write_text(QUESTIONS, encoding="utf-8")
    (tmp_path / "notice.txt").write_text(NOTICE, encoding="utf-8")
    imported = run(
        "import", str(tmp_path / "questions.csv"), str(tmp_path / "notice.txt"), "--json"
    )
    assert json.loads(imported.stdout)["imported"] == 3
    return tmp_path


def run(*arguments: str, expected: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == expected, result.output
    return result


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_ask_prints_one_object_and_nothing_else(zone: Path) -> None:
    (asked,) = objects(run("ask", "--text", "居住证在哪里办理", "--json"))
    assert asked.keys() == {
        "transcript", "decision", "answers", "spoken", "spoken_more", "meant", "timings_ms",
    }  # fmt: skip
    assert (asked["decision"], asked["transcript"]) == ("answer", "居住证在哪里办理")
    first = asked["answers"][0]
    assert (first["kind"], first["external_id"]) == ("qa", "a1")
    assert first.keys() == {"kind", "id", "external_id", "title", "text", "score", "source"}
    assert first["source"].keys() == {
        "title", "document_number", "article", "agency", "date", "validity",
    }  # fmt: skip
    assert 0 < len(asked["spoken"]) <= 60


def test_a_batch_answers_in_order_and_survives_bad_lines(zone: Path) -> None:
    lines = [
        {"id": 7, "text": "高龄津贴每个月发多少钱"},
        {"text": "长" * 100_000},
        {"text": 5},
        {"text": "停车多长时间免费"},
    ]
    batch = zone / "batch.jsonl"
    batch.write_text(
        "\n".join([*(json.dumps(line) for line in lines), "not json"]), encoding="utf-8"
    )
    first, too_long, wrong, quoted, broken = objects(run("ask", "--batch", str(batch), "--json"))
    assert (first["id"], first["answers"][0]["external_id"]) == (7, "a2")
    assert too_long["error"]["code"] == "question_too_long"
    assert wrong["error"]["code"] == broken["error"]["code"] == "bad_line"
    assert quoted["answers"][0]["source"]["document_number"] == "示例区府发〔2025〕7号"


def test_a_spoken_question_is_heard_and_answered(
    zone: Path, shared: Path, vosk_test_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("import", str(shared / "corpus" / "policy-qa.tsv"), "--json")
    monkeypatch.setenv("OPENZONE_VOSK_MODEL_DIR", str(vosk_test_model))
    clip = shared / "speech" / "questions" / "wav" / "k001.wav"
    (asked,) = objects(run("ask", "--audio", str(clip), "--engine", "vosk", "--json"))
    assert asked["answers"][0]["external_id"] == "bad5bdd9c05239b4b179ef812370128c"
    assert asked["timings_ms"].keys() == {"recognition", "answering", "total"}


def test_search_finds_by_sound_and_by_number(zone: Path) -> None:
    (by_sound,) = objects(run("search", "高灵经贴", "--json"))
    assert by_sound["hits"][0]["external_id"] == "a2"
    (by_number,) = objects(run("search", "二零二五年七号", "--limit", "1", "--json"))
    assert by_number["hits"][0]["title"] == "示例区人民政府关于停车收费的通知"
    assert len(by_number["hits"]) == 1


@pytest.mark.parametrize("number", ["示例区府发2025 7号", "[2025]7", "示例区府发二零二五年七号"])
def test_a_document_is_shown_by_its_number_however_typed(zone: Path, number: str) -> None:
    (shown,) = objects(run("documents", "show", number, "--json"))
    assert (shown["agency"], shown["signed_on"]) == ("示例区人民政府", "2025-03-01")
    assert "停车不足半小时的免费，超过半小时的每小时收费五元。" in shown["paragraphs"]


def test_reindex_makes_a_lost_index_anew(zone: Path) -> None:
    for file in (zone / "data" / "index").rglob("*"):
        if file.is_file():
            file.unlink()
    (made,) = objects(run("reindex", "--json"))
    assert made["entries"] >= 4
    (asked,) = objects(run("ask", "--text", "居住证在哪里办理", "--json"))
    assert asked["answers"][0]["external_id"] == "a1"


def test_importing_again_changes_nothing(zone: Path) -> None:
    again = run("import", str(zone / "questions.csv"), str(zone / "notice.txt"), "--json")
    assert json.loads(again.stdout) == {"imported": 0, "unchanged": 3, "failed": []}


def test_a_failure_has_a_code_and_a_sentence(zone: Path) -> None:
    result = run(
        "ask", "--audio", str(zone / "notice.txt"), "--engine", "whisper", "--json", expected=1
    )
    (failed,) = objects(result)
    assert failed["error"]["code"] == "unreadable_audio"
    assert any("一" <= character <= "鿿" for character in failed["error"]["message"])


def test_neither_or_both_ways_of_asking_is_a_usage_error(zone: Path) -> None:
    run("ask", expected=2)
    run("ask", "--text", "居住证", "--audio", "x.wav", expected=2)

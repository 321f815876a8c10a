"""What the measurements print: figures beside targets, and no target kept by mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.report import Row, percentile, table, write


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        pytest.param(50, 50, id="the median of 1 to 100"),
        pytest.param(99, 99, id="one of a hundred is slower"),
        pytest.param(100, 100, id="the slowest"),
        pytest.param(0, 1, id="the fastest"),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_a_target_is_kept_from_its_own_side() -> None:
    assert Row("ask", 29.9, "ms", 30).kept is True
    assert Row("ask", 30, "ms", 30).kept is False
    assert Row("hit@1", 0.9, "", 0.9, at_least=True).kept is True
    assert Row("hit@1", 0.8, "", 0.9, at_least=True).kept is False
    assert Row("memory", 500, "MB").kept is None


def test_the_table_sets_the_ratio_beside_the_target() -> None:
    lines = table([Row("ask", 45, "ms", 30), Row("memory", 1234, "MB", note="ready")]).splitlines()
    assert lines[1].split() == ["ask", "45.0", "ms", "<", "30.0", "1.50", "MISSED"]
    assert lines[2].split() == ["memory", "1,234", "MB", "ready"]


def test_what_was_skipped_is_in_the_file_too(tmp_path: Path) -> None:
    write(tmp_path / "new" / "latest.json", [Row("ask", 15, "ms", 30)], {"voice": "no model"})
    written = json.loads((tmp_path / "new" / "latest.json").read_bytes())
    assert written["rows"][0]["ratio"] == 0.5
    assert written["rows"][0]["kept"] is True
    assert written["skipped"] == {"voice": "no model"}

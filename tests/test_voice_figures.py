"""Spoken questions fare no worse than was recorded: the shortened voice benchmark."""

from __future__ import annotations

from pathlib import Path

from bench.voice.shortened import fallen, measured, recorded


async def test_no_figure_fell_by_more_than_three_points(tmp_path: Path) -> None:
    figures = await measured(tmp_path)
    assert not fallen(figures, recorded())
    assert set(figures) == set(recorded()), "python -m bench.voice.shortened --record"

"""Charts drawn as SVG by our own templates: places and lengths, computed here."""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH = 960
HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 8, 24, 40
_LABELS = 12
"""At most so many labels below the columns; more would run into each other."""
_ROW = 40
_NAMES = 280
_NAME_LENGTH = 15


@dataclass(frozen=True)
class Bar:
    """One piece of a column or row."""

    x: float
    y: float
    width: float
    height: float
    series: int
    """Which of the series it belongs to, for its colour and pattern."""


@dataclass(frozen=True)
class Label:
    """A word at a place."""

    x: float
    y: float
    text: str


@dataclass
class Chart:
    """What a template draws."""

    title: str
    height: float
    summary: str
    """What the picture says, for those who do not see it."""
    series: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    """Below columns or beside rows."""
    marks: list[Label] = field(default_factory=list)
    """Values on the axis, or at the end of rows."""
    width: float = WIDTH


def columns(title: str, names: list[str], series: dict[str, list[int]]) -> Chart:
    """Return columns from left to right, several series stacked."""
    sums = [sum(values) for values in zip(*series.values(), strict=True)]
    top = _round_up(max(sums, default=0))
    chart = Chart(title, HEIGHT, _summary(names, sums), list(series))
    inner_width, inner_height = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    slot = inner_width / max(len(names), 1)
    floor = HEIGHT - _BOTTOM
    for at in range(len(names)):
        y = float(floor)
        for number, values in enumerate(series.values()):
            height = inner_height * values[at] / top
            y -= height
            if values[at]:
                width = min(slot * 0.7, 48)
                x = _LEFT + slot * (at + 0.5) - width / 2
                chart.bars.append(Bar(_r(x), _r(y), _r(width), _r(height), number))
    every = -(-len(names) // _LABELS)
    for at in range(0, len(names), max(every, 1)):
        chart.labels.append(Label(_r(_LEFT + slot * (at + 0.5)), floor + 24, names[at]))
    for value in sorted({0, top // 2, top}):
        chart.marks.append(Label(_LEFT - 8, _r(floor - inner_height * value / top), str(value)))
    return chart


def rows(title: str, names: list[str], values: list[int]) -> Chart:
    """Return rows from top to bottom, the name before and the value behind each."""
    top = max([*values, 1])
    chart = Chart(title, len(names) * _ROW + 8, _summary(names, values), [title])
    room = WIDTH - _NAMES - 80
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        y = at * _ROW + 4
        width = _r(room * value / top)
        if value:
            chart.bars.append(Bar(_NAMES, y + 4, width, _ROW - 12, 0))
        short = name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 1]}…"
        chart.labels.append(Label(_NAMES - 10, y + 24, short))
        chart.marks.append(Label(_NAMES + width + 8, y + 24, str(value)))
    return chart


def _summary(names: list[str], values: list[int]) -> str:
    if not any(values):
        return "这段时间没有记录。"
    most = max(range(len(values)), key=lambda at: values[at])
    return f"共 {sum(values)} 次，最多的是 {names[most]}，{values[most]} 次。详细数字见下表。"


def _round_up(value: int) -> int:
    """Return the next number that is good to read on an axis."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if value <= step * size:
                return max(step * size, 2)
        size *= 10


def _r(value: float) -> float:
    return round(value, 1)

"""A card as somebody will see it, with what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from services.cards.fields import Field, TemplateText, fault_in, fields_of
from services.cards.fitting import fitted
from services.cards.sources import filled

_NOTHING = "详见小程序"
"""Where a source is empty: a field that is missing costs the whole card (47003)."""
_TAKES_WORDS = {"thing", "name"}


@dataclass(frozen=True)
class Line:
    """One field of a card."""

    field: Field
    value: str
    fault: str
    """"" where WeChat takes it."""


def card_lines(
    template: TemplateText,
    filling: dict[str, str],
    sources: dict[str, str],
    written: dict[str, str] | None = None,
) -> list[Line]:
    """Return every field of a card with what stands in it.

    `written`: by key, what staff wrote in place of what fills a field. It is not cut: they see the
    fault and mend it.
    """
    lines = []
    for field in fields_of(template):
        by_hand = (written or {}).get(field.key, "").strip()
        value = by_hand or _value(field, filled(filling.get(field.key, ""), sources))
        lines.append(Line(field, value, fault_in(field, value)))
    return lines


def _value(field: Field, text: str) -> str:
    value = fitted(field, text)
    return value or (_NOTHING if field.type in _TAKES_WORDS and not field.choices else "")

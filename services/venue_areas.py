"""Which functional areas a zone has, as its type decides. No database here."""

from __future__ import annotations

from collections.abc import Iterable

from models.venue import Area, VenueLevel, VenueType
from services.errors import Invalid

_RANK = {level: rank for rank, level in enumerate(VenueLevel)}


def areas_of(kind: VenueType, chosen: Iterable[Area]) -> frozenset[Area]:
    """Return the areas of a zone of this type with what was chosen besides.

    Raises Invalid where the type cannot have one of them: archives and libraries have self-service
    search and reading, and no desk for applications nor for advice.
    Source: 渝府办发〔2021〕100号.
    """
    extra = frozenset(chosen) - kind.required_areas
    beyond = extra - kind.optional_areas
    if beyond:
        names = "、".join(area.label for area in Area if area in beyond)
        raise Invalid(
            f"A {kind} cannot have {sorted(beyond)}.",
            sentence=f"{kind.label}的专区不设{names}。",
        )
    return kind.required_areas | extra


def may_be_above(upper: VenueLevel, lower: VenueLevel) -> bool:
    """Return whether a zone of one level may have one of another below it."""
    return _RANK[upper] < _RANK[lower]

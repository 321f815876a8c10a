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


def may_be_above(
    upper: VenueLevel, upper_kind: VenueType, lower: VenueLevel, lower_kind: VenueType
) -> bool:
    """Return whether one zone may have another below it: one of a lower level, and a service hall
    an archive or library of its own level, so that a district sees its own.
    """
    if upper_kind is VenueType.SERVICE_HALL and lower_kind in {
        VenueType.ARCHIVE,
        VenueType.LIBRARY,
    }:
        return _RANK[upper] <= _RANK[lower]
    return _RANK[upper] < _RANK[lower]

"""Areas by type and the tree of zones: pure rules."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.venue import Area, Venue, VenueLevel, VenueType
from services.errors import Invalid
from services.venue_areas import areas_of, may_be_above
from services.venue_tree import VenueTree

TWO = frozenset({Area.SEARCH, Area.READING})
CHOICES = [frozenset(some) for count in range(5) for some in itertools.combinations(Area, count)]


def named(chosen: object) -> str:
    """Return the same name in every process: sets come in another order in each."""
    return "-".join(sorted(chosen)) or "none" if isinstance(chosen, frozenset) else str(chosen)


@pytest.mark.parametrize(
    ("kind", "areas"),
    [
        pytest.param(VenueType.SERVICE_HALL, frozenset(Area), id="four in service halls"),
        pytest.param(VenueType.ARCHIVE, TWO, id="two in state archives"),
        pytest.param(VenueType.LIBRARY, TWO, id="two in public libraries"),
        pytest.param(VenueType.VILLAGE_STATION, TWO, id="where conditions allow"),
    ],
)
def test_the_type_decides_the_areas(kind: VenueType, areas: frozenset[Area]) -> None:
    """渝府办发〔2021〕100号."""
    assert areas_of(kind, []) == areas


@pytest.mark.parametrize("kind", [VenueType.ARCHIVE, VenueType.LIBRARY])
@pytest.mark.parametrize("chosen", CHOICES, ids=named)
def test_archives_and_libraries_are_never_given_more(
    kind: VenueType, chosen: frozenset[Area]
) -> None:
    """渝府办发〔2021〕100号: no desk for applications nor for advice, whatever was asked for."""
    if chosen <= TWO:
        assert areas_of(kind, chosen) == TWO
    else:
        with pytest.raises(Invalid) as refused:
            areas_of(kind, chosen)
        assert refused.value.sentence.startswith(f"{kind.label}的专区不设")
    # Not even a row that was written by hand opens a desk there.
    row = Venue(type=kind, extra_areas=[area.value for area in chosen])
    assert row.areas == TWO


@pytest.mark.parametrize("chosen", CHOICES, ids=named)
def test_a_village_station_has_what_conditions_allow(chosen: frozenset[Area]) -> None:
    assert areas_of(VenueType.VILLAGE_STATION, chosen) == TWO | chosen


def test_only_a_higher_level_is_above() -> None:
    levels, hall = list(VenueLevel), VenueType.SERVICE_HALL
    above = {(a, b) for a in levels for b in levels if may_be_above(a, hall, b, hall)}
    assert above == set(itertools.combinations(levels, 2))


def test_a_district_hall_is_above_the_districts_archive_and_not_the_other_way_round() -> None:
    district = VenueLevel.DISTRICT
    for kind in (VenueType.ARCHIVE, VenueType.LIBRARY):
        assert may_be_above(district, VenueType.SERVICE_HALL, district, kind)
        assert not may_be_above(district, kind, district, VenueType.SERVICE_HALL)
        assert not may_be_above(VenueLevel.TOWN, VenueType.SERVICE_HALL, district, kind)


#           1 city
#       2         3        districts
#     4   5     6   7      towns, archives
#     8                    village            and 9, alone
TREE = VenueTree({1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 9: None})


@pytest.mark.parametrize(
    ("here", "suiting", "nearest"),
    [
        pytest.param(5, {4, 2, 6}, 2, id="the one above first"),
        pytest.param(5, {4, 6, 8}, 4, id="then those beside"),
        pytest.param(5, {8, 3}, 8, id="then what is further below the one above"),
        pytest.param(5, {6, 1}, 1, id="then further up"),
        pytest.param(5, {7}, 7, id="then down another branch"),
        pytest.param(2, {4}, 4, id="below oneself"),
        pytest.param(8, {9}, 9, id="in another tree"),
        pytest.param(9, {8}, 8, id="from a tree of its own"),
        pytest.param(5, {5}, None, id="never itself"),
        pytest.param(5, set(), None, id="nowhere"),
    ],
)
def test_the_nearest_zone(here: int, suiting: set[int], nearest: int | None) -> None:
    assert TREE.nearest(here, suiting.__contains__) == nearest


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_whatever_suits_is_found_in_any_tree(above: list[int], suiting: set[int]) -> None:
    """Each zone hangs below an earlier one, or below none where the number is too large."""
    parents = {n: (p if p < n else None) for n, p in enumerate(above)}
    tree = VenueTree(parents)
    there = suiting & set(parents)
    for here in parents:
        found = tree.nearest(here, suiting.__contains__)
        assert (found is not None) == bool(there - {here})
        assert found is None or found in there - {here}
        assert tree.upwards(here)[0] == here
        assert all(here in tree.below(upper) for upper in tree.upwards(here)[1:])

"""The tree of zones: who is above and below whom, and which is the nearest with an area."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


class VenueTree:
    """Zones by their ids. Those that have none above are each the top of a tree of their own."""

    def __init__(self, parents: Mapping[int, int | None]) -> None:
        self._parents = dict(parents)
        self._children: dict[int | None, list[int]] = {}
        for venue_id, parent_id in sorted(self._parents.items()):
            self._children.setdefault(parent_id, []).append(venue_id)

    def __contains__(self, venue_id: int) -> bool:
        return venue_id in self._parents

    def upwards(self, venue_id: int) -> list[int]:
        """Return a zone and those above it, the topmost last."""
        found: list[int] = []
        at: int | None = venue_id
        while at is not None and at not in found:
            found.append(at)
            at = self._parents.get(at)
        return found

    def below(self, venue_id: int | None) -> Iterator[int]:
        """Yield the zones below one (None: all), the nearest first."""
        waiting = list(self._children.get(venue_id, []))
        seen: set[int] = set()
        while waiting:
            at = waiting.pop(0)
            if at not in seen:
                seen.add(at)
                yield at
                waiting += self._children.get(at, [])

    def nearest(self, venue_id: int, suits: Callable[[int], bool]) -> int | None:
        """Return the nearest other zone that suits: the one above first, then those beside it,
        then what is further below the one above, and so on up the tree.

        What is above comes before what is beside: beside a district's library are the halls of its
        towns, above it is the district's own.
        """
        at: int | None = venue_id
        while at is not None:
            parent = self._parents.get(at)
            beside = self._children.get(parent, [])
            above = [parent] if parent is not None else []
            for candidate in (*above, *beside, *self.below(parent)):
                if candidate != venue_id and suits(candidate):
                    return candidate
            at = parent
        return None

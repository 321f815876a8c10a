"""Long lists, shown a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from sanic import Request

_PAGE_SIZE = 50


@dataclass(frozen=True)
class PageOfList:
    """Which part of a long list is shown, and how to get to the others."""

    number: int
    """Counts from 1."""
    total: int
    """Items in all."""
    query: dict[str, str]
    """The filters of the address, without the page."""
    size: int = _PAGE_SIZE

    @classmethod
    def of(cls, request: Request, total: int, size: int = _PAGE_SIZE) -> PageOfList:
        """Return the part that an address asks for with ?page=, the nearest that there is."""
        wanted = request.args.get("page", "1")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 8 else 1
        query = {name: request.args.get(name) for name in request.args if name != "page"}
        last = max(1, -(-total // size))
        return cls(min(max(1, number), last), total, query, size)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    def address(self, number: int) -> str:
        """Return the query that leads to another part of the same list."""
        return "?" + urlencode(self.query | {"page": str(number)})

    def leading_to(self, **changed: str) -> str:
        """Return the query that leads to the first part of a list with other filters."""
        query = {name: value for name, value in (self.query | changed).items() if value}
        return "?" + urlencode(query)

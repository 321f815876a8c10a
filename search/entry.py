"""What can be found, and how far an index has come: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.document_number import DocumentNumber


class EntryKind(StrEnum):
    """What an entry of the index is."""

    QUESTION = "question"
    PASSAGE = "passage"
    DOCUMENT = "document"
    """The head of a document: its title, number, agency."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found."""

    owner: str
    """The row it comes from, "document:12"; a change of the row replaces all its entries."""
    kind: EntryKind
    wording: str
    """What is compared with a question: one way of asking, or the text of a passage."""
    context: str
    """What is known of it besides: the headings above a passage, the answer to a question."""
    payload: str
    """Given back as it is to whoever finds the entry."""
    number: DocumentNumber | None = None
    keeper: str = ""
    """Who keeps it, "" for everybody: a reader of other keepers' entries does not find it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """How far an index has followed which database."""

    lineage: str
    """Names the database; another one, or one made anew, has another."""
    number: int

    def written(self) -> str:
        return f"{self.number} {self.lineage}"

    @classmethod
    def read(cls, written: str) -> Revision:
        number, _, lineage = written.partition(" ")
        return cls(lineage, int(number))


NOTHING = Revision("", 0)

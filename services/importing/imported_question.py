"""What a row of a question library amounts to, ready to be stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

import msgspec

from models.document import Validity
from models.question_entry import QuestionEntry
from services.importing.source_text import Unreadable

_LONGEST_TEXT = 20_000
"""Characters of one question or answer."""
_NAMES = {
    "external_id": "编号", "library": "库名", "question": "问题", "answer": "答案",
    "short_answer": "简短回答", "source_title": "来源", "document_number": "文号",
    "article": "条款", "agency": "机关",
}  # fmt: skip


@dataclass(frozen=True)
class ImportedQuestion:
    """A row of a question library; the fields are those of models.question_entry.QuestionEntry."""

    external_id: str
    library: str
    question: str
    answer: str
    variants: tuple[str, ...] = ()
    short_answer: str = ""
    source_title: str = ""
    document_number: str = ""
    article: str = ""
    agency: str = ""
    dated_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    line: int = field(default=0, compare=False)
    """Where it stood in its file, from 1."""

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything that the row says."""
        values = msgspec.to_builtins(self)
        del values["line"]
        return hashlib.sha256(msgspec.json.encode(values)).hexdigest()


def check_sizes(question: ImportedQuestion) -> None:
    """Raise Unreadable when something is longer than its column."""
    for field_name, name in _NAMES.items():
        column = QuestionEntry._meta.fields_map[field_name]
        limit = getattr(column, "max_length", None) or _LONGEST_TEXT
        if len(getattr(question, field_name)) > limit:
            raise Unreadable(f"“{name}”超过 {limit} 个字。")

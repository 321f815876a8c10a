"""What one version of a library entry says, as it is kept, compared and published."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

import msgspec

from models.document import Validity
from models.question_entry import QuestionEntry
from services.text_columns import too_long, unreadable_in

LONGEST_SHORT_ANSWER = 60
"""Characters that are said in one go."""
_LONGEST_TEXT = 20_000
"""Characters of one question or answer."""
_MOST_VARIANTS = 100
_NAMES = {
    "library": "库名", "source_title": "来源", "document_number": "文号", "article": "条款",
    "agency": "机关",
}  # fmt: skip
_COLUMNS = (
    "library", "question", "short_answer", "answer", "source_title", "document_number", "article",
    "agency", "dated_on", "validity", "valid_from", "valid_to", "next_review_on",
)  # fmt: skip


class QuestionContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A library entry; the fields are those of models.question_entry.QuestionEntry."""

    question: str
    answer: str
    library: str = ""
    variants: tuple[str, ...] = ()
    short_answer: str = ""
    source_title: str = ""
    document_number: str = ""
    article: str = ""
    agency: str = ""
    dated_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    valid_from: date | None = None
    valid_to: date | None = None
    next_review_on: date | None = None
    imported_hash: str = ""
    """SHA-256 of the row of a file that this was read from, "" for none; no part of the text."""

    @classmethod
    def of_row(cls, row: QuestionEntry) -> Self:
        """Return what the public sees."""
        values = {name: getattr(row, name) for name in _COLUMNS}
        return cls(**values, variants=tuple(row.variants), imported_hash=row.content_hash)

    def columns(self) -> dict[str, Any]:
        """Return what the row of an entry holds of this."""
        values = {name: getattr(self, name) for name in _COLUMNS}
        return values | {"variants": list(self.variants)}

    def is_in_time(self, today: date) -> bool:
        """Return whether it may be given as an answer on a day."""
        return (self.valid_from or today) <= today <= (self.valid_to or today)

    def problems(self) -> list[str]:
        """Return Chinese sentences on what keeps this from being saved."""
        found = [] if self.question.strip() else ["请写上问题。"]
        if not self.answer.strip():
            found.append("请写上答案。")
        for name, text in (("问题", self.question), ("答案", self.answer)):
            if len(text) > _LONGEST_TEXT:
                found.append(f"{name}超过 {_LONGEST_TEXT} 个字。")
        if len(self.short_answer) > LONGEST_SHORT_ANSWER:
            found.append(f"简短回答超过 {LONGEST_SHORT_ANSWER} 个字，一口气说不完。")
        if len(self.variants) > _MOST_VARIANTS:
            found.append(f"其他问法超过 {_MOST_VARIANTS} 条。")
        if any(len(variant) > _LONGEST_TEXT for variant in self.variants):
            found.append("有一条问法过长。")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            found.append("有效期的开始晚于结束。")
        found += too_long(self, QuestionEntry, _NAMES)
        texts = [self.question, self.answer, self.short_answer, *self.variants]
        texts += [getattr(self, field) for field in _NAMES]
        return found + unreadable_in(texts)

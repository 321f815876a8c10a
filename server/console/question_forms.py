"""The form of a library entry: from what a version says to fields, and back."""

from __future__ import annotations

import asyncio

import msgspec

from models.document import Validity
from server.console.documents import Compared
from server.console.forms import Form
from services.differences import differences
from services.question_content import LONGEST_SHORT_ANSWER, QuestionContent

VALIDITIES = [(validity.value, validity.label) for validity in Validity]
_LONGEST_QUESTION = 500
_LONGEST_ANSWER = 20_000
_LONGEST_NAME = 200
_MOST_VARIANTS = 100
_FACTS = (
    ("source_title", "依据"), ("document_number", "文号"), ("article", "条款"),
    ("agency", "机关"), ("dated_on", "依据的日期"), ("validity", "效力"), ("valid_from", "起用日期"),
    ("valid_to", "停用日期"), ("next_review_on", "下次复核"), ("library", "所属问答库"),
)  # fmt: skip


def values_of(content: QuestionContent) -> dict[str, str]:
    """Return what the fields show of a content."""
    values = {
        name: _written(value)
        for name, value in msgspec.structs.asdict(content).items()
        if name not in {"variants", "imported_hash", "validity"}
    }
    return values | {
        "variants": "\n".join(content.variants),
        "validity": content.validity.value,
    }


def content_from(form: Form, before: QuestionContent | None = None) -> QuestionContent:
    """Return the content that the fields say. Mistakes are in the form's errors."""
    return QuestionContent(
        question=form.text("question", "问题", longest=_LONGEST_QUESTION, required=True),
        variants=tuple(
            form.lines("variants", "其他问法", longest=_LONGEST_QUESTION, most=_MOST_VARIANTS)
        ),
        short_answer=form.text("short_answer", "简短回答", longest=LONGEST_SHORT_ANSWER),
        answer=form.text("answer", "完整回答", longest=_LONGEST_ANSWER, required=True),
        source_title=form.text("source_title", "依据", longest=_LONGEST_QUESTION),
        document_number=form.text("document_number", "文号", longest=_LONGEST_NAME),
        article=form.text("article", "条款", longest=_LONGEST_NAME),
        agency=form.text("agency", "机关", longest=_LONGEST_QUESTION),
        library=form.text("library", "所属问答库", longest=_LONGEST_NAME),
        dated_on=form.day("dated_on", "依据的日期"),
        validity=form.choice("validity", "效力", Validity) or Validity.UNKNOWN,
        valid_from=form.day("valid_from", "起用日期"),
        valid_to=form.day("valid_to", "停用日期"),
        next_review_on=form.day("next_review_on", "下次复核"),
        imported_hash=before.imported_hash if before is not None else "",
    )


def facts_of(content: QuestionContent) -> list[tuple[str, str]]:
    """Return what a content says beside its texts, with names."""
    pairs = ((label, _fact(content, name)) for name, label in _FACTS)
    return [(label, value) for label, value in pairs if value]


async def compared_entries(old: QuestionContent, new: QuestionContent) -> Compared:
    """Return what differs between two contents."""
    facts = [
        (label, _fact(old, name), _fact(new, name))
        for name, label in _FACTS
        if _fact(old, name) != _fact(new, name)
    ]
    changes = await asyncio.to_thread(differences, _texts(old), _texts(new))
    return Compared(facts, changes, has_other_file=False)


def _fact(content: QuestionContent, name: str) -> str:
    value = getattr(content, name)
    return value.label if isinstance(value, Validity) else _written(value)


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _texts(content: QuestionContent) -> list[str]:
    return [
        f"问题：{content.question}",
        *(f"其他问法：{variant}" for variant in content.variants),
        *([f"简短回答：{content.short_answer}"] if content.short_answer else []),
        *(f"完整回答：{line}" for line in content.answer.splitlines() if line.strip()),
    ]

"""Publishing the rows of question libraries."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from services.access import Actor
from services.importing.contents import question_content
from services.importing.imported_question import ImportedQuestion
from services.question_batches import publish_questions

_ROWS_A_TRANSACTION = 300


async def store_questions(
    questions: list[ImportedQuestion], actor: Actor, now: datetime
) -> tuple[int, int]:
    """Publish rows that have different ids; return how many were new or changed, and how many not.

    Those that were imported from the same row before are left as they are.
    """
    imported = 0
    rows = iter(questions)
    while batch := list(islice(rows, _ROWS_A_TRANSACTION)):
        contents = {question.external_id: question_content(question) for question in batch}
        imported += await publish_questions(actor, contents, now=now)
    return imported, len(questions) - imported

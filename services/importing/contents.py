"""What was read from files, as versions keep it."""

from __future__ import annotations

from models.category import Category
from services.document_content import DocumentContent, ParagraphContent
from services.importing.imported_document import ImportedDocument
from services.importing.imported_question import ImportedQuestion
from services.question_content import QuestionContent


def document_content(imported: ImportedDocument) -> DocumentContent:
    """Return what a document file says. A law that says no category is a rule."""
    is_rule = imported.is_law and imported.category is Category.UNSORTED
    return DocumentContent(
        title=imported.title,
        paragraphs=tuple(
            ParagraphContent(p.text, p.level, p.article, p.heading_path)
            for p in imported.paragraphs
        ),
        agency=imported.agency,
        document_number=imported.document_number,
        signed_on=imported.signed_on,
        published_on=imported.published_on,
        effective_on=imported.effective_on,
        validity=imported.validity,
        category=Category.RULES if is_rule else imported.category,
        addressees=imported.addressees,
        attachments=imported.attachments,
        imported_hash=imported.content_hash,
    )


def question_content(imported: ImportedQuestion) -> QuestionContent:
    """Return what a row of a question library says."""
    return QuestionContent(
        question=imported.question,
        answer=imported.answer,
        library=imported.library,
        variants=imported.variants,
        short_answer=imported.short_answer,
        source_title=imported.source_title,
        document_number=imported.document_number,
        article=imported.article,
        agency=imported.agency,
        dated_on=imported.dated_on,
        validity=imported.validity,
        imported_hash=imported.content_hash,
    )

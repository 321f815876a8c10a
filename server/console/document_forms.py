"""The form of a document: from what a version says to fields, and back."""

from __future__ import annotations

from models.category import Category
from models.document import Validity
from server.console.forms import Form
from services.document_content import DocumentContent
from services.document_text import as_lines, from_lines

VALIDITIES = [(validity.value, validity.label) for validity in Validity]
CATEGORIES = [(category.value, category.label) for category in Category]
_LONGEST_TITLE = 500
_LONGEST_NUMBER = 200
_LONGEST_ADDRESSEES = 2000
_LONGEST_TEXT = 1_500_000
_MOST_ATTACHMENTS = 200


def values_of(content: DocumentContent) -> dict[str, str]:
    """Return what the fields show of a content."""
    days = {
        name: day.isoformat() if day else ""
        for name, day in (
            ("signed_on", content.signed_on),
            ("published_on", content.published_on),
            ("effective_on", content.effective_on),
            ("expires_on", content.expires_on),
        )
    }
    return days | {
        "title": content.title,
        "agency": content.agency,
        "document_number": content.document_number,
        "validity": content.validity.value,
        "category": content.category.value,
        "addressees": content.addressees,
        "attachments": "\n".join(content.attachments),
        "text": as_lines(content.paragraphs),
    }


def content_from(form: Form, before: DocumentContent | None = None) -> DocumentContent:
    """Return the content that the fields say; what no field shows stays as it was before.

    Mistakes are in the form's errors.
    """
    text = form.text("text", "正文", longest=_LONGEST_TEXT)
    unchanged = before is not None and text == as_lines(before.paragraphs).strip()
    return DocumentContent(
        title=form.text("title", "标题", longest=_LONGEST_TITLE, required=True),
        # Lines cannot say all that paragraphs know: a text that nobody touched stays as it is.
        paragraphs=before.paragraphs if before is not None and unchanged else from_lines(text),
        agency=form.text("agency", "发文机关", longest=_LONGEST_TITLE),
        document_number=form.text("document_number", "发文字号", longest=_LONGEST_NUMBER),
        signed_on=form.day("signed_on", "成文日期"),
        published_on=form.day("published_on", "发布日期"),
        effective_on=form.day("effective_on", "施行日期"),
        expires_on=form.day("expires_on", "有效期"),
        validity=form.choice("validity", "效力状态", Validity) or Validity.UNKNOWN,
        category=form.choice("category", "主动公开类别", Category) or Category.UNSORTED,
        addressees=form.text("addressees", "主送机关", longest=_LONGEST_ADDRESSEES),
        attachments=tuple(
            form.lines("attachments", "附件", longest=_LONGEST_TITLE, most=_MOST_ATTACHMENTS)
        ),
        imported_hash=before.imported_hash if before is not None else "",
    )

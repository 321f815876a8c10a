"""The particulars of a document as pages name them, and which of them differ."""

from __future__ import annotations

from server.console.pages import local_day
from services.document_content import DocumentContent


def facts_of(content: DocumentContent) -> list[tuple[str, str]]:
    """Return what a document says of itself, as pairs of a name and a text, without empty ones."""
    return [(name, text) for name, text in _facts(content).items() if text]


def changed_facts(before: DocumentContent, after: DocumentContent) -> list[tuple[str, str, str]]:
    """Return the names of what differs, with both texts."""
    old, new = _facts(before), _facts(after)
    return [(name, old[name], new[name]) for name in old if old[name] != new[name]]


def _facts(content: DocumentContent) -> dict[str, str]:
    return {
        "标题": content.title,
        "发文机关": content.agency,
        "发文字号": content.document_number,
        "成文日期": local_day(content.signed_on),
        "发布日期": local_day(content.published_on),
        "施行日期": local_day(content.effective_on),
        "有效期至": local_day(content.expires_on),
        "效力状态": content.validity.label,
        "主动公开类别": content.category.label,
        "主送机关": content.addressees,
        "附件": "；".join(content.attachments),
    }

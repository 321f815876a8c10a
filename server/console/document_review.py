"""The secrecy check of a document: what changed, what must be looked for, and the decision.

Source: Regulation on Open Government Information (2019 revision), Articles 14 to 17.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.index_change import Subject
from models.publishable import VersionState
from models.version import Version
from server.console.document_facts import facts_of
from server.console.documents import (
    compared,
    document_content_of,
    document_row,
    people_of,
    works_on,
)
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import publication
from services.access import Actor, Permission
from services.errors import NotFound

CHECKS = (
    ("state_secrets", "不含国家秘密，定密和解密手续清楚（条例第十四条，保守国家秘密法）"),
    ("safety", "公开后不会危及国家安全、公共安全、经济安全和社会稳定（第十四条）"),
    (
        "private",
        "不含商业秘密和个人隐私；含有的，权利人已同意公开或不公开会严重影响公共利益（第十五条）",
    ),
    ("internal", "不含工作秘密、内部事务信息、过程性信息和行政执法案卷（第十六条）"),
    ("faithful", "正文与原件一致，附件齐全，原件里没有隐藏的内容"),
)
"""What a reviewer ticks one by one before anything is passed."""
_LONGEST_NOTE = 1_500


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    address = "/documents/<document_id:int>/review"
    routes.add_route(review_page, address, name="review_page")
    routes.add_route(review, address, methods={"POST"}, name="review_document")


@staff(Permission.LOOK)
async def review_page(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Show what is to be checked."""
    version = await _waiting(actor, document_id)
    return await _page(request, actor, document_id, version, {}, {})


@staff(None)
async def review(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Pass a version, or give it back; those who wrote it may call it back."""
    version = await _waiting(actor, document_id)
    form = Form(request)
    note = form.text("note", "审查意见", longest=_LONGEST_NOTE)
    publish_at = form.moment("publish_at", "发布时间")
    edits, passes = form.edits(), form.raw("decision") == "pass"
    now = datetime.now(UTC)
    unticked = [label for name, label in CHECKS if name not in form.chosen("checks")]
    if passes and unticked:
        form.errors["checks"] = f"还有 {len(unticked)} 项没有核对，逐项核对后才能通过。"
    elif passes and publish_at is not None and publish_at <= now:
        form.errors["publish_at"] = "定时发布的时间已经过了，请改到以后，或留空立即发布。"
    elif not passes and not note:
        form.errors["note"] = "退回时请写明原因，好让拟稿的同事修改。"
    if form.errors:
        return await _page(request, actor, document_id, version, form.values, form.errors)
    back = f"/console/documents/{document_id}"
    if not passes:
        await publication.give_back(actor, version.id, note, edits=edits)
        return go_on(request, back, "已退回拟稿。")
    done = await publication.approve(
        actor, version.id, edits=edits, note=_with_checks(note), publish_at=publish_at, now=now
    )
    is_later = done.state is VersionState.SCHEDULED
    return go_on(request, back, "审查通过，到时自动发布。" if is_later else "审查通过，已经发布。")


async def _waiting(actor: Actor, document_id: int) -> Version:
    await document_row(actor, document_id)
    found = await Version.get_or_none(
        subject=Subject.DOCUMENT,
        subject_id=document_id,
        state__in=[VersionState.IN_REVIEW, VersionState.SCHEDULED],
    )
    if found is None:
        raise NotFound("Nothing waits.", sentence="这份文件现在没有待审查的一稿。")
    return found


async def _page(
    request: Request,
    actor: Actor,
    document_id: int,
    version: Version,
    values: dict[str, str],
    errors: dict[str, str],
) -> HTTPResponse:
    row = await document_row(actor, document_id)
    before = await Version.get_or_none(
        subject=Subject.DOCUMENT, subject_id=document_id, state=VersionState.PUBLISHED
    )
    content = document_content_of(version)
    works = works_on(actor, row)
    return show(
        request, actor, "console/document_review.html", status=422 if errors else 200,
        document=row, version=version, before=before, values=defaultdict(str, values), errors=errors,
        changes=await compared(before, version) if before is not None else None,
        facts=facts_of(content), paragraphs=content.paragraphs,
        people=await people_of([version]), checks=CHECKS,
        may_review=actor.may(Permission.REVIEW) and works,
        may_call_back=works and (actor.may(Permission.REVIEW)
                                 or actor.may(Permission.WRITE_DOCUMENTS)),
        is_own=actor.staff_id in {version.written_by_id, version.submitted_by_id},
    )  # fmt: skip


def _with_checks(note: str) -> str:
    """Return the note with what was checked, so that it can be seen years later."""
    return f"{note}\n（保密审查 {len(CHECKS)} 项已逐项核对）".strip()

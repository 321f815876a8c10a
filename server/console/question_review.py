"""The check of a library entry by a second person: what changed, and the decision."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.index_change import Subject
from models.publishable import VersionState
from models.version import Version
from server.console.documents import people_of
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.question_entries import entry_content_of, entry_row, entry_version
from server.console.question_forms import compared_entries, facts_of
from server.console.staff_door import staff
from services import publication
from services.access import Actor, Permission

CHECKS = (
    ("sound", "回答与所引的条款一致，依据现行有效"),
    ("private", "不含国家秘密、商业秘密和个人隐私，看不出是谁问的（条例第十四条、第十五条）"),
    ("plain", "说法平实，念出来听得懂"),
)
"""What a reviewer ticks one by one before an entry is passed."""
_LONGEST_NOTE = 1_500


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    address = "/questions/<entry_id:int>/review"
    routes.add_route(review_page, address, name="question_review_page")
    routes.add_route(review, address, methods={"POST"}, name="review_question")


@staff(Permission.LOOK)
async def review_page(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Show what is to be checked."""
    return await _page(request, actor, entry_id, await _waiting(actor, entry_id), {}, {})


@staff(None)
async def review(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Pass a version, or give it back; those who wrote it may call it back."""
    version = await _waiting(actor, entry_id)
    form = Form(request)
    note = form.text("note", "审查意见", longest=_LONGEST_NOTE)
    edits, passes = form.edits(), form.raw("decision") == "pass"
    unticked = [name for name, _ in CHECKS if name not in form.chosen("checks")]
    if passes and unticked:
        form.errors["checks"] = f"还有 {len(unticked)} 项没有核对，逐项核对后才能通过。"
    elif not passes and not note:
        form.errors["note"] = "退回时请写明原因，好让拟稿的同事修改。"
    if form.errors:
        return await _page(request, actor, entry_id, version, form.values, form.errors)
    back = f"/console/questions/{entry_id}"
    if not passes:
        await publication.give_back(actor, version.id, note, edits=edits)
        return go_on(request, back, "已退回拟稿。")
    checked = f"{note}\n（{len(CHECKS)} 项已逐项核对）".strip()
    await publication.approve(actor, version.id, edits=edits, note=checked, now=datetime.now(UTC))
    return go_on(request, back, "审查通过，机器现在就会这样回答。")


async def _waiting(actor: Actor, entry_id: int) -> Version:
    await entry_row(actor, entry_id)
    return await entry_version(entry_id, VersionState.IN_REVIEW, VersionState.SCHEDULED)


async def _page(
    request: Request,
    actor: Actor,
    entry_id: int,
    version: Version,
    values: dict[str, str],
    errors: dict[str, str],
) -> HTTPResponse:
    row = await entry_row(actor, entry_id)
    before = await Version.get_or_none(
        subject=Subject.QUESTION, subject_id=entry_id, state=VersionState.PUBLISHED
    )
    content = entry_content_of(version)
    works = actor.works_on(row.venue_id, row.responsible_agency_id)
    may_review = actor.may(Permission.REVIEW) and works
    is_own = actor.staff_id in {version.written_by_id, version.submitted_by_id}
    return show(
        request, actor, "console/question_review.html", status=422 if errors else 200,
        entry=row, version=version, before=before, content=content, facts=facts_of(content),
        changes=await compared_entries(entry_content_of(before), content) if before else None,
        people=await people_of([version]), checks=CHECKS, errors=errors,
        values=defaultdict(str, values),
        may_pass=may_review and not is_own and version.state is VersionState.IN_REVIEW,
        is_own=may_review and is_own,
        may_call_back=works and (may_review or actor.may(Permission.WRITE_QUESTIONS)),
    )  # fmt: skip

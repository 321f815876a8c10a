"""Writing library entries: the form of a draft, handing it in, giving it up, taking one away."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.index_change import Subject
from models.publishable import VersionState
from models.question_entry import QuestionEntry
from models.version import Version
from server.console.documents import people_of
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.question_entries import entry_content_of, entry_row, entry_version
from server.console.question_forms import VALIDITIES, compared_entries, content_from, values_of
from server.console.scopes import chosen_scope, scopes_of
from server.console.staff_door import staff
from services import publication
from services.access import Actor, Permission
from services.errors import EditedMeanwhile, Invalid, NotFound

_LONGEST_REASON = 500


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one, post = "/questions/<entry_id:int>", {"POST"}
    routes.add_route(new_page, "/questions/new", name="new_question_page")
    routes.add_route(create, "/questions/new", methods=post, name="new_question")
    routes.add_route(begin, f"{one}/draft", methods=post, name="begin_question_draft")
    routes.add_route(edit_page, f"{one}/edit", name="edit_question_page")
    routes.add_route(save, f"{one}/edit", methods=post, name="edit_question")
    routes.add_route(submit, f"{one}/submitted", methods=post, name="submit_question")
    routes.add_route(abandon, f"{one}/abandoned", methods=post, name="abandon_question")
    routes.add_route(withdraw, f"{one}/withdrawn", methods=post, name="withdraw_question")


@staff(Permission.WRITE_QUESTIONS)
async def new_page(request: Request, actor: Actor) -> HTTPResponse:
    """Show an empty form."""
    return await _form(request, actor, None, None, {})


@staff(Permission.WRITE_QUESTIONS)
async def create(request: Request, actor: Actor) -> HTTPResponse:
    """Begin an entry that was typed in."""
    form = Form(request)
    venue_id, agency_id = chosen_scope(form, await scopes_of(actor))
    content = content_from(form)
    if not form.errors:
        try:
            version = await publication.create(
                actor, content, venue_id=venue_id, agency_id=agency_id
            )
        except Invalid as wrong:
            form.errors["question"] = wrong.sentence
        else:
            return go_on(request, f"/console/questions/{version.subject_id}", "拟稿已保存。")
    return await _form(request, actor, None, None, form.values, errors=form.errors)


@staff(Permission.WRITE_QUESTIONS)
async def begin(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Begin a draft of what the machine answers now."""
    await publication.begin_editing(actor, Subject.QUESTION, entry_id)
    return go_on(request, f"/console/questions/{entry_id}/edit")


@staff(Permission.WRITE_QUESTIONS)
async def edit_page(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Show the draft to be written on."""
    row, draft = await _draft(actor, entry_id)
    return await _form(request, actor, row, draft, values_of(entry_content_of(draft)))


@staff(Permission.WRITE_QUESTIONS)
async def save(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Keep what was written; where somebody else saved meanwhile, show both and keep neither back."""
    row, draft = await _draft(actor, entry_id)
    form = Form(request)
    edits, before = form.edits(), entry_content_of(draft)
    content = content_from(form, before)
    try:
        if not form.errors:
            if form.number("version", "稿号", least=1, most=2**31 - 1) != draft.id:
                raise EditedMeanwhile("Another version is worked on now.")
            await publication.save(actor, draft.id, content, edits=edits)
            return go_on(request, f"/console/questions/{entry_id}", "拟稿已保存。")
    except EditedMeanwhile as meanwhile:
        conflict = {
            "sentence": meanwhile.sentence,
            "person": (await people_of([draft])).get(draft.written_by_id, ""),
            "at": draft.changed_at,
            "changes": await compared_entries(before, content),
        }
        return await _form(request, actor, row, draft, form.values, conflict=conflict)
    except Invalid as wrong:
        form.errors["question"] = wrong.sentence
    return await _form(request, actor, row, draft, form.values, errors=form.errors, edits=edits)


@staff(Permission.WRITE_QUESTIONS)
async def submit(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Hand a draft in for the check by a second person."""
    form = Form(request)
    version = await _version_of(actor, entry_id, form)
    await publication.submit(actor, version.id, edits=form.edits())
    return go_on(request, f"/console/questions/{entry_id}", "已提交审查，请另一位同事审查。")


@staff(Permission.WRITE_QUESTIONS)
async def abandon(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Give a version up."""
    form = Form(request)
    version = await _version_of(actor, entry_id, form)
    await publication.abandon(actor, version.id, edits=form.edits())
    return go_on(request, f"/console/questions/{entry_id}", "这一稿已放弃，仍可在下面查看。")


@staff(Permission.WRITE_QUESTIONS)
async def withdraw(request: Request, actor: Actor, entry_id: int) -> HTTPResponse:
    """Take an entry away: the machine no longer answers with it."""
    await entry_row(actor, entry_id)
    reason = Form(request).text("reason", "撤下的原因", longest=_LONGEST_REASON)
    await publication.withdraw(
        actor, Subject.QUESTION, entry_id, reason=reason, now=datetime.now(UTC)
    )
    return go_on(request, f"/console/questions/{entry_id}", "已撤下，机器不再这样回答。")


async def _draft(actor: Actor, entry_id: int) -> tuple[QuestionEntry, Version]:
    row = await entry_row(actor, entry_id)
    actor.require_work(row.venue_id, row.responsible_agency_id)
    return row, await entry_version(entry_id, VersionState.DRAFT)


async def _version_of(actor: Actor, entry_id: int, form: Form) -> Version:
    number = form.number("version", "稿号", least=1, most=2**31 - 1)
    version = await publication.version(actor, number)
    if (version.subject, version.subject_id) != (Subject.QUESTION, entry_id):
        raise NotFound("The version is another entry's.")
    return version


async def _form(
    request: Request,
    actor: Actor,
    row: QuestionEntry | None,
    draft: Version | None,
    values: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    edits: int | None = None,
    conflict: dict[str, Any] | None = None,
) -> HTTPResponse:
    """Show the form; after a conflict it may go on from what the other wrote."""
    status = 409 if conflict else 422 if errors else 200
    shown = draft.edits if draft is not None and edits is None else edits or 0
    return show(
        request, actor, "console/question_form.html", status=status, entry=row, draft=draft,
        values=defaultdict(str, values), errors=errors or {}, edits_shown=shown, conflict=conflict,
        scopes=await scopes_of(actor), validities=VALIDITIES,
    )  # fmt: skip

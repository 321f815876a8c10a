"""Writing documents: the form of a draft, handing it in, giving it up, taking a document away."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.document import Document
from models.index_change import Subject
from models.publishable import VersionState
from models.version import Version
from server.console.document_forms import (
    CATEGORIES,
    VALIDITIES,
    content_from,
    values_of,
)
from server.console.documents import (
    compared_contents,
    document_content_of,
    document_row,
    people_of,
    works_on,
)
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.scopes import chosen_scope, scopes_of, venue_value
from server.console.staff_door import staff
from services import document_bindings, publication, staff_documents
from services.access import Actor, Permission
from services.errors import EditedMeanwhile, Invalid, NotFound

_REASON = 500


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    one = "/documents/<document_id:int>"
    post = {"POST"}
    routes.add_route(new_page, "/documents/new", name="new_document_page")
    routes.add_route(
        create, "/documents/new", methods=post, name="new_document", ctx_takes_long_text=True
    )
    routes.add_route(begin, f"{one}/draft", methods=post, name="begin_draft")
    routes.add_route(edit_page, f"{one}/edit", name="edit_document_page")
    routes.add_route(
        save, f"{one}/edit", methods=post, name="edit_document", ctx_takes_long_text=True
    )
    routes.add_route(submit, f"{one}/submitted", methods=post, name="submit_document")
    routes.add_route(abandon, f"{one}/abandoned", methods=post, name="abandon_draft")
    routes.add_route(withdraw, f"{one}/withdrawn", methods=post, name="withdraw_document")


@staff(Permission.WRITE_DOCUMENTS)
async def new_page(request: Request, actor: Actor) -> HTTPResponse:
    """Show an empty form."""
    return await _new_form(request, actor, {}, {})


@staff(Permission.WRITE_DOCUMENTS)
async def create(request: Request, actor: Actor) -> HTTPResponse:
    """Begin a document that was typed in."""
    form = Form(request)
    venue_id, agency_id = chosen_scope(form, await scopes_of(actor))
    content = content_from(form)
    if not form.errors:
        try:
            version = await publication.create(
                actor, content, venue_id=venue_id, agency_id=agency_id
            )
        except Invalid as wrong:
            form.errors["title"] = wrong.sentence
        else:
            return go_on(request, f"/console/documents/{version.subject_id}", "拟稿已保存。")
    return await _new_form(request, actor, form.values, form.errors)


@staff(Permission.WRITE_DOCUMENTS)
async def begin(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Begin a draft of what the public sees."""
    await publication.begin_editing(actor, Subject.DOCUMENT, document_id)
    return go_on(request, f"/console/documents/{document_id}/edit")


@staff(Permission.WRITE_DOCUMENTS)
async def edit_page(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Show the draft to be written on."""
    row, draft = await _draft(actor, document_id)
    values = values_of(document_content_of(draft)) | {
        "venue": venue_value(row.venue_id),
        "agency_id": str(row.responsible_agency_id or ""),
    }
    return await _edit_form(request, actor, row, draft, values)


@staff(Permission.WRITE_DOCUMENTS)
async def save(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Keep what was written; where somebody else saved meanwhile, show both and keep neither back."""
    row, draft = await _draft(actor, document_id)
    form = Form(request)
    edits, version_id = form.edits(), _version_id(form)
    before = document_content_of(draft)
    content = content_from(form, before)
    venue_id, agency_id = chosen_scope(form, await scopes_of(actor))
    if form.errors:
        return await _edit_form(
            request, actor, row, draft, form.values, errors=form.errors, edits=edits
        )
    try:
        if version_id != draft.id:
            raise EditedMeanwhile("Another version is worked on now.")
        await publication.save(actor, draft.id, content, edits=edits)
    except EditedMeanwhile as meanwhile:
        theirs = (await people_of([draft])).get(draft.written_by_id, "")
        return await _edit_form(
            request, actor, row, draft, form.values, status=409,
            conflict={
                "sentence": meanwhile.sentence,
                "person": theirs,
                "at": draft.changed_at,
                "theirs": values_of(before),
                "changes": await compared_contents(before, content),
            },
        )  # fmt: skip
    except Invalid as wrong:
        return await _edit_form(
            request, actor, row, draft, form.values, errors={"title": wrong.sentence}, edits=edits
        )
    await document_bindings.bind(actor, document_id, venue_id=venue_id, agency_id=agency_id)
    return go_on(request, f"/console/documents/{document_id}", "拟稿已保存。")


@staff(Permission.WRITE_DOCUMENTS)
async def submit(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Hand a draft in for the secrecy check."""
    form = Form(request)
    version = await _version_of(actor, document_id, form)
    await publication.submit(actor, version.id, edits=form.edits())
    return go_on(request, f"/console/documents/{document_id}", "已提交保密审查，请另一位同事审查。")


@staff(Permission.WRITE_DOCUMENTS)
async def abandon(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Give a version up."""
    form = Form(request)
    version = await _version_of(actor, document_id, form)
    await publication.abandon(actor, version.id, edits=form.edits())
    return go_on(request, f"/console/documents/{document_id}", "这一稿已放弃，仍可在下面查看。")


@staff(Permission.WRITE_DOCUMENTS)
async def withdraw(request: Request, actor: Actor, document_id: int) -> HTTPResponse:
    """Take a document away from the public."""
    await document_row(actor, document_id)
    form = Form(request)
    reason = form.text("reason", "撤下的原因", longest=_REASON, required=True)
    replacement = form.text("replaced_by", "替代它的文件", longest=_REASON)
    if form.errors:
        raise Invalid("The form is not filled in.", sentence="".join(form.errors.values()))
    replaced_by = await staff_documents.published_as(actor, replacement) if replacement else None
    await publication.withdraw(
        actor, Subject.DOCUMENT, document_id,
        reason=reason, replaced_by=replaced_by, now=datetime.now(UTC),
    )  # fmt: skip
    return go_on(request, f"/console/documents/{document_id}", "已撤下，公众不再看到它。")


async def _draft(actor: Actor, document_id: int) -> tuple[Document, Version]:
    row = await document_row(actor, document_id)
    actor.require_work(row.venue_id, row.responsible_agency_id)
    found = await Version.get_or_none(
        subject=Subject.DOCUMENT, subject_id=document_id, state=VersionState.DRAFT
    )
    if found is None:
        raise NotFound("It has no draft.", sentence="这份文件现在没有拟稿，请返回文件页再看。")
    return row, found


async def _version_of(actor: Actor, document_id: int, form: Form) -> Version:
    version = await publication.version(actor, _version_id(form))
    if (version.subject, version.subject_id) != (Subject.DOCUMENT, document_id):
        raise NotFound("The version is another document's.")
    return version


def _version_id(form: Form) -> int:
    return form.number("version", "稿号", least=1, most=2**31 - 1)


async def _new_form(
    request: Request, actor: Actor, values: dict[str, str], errors: dict[str, str]
) -> HTTPResponse:
    return show(
        request, actor, "console/document_new.html", status=422 if errors else 200,
        values=defaultdict(str, values), errors=errors, scopes=await scopes_of(actor),
        categories=CATEGORIES, validities=VALIDITIES,
    )  # fmt: skip


async def _edit_form(
    request: Request,
    actor: Actor,
    row: Document,
    draft: Version,
    values: dict[str, str],
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    edits: int | None = None,
    conflict: dict[str, Any] | None = None,
) -> HTTPResponse:
    return show(
        request, actor, "console/document_edit.html", status=422 if errors else status,
        document=row, draft=draft, values=defaultdict(str, values), errors=errors or {},
        # Whoever was shown what the other wrote may go on from there.
        edits_shown=draft.edits if edits is None else edits,
        conflict=conflict, scopes=await scopes_of(actor), works=works_on(actor, row),
        categories=CATEGORIES, validities=VALIDITIES,
    )  # fmt: skip

"""Notices as those see them who write them: the list, the form, one notice and what is done with it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from models.notice import Notice, NoticeState
from server.console import notice_form
from server.console.forms import Form
from server.console.notice_form import looks_of, use_for_notices
from server.console.pages import PageOfList, go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import delivery_results, notice_board, notices
from services.access import Actor, Permission
from services.cards.fields import fields_of
from services.errors import EditedMeanwhile
from services.notice_content import NoticeContent, NoticeDefective

_LIST = "/console/notices"
_SAVED = "已保存。"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/notices", name="notices")
    routes.add_route(new, "/notices/new", name="new_notice")
    routes.add_route(add, "/notices/new", name="add_notice", methods={"POST"})
    routes.add_route(check, "/notices/check", name="check_notice", methods={"POST"})
    routes.add_route(one, "/notices/<notice_id:int>", name="notice")
    routes.add_route(edit, "/notices/<notice_id:int>/edit", name="edit_notice")
    for deed, name in ((change, "edit"), (submit, "submit"), (call_back, "call-back"),
                       (withdraw, "withdraw")):  # fmt: skip
        routes.add_route(
            deed, f"/notices/<notice_id:int>/{name}", name=f"{name.replace('-', '_')}_notice_form",
            methods={"POST"},
        )  # fmt: skip


@staff(Permission.WRITE_NOTICES)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show the notices of somebody's zones or agencies."""
    wanted = request.args.get("state", "")
    rows = notices.seen_by(actor)
    with suppress(ValueError):
        rows = rows.filter(state=NoticeState(wanted))
    if request.args.get("unknown"):
        unknown = await delivery_results.with_unknown_cards(actor, datetime.now(UTC)).only("id")
        rows = rows.filter(id__in=[notice.id for notice in unknown])
    part = PageOfList.of(request, await rows.count())
    shown = await rows.select_related("venue", "author").offset(part.offset).limit(part.size)
    states = [("", "全部"), *((state.value, state.label) for state in NoticeState)]
    return show(
        request, actor, "console/notices.html",
        notices=shown, part=part, states=states, state=wanted,
    )  # fmt: skip


@staff(Permission.WRITE_NOTICES)
async def new(request: Request, actor: Actor) -> HTTPResponse:
    """Show the form of a new notice."""
    return await _form(request, actor, None, dict(notice_form.NEW), {}, edits=0)


@staff(Permission.WRITE_NOTICES)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Keep a new draft."""
    form = Form(request)
    content = await notice_form.read(form, actor, await use_for_notices(request))
    if content is not None:
        try:
            notice = await notices.begin(actor, content)
        except NoticeDefective as wrong:
            form.errors |= wrong.faults
        else:
            return go_on(request, f"{_LIST}/{notice.id}", _SAVED)
    return await _form(request, actor, None, form.values, form.errors, edits=0)


@staff(Permission.WRITE_NOTICES)
async def one(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Show a notice as it will be seen, and what may be done with it."""
    return await _page(request, actor, await notices.find(actor, notice_id), {})


@staff(Permission.WRITE_NOTICES)
async def edit(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Show the form of a draft."""
    notice = await notices.find(actor, notice_id)
    if notice.state is not NoticeState.DRAFT:
        return go_on(request, f"{_LIST}/{notice_id}", "要修改，请先取回。")
    values = notice_form.values_of(notice)
    return await _form(request, actor, notice, values, {}, edits=notice.edits)


@staff(Permission.WRITE_NOTICES)
async def change(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Keep what was written. Who comes second sees what the first wrote beside their own."""
    form = Form(request)
    edits = form.edits()
    content = await notice_form.read(form, actor, await use_for_notices(request))
    theirs: dict[str, str] | None = None
    if content is not None:
        try:
            await notices.save(actor, notice_id, content, edits=edits)
        except NoticeDefective as wrong:
            form.errors |= wrong.faults
        except EditedMeanwhile as meanwhile:
            form.errors["title"] = meanwhile.sentence
            theirs = notice_form.values_of(await notices.find(actor, notice_id))
        else:
            return go_on(request, f"{_LIST}/{notice_id}", _SAVED)
    notice = await notices.find(actor, notice_id)
    return await _form(
        request, actor, notice, form.values, form.errors,
        edits=edits if theirs is None else notice.edits, theirs=theirs,
    )  # fmt: skip


@staff(Permission.WRITE_NOTICES)
async def check(request: Request, actor: Actor) -> HTTPResponse:
    """Say what is wrong with what is being typed, and how the card looks."""
    form = Form(request)
    content = await notice_form.read(form, actor, await use_for_notices(request))
    if content is None:
        return json({"faults": form.errors, "card": []})
    looks = await looks_of(request, content, datetime.now(UTC))
    card = [{"label": line.field.label, "value": line.value} for line in looks.card]
    return json({"faults": looks.faults, "card": card})


@staff(Permission.WRITE_NOTICES)
async def submit(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Hand a draft in."""
    edits, now = Form(request).edits(), datetime.now(UTC)
    try:
        use = await use_for_notices(request)
        await notices.submit(actor, notice_id, edits=edits, use=use, now=now)
    except NoticeDefective as wrong:
        return await _page(request, actor, await notices.find(actor, notice_id), wrong.faults)
    return go_on(request, f"{_LIST}/{notice_id}", "已提交，等待另一个人审查。")


@staff(Permission.WRITE_NOTICES)
async def call_back(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Make it a draft again."""
    await notices.give_back(actor, notice_id, "", edits=Form(request).edits())
    return go_on(request, f"{_LIST}/{notice_id}", "已取回，可以修改。")


@staff(Permission.WRITE_NOTICES)
async def withdraw(request: Request, actor: Actor, notice_id: int) -> HTTPResponse:
    """Take it away from everywhere."""
    form = Form(request)
    reason = form.text("reason", "撤回原因", longest=200, required=True)
    edits = form.edits()
    if form.errors:
        return await _page(request, actor, await notices.find(actor, notice_id), form.errors)
    await notices.withdraw(actor, notice_id, reason, edits=edits, now=datetime.now(UTC))
    synthesiser = context_of(request).parts.synthesiser
    if synthesiser is not None:
        await synthesiser.forget(notice_board.owner_of(notice_id))
    return go_on(request, f"{_LIST}/{notice_id}", "已撤回，自助机和小程序不再显示。")


async def _page(
    request: Request, actor: Actor, notice: Notice, errors: dict[str, str]
) -> HTTPResponse:
    looks = await looks_of(request, NoticeContent.of_row(notice), datetime.now(UTC))
    return show(
        request, actor, "console/notice.html", status=422 if errors else 200,
        notice=notice, looks=looks, errors=errors,
        can=lambda state: notice.state.can_become(NoticeState(state)),
    )  # fmt: skip


async def _form(
    request: Request,
    actor: Actor,
    notice: Notice | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    edits: int,
    theirs: dict[str, str] | None = None,
) -> HTTPResponse:
    names = ("venue", "agency_id", "title", "text", "audience", "category", "publish_at")
    more = ("shown_until", "is_emergency", "on_kiosks", "on_phones", "by_card")
    use = await use_for_notices(request)
    lines = []
    if use is not None:
        lines = fields_of(use.template)
    return show(
        request, actor, "console/notice_form.html", status=409 if theirs else 422 if errors else 200,
        notice=notice, values=dict.fromkeys((*names, *more), "") | values, errors=errors,
        edits_shown=edits, theirs=theirs, card_fields=lines, **await notice_form.choices(actor),
    )  # fmt: skip

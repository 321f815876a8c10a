"""How an agency words its letters: all of them, and the form for one with what is wrong with it."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request

from models.official_letter import LetterKind
from models.outcome import Outcome
from server.console.disclosure_offices import PATH, agency_of
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from services import letter_templates
from services.access import Actor, Permission
from services.disclosure.letter_check import lint_template
from services.disclosure.letter_fields import PLACEHOLDERS
from services.disclosure.outcomes import law_of
from services.errors import EditedMeanwhile, Invalid, NotFound
from services.letter_templates import LONGEST_TITLE

_KEEP = Permission.KEEP_OFFICES


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    office = "/disclosure-offices/<agency_id:int>"
    routes.add_route(every, f"{office}/templates", name="letter_templates")
    routes.add_route(one, f"{office}/template", name="letter_template")
    routes.add_route(change, f"{office}/template", methods={"POST"}, name="change_template")
    routes.add_route(drop, f"{office}/template/drop", methods={"POST"}, name="drop_template")


@staff(_KEEP)
async def every(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Show all wordings in use."""
    agency = await agency_of(actor, agency_id)
    rows = [
        (found, label_of(found.kind, found.outcome), lint_template(
            found.wording.body, found.kind, found.outcome
        ) if found.is_own else ())
        for found in await letter_templates.in_use(actor, agency_id)
    ]  # fmt: skip
    return show(request, actor, "console/letter_templates.html", agency=agency, rows=rows)


@staff(_KEEP)
async def one(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Show the form for one wording."""
    kind, outcome = _which(request.args.get("kind", ""), request.args.get("outcome", ""))
    return await _page(request, actor, agency_id, kind, outcome)


@staff(_KEEP)
async def change(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Keep an own wording."""
    form = Form(request)
    kind, outcome = _which(form.raw("kind"), form.raw("outcome"))
    try:
        await letter_templates.save(
            actor, agency_id, kind, outcome, title=form.raw("title"), body=form.raw("body"),
            edits=form.edits(),
        )  # fmt: skip
    except (Invalid, EditedMeanwhile) as refused:
        return await _page(request, actor, agency_id, kind, outcome, form, refused)
    return go_on(request, f"{PATH}/{agency_id}/templates", "模板已保存，以后起草都用它。")


@staff(_KEEP)
async def drop(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Return to the wording that ships."""
    form = Form(request)
    kind, outcome = _which(form.raw("kind"), form.raw("outcome"))
    try:
        await letter_templates.drop(actor, agency_id, kind, outcome, edits=form.edits())
    except EditedMeanwhile as refused:
        return await _page(request, actor, agency_id, kind, outcome, form, refused)
    return go_on(request, f"{PATH}/{agency_id}/templates", "已恢复系统自带的写法。")


def label_of(kind: LetterKind, outcome: Outcome | None) -> str:
    """Return what a wording is for."""
    return kind.label if outcome is None else f"{kind.label}：{law_of(outcome).label}"


def _which(kind: str, outcome: str) -> tuple[LetterKind, Outcome | None]:
    if kind not in set(LetterKind) or outcome not in {"", *Outcome}:
        raise NotFound("There is no such letter.")
    wanted = (LetterKind(kind), Outcome(outcome) if outcome else None)
    if wanted not in letter_templates.every_kind():
        raise NotFound("There is no such letter.")
    return wanted


async def _page(
    request: Request,
    actor: Actor,
    agency_id: int,
    kind: LetterKind,
    outcome: Outcome | None,
    form: Form | None = None,
    refused: Invalid | EditedMeanwhile | None = None,
) -> HTTPResponse:
    agency = await agency_of(actor, agency_id)
    found = await letter_templates.one(agency_id, kind, outcome)
    title, body, findings, status = found.wording.title, found.wording.body, (), 200
    if form is not None and refused is not None:
        title, body = form.raw("title") or title, form.raw("body") or body
        status = 409 if isinstance(refused, EditedMeanwhile) else 422
        findings = getattr(refused, "findings", ())
    return show(
        request, actor, "console/letter_template.html", status=status, agency=agency, found=found,
        label=label_of(kind, outcome), kind=kind.value, outcome=outcome.value if outcome else "",
        law=law_of(outcome) if outcome else None, title=title, body=body, findings=findings,
        sentence=refused.sentence if refused is not None else "", placeholders=PLACEHOLDERS,
        longest_title=LONGEST_TITLE, path=f"{PATH}/{agency_id}",
    )  # fmt: skip

"""Letters of a case at the console: drafted from the wording in use, written on, issued and served."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.application import DeliveryWay
from models.official_letter import LetterKind, OfficialLetter
from models.outcome import Outcome
from server.console.application_letter_page import (
    PATH,
    REFUSALS,
    hand_back,
    let_pass,
    letter_form,
    letter_page,
)
from server.console.application_page import Refused, case_page
from server.console.forms import Form
from server.console.pages import go_on
from server.console.staff_door import staff
from server.context import context_of
from server.printed_files import FileKind, printed_file
from services import letter_files, letter_issue, letters
from services.access import Actor, Permission
from services.errors import Invalid

_WORK, _APPROVE = Permission.WORK_ON_APPLICATIONS, Permission.APPROVE_APPLICATIONS


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(
        draft, "/applications/<application_id:int>/letters", methods={"POST"}, name="draft_letter"
    )
    one = "/application-letters/<letter_id:int>"
    routes.add_route(shown, one, name="letter")
    for kind in FileKind:
        routes.add_route(send, f"{one}/letter.{kind}", name=f"letter_{kind}")
    for name, handler in {
        "save": save, "review": send_for_review, "pass": pass_review, "return": give_back,
        "issue": issue, "serve": serve, "void": void,
    }.items():  # fmt: skip
        routes.add_route(handler, f"{one}/{name}", methods={"POST"}, name=f"{name}_letter")


@staff(_WORK)
async def draft(request: Request, actor: Actor, application_id: int) -> HTTPResponse:
    """Begin a letter, and go on to its page."""
    form = Form(request)
    kind = form.choice("kind", "文书", LetterKind)
    outcome = form.raw("outcome")
    party = form.number("consultation", "对象", least=0, most=10**8)
    try:
        if kind is None or outcome not in {"", *Outcome}:
            raise Invalid("No such letter.", sentence="请选择要起草的文书。")
        letter = await letters.draft(
            actor, application_id, kind,
            outcome=Outcome(outcome) if outcome and kind is LetterKind.N12_REPLY else None,
            consultation_id=party or None, keys=context_of(request).parts.keys,
            now=datetime.now(UTC),
        )  # fmt: skip
    except REFUSALS as refused:
        again = Refused.of("letter", refused, form.values, form.errors)
        return await case_page(request, actor, application_id, refused=again)
    return go_on(request, f"{PATH}/{letter.id}", "已按模板拟好，请补齐【】里的内容。")


@staff(_WORK)
async def shown(request: Request, actor: Actor, letter_id: int) -> HTTPResponse:
    """Show one letter."""
    return await letter_page(request, actor, letter_id)


@staff(_WORK)
async def send(request: Request, actor: Actor, letter_id: int) -> HTTPResponse:
    """Send a letter as a file, in large print with ?large=1."""
    one = await letter_files.shown(
        actor, letter_id, keys=context_of(request).parts.keys, now=datetime.now(UTC),
        large=request.args.get("large") == "1",
    )  # fmt: skip
    kind = FileKind(request.path.rpartition(".")[2])
    # The name of the file tells of nobody.
    return await printed_file(one.document, kind, f"{one.letter.kind.label}-{letter_id}")


@staff(_WORK)
@letter_form
async def save(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Keep what was written."""
    await letters.save(
        actor, letter_id, title=form.raw("title"), body=form.raw("body"), edits=form.edits(),
        keys=context_of(request).parts.keys,
    )  # fmt: skip
    return go_on(request, f"{PATH}/{letter_id}", "已保存。")


@staff(_WORK)
@letter_form
async def send_for_review(
    request: Request, actor: Actor, letter_id: int, form: Form
) -> HTTPResponse:
    """Send a reply to the secrecy check."""
    await letters.send_for_review(
        actor, letter_id, edits=form.edits(), case_edits=form.edits("case_edits"),
        note=form.raw("note"), keys=context_of(request).parts.keys, now=datetime.now(UTC),
    )  # fmt: skip
    return go_on(request, f"{PATH}/{letter_id}", "已送审，由另一个人做保密审查。")


@staff(_APPROVE)
@letter_form
async def pass_review(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Let a reply pass, as the head of the office."""
    await let_pass(request, actor, letter_id, form)
    return go_on(request, f"{PATH}/{letter_id}", "审查通过，可以制发。")


@staff(_APPROVE)
@letter_form
async def give_back(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Give a reply back with the reason, as the head of the office."""
    await hand_back(request, actor, letter_id, form)
    return go_on(request, f"{PATH}/{letter_id}", "已退回修改。")


@staff(_WORK)
@letter_form
async def issue(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Give a letter its number and its last words."""
    way = form.choice("way", "送达方式", DeliveryWay)
    letter = await letter_issue.issue(
        actor, letter_id, way=way, edits=form.edits(), case_edits=form.edits("case_edits"),
        keys=context_of(request).parts.keys, now=datetime.now(UTC),
    )  # fmt: skip
    number = f"，文号{letter.number}" if letter.number else ""
    return go_on(request, f"{PATH}/{letter_id}", f"已制发{number}。请打印盖章，送达以后登记。")


@staff(_WORK)
@letter_form
async def serve(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Note that a letter was served."""
    way = form.choice("way", "送达方式", DeliveryWay)
    sent_on = form.day("sent_on", "发出日期", required=True)
    arrived_on: date | None = form.day("arrived_on", "签收或者到达的日期")
    if way is None or sent_on is None or form.errors:
        sentence = next(iter(form.errors.values()))
        raise Invalid("The form has mistakes.", sentence=sentence)
    letter = await letter_issue.serve(
        actor, letter_id, way=way, sent_on=sent_on, arrived_on=arrived_on,
        proof=form.raw("proof"), edits=form.edits(), case_edits=form.edits("case_edits"),
        keys=context_of(request).parts.keys, now=datetime.now(UTC),
    )  # fmt: skip
    back = f"/console/applications/{letter.application_id}"
    return go_on(request, back, f"《{letter.title}》已登记送达。")


@staff(_WORK)
@letter_form
async def void(request: Request, actor: Actor, letter_id: int, form: Form) -> HTTPResponse:
    """Put a letter away."""
    letter: OfficialLetter = await letters.void(actor, letter_id, edits=form.edits())
    return go_on(request, f"/console/applications/{letter.application_id}", "已作废。")

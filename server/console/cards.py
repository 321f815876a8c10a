"""The account's templates of subscription messages, and by which of them each purpose is told."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from models.card_template import CardPurpose, CardTemplate, CardUse
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import card_templates
from services.access import Actor, Permission
from services.card_templates import FillingDefective, Wanted, tried
from services.cards.fields import Field, fields_of
from services.cards.sources import CONSTANT, SOURCES
from services.errors import EditedMeanwhile, NotFound
from services.wechat import WeChatFailed

_LIST = "/console/cards"
_NOTHING = "没有配置小程序，不能发订阅消息。"


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/cards", name="cards")
    routes.add_route(refresh, "/cards/refresh", name="refresh_cards", methods={"POST"})
    routes.add_route(use, "/cards/use", name="card_use")
    routes.add_route(settle, "/cards/use", name="settle_card_use", methods={"POST"})
    routes.add_route(
        resume, "/cards/<template_id:int>/resume", name="resume_card", methods={"POST"}
    )


@staff(Permission.KEEP_WECHAT)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show each purpose with its template, and every template with its state."""
    app_id = _app_id(request)
    return show(
        request, actor, "console/cards.html",
        app_id=app_id, uses=await card_templates.uses(app_id), purposes=list(CardPurpose),
        templates=await card_templates.every(app_id), fields_of=fields_of,
    )  # fmt: skip


@staff(Permission.KEEP_WECHAT)
async def refresh(request: Request, actor: Actor) -> HTTPResponse:
    """Ask WeChat for the list again."""
    wechat = context_of(request).parts.wechat
    if wechat is None:
        return go_on(request, _LIST, _NOTHING)
    try:
        found = await card_templates.refresh(wechat, _app_id(request), datetime.now(UTC))
    except WeChatFailed as failed:
        return go_on(request, _LIST, f"没有取到模板列表。{failed.sentence}")
    gone = f"，有 {found.vanished} 个已经不在账号里" if found.vanished else ""
    return go_on(request, _LIST, f"账号里有 {found.listed} 个模板{gone}。")


@staff(Permission.KEEP_WECHAT)
async def use(request: Request, actor: Actor) -> HTTPResponse:
    """Show how a purpose is told; ?template= tries another template."""
    purpose = _purpose(request.args.get("purpose", ""))
    settled = (await card_templates.uses(_app_id(request))).get(purpose)
    template = settled.template if settled is not None else None
    if "template" in request.args:
        template = await _template(request, request.args.get("template", ""))
    filling = settled.filling if settled is not None else {}
    return await _form(request, actor, purpose, settled, template, filling, {})


@staff(Permission.KEEP_WECHAT)
async def settle(request: Request, actor: Actor) -> HTTPResponse:
    """Settle by which template a purpose is told, and what fills it."""
    form = Form(request)
    edits, purpose = form.edits(), _purpose(form.raw("purpose"))
    template = await _template(request, form.raw("template"))
    filling = _filling(form, template)
    settled = (await card_templates.uses(_app_id(request))).get(purpose)
    try:
        await card_templates.settle_use(
            actor, _app_id(request), purpose, Wanted(template, filling), edits=edits
        )
    except FillingDefective as wrong:
        return await _form(request, actor, purpose, settled, template, filling, wrong.faults)
    except EditedMeanwhile as meanwhile:
        faults = {"template": meanwhile.sentence}
        return await _form(request, actor, purpose, settled, template, filling, faults)
    told = f"用“{template.title}”" if template is not None else "不用订阅消息"
    return go_on(request, _LIST, f"已保存：{purpose.label}{told}告知。")


@staff(Permission.KEEP_WECHAT)
async def resume(request: Request, actor: Actor, template_id: int) -> HTTPResponse:
    """Let a halted template be sent by again."""
    await card_templates.resume(actor, _app_id(request), template_id)
    return go_on(request, _LIST, "已恢复使用。")


def _app_id(request: Request) -> str:
    return context_of(request).parts.settings.wechat_app_id


def _purpose(value: str) -> CardPurpose:
    with suppress(ValueError):
        return CardPurpose(value)
    raise NotFound("There is no such purpose.")


async def _template(request: Request, typed: str) -> CardTemplate | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    return await card_templates.find(_app_id(request), int(typed))


def _filling(form: Form, template: CardTemplate | None) -> dict[str, str]:
    """Return what was chosen for each field: a source, or words that always stand there."""
    filling: dict[str, str] = {}
    for field in fields_of(template) if template is not None else []:
        chosen = form.raw(field.key)
        if chosen == CONSTANT:
            chosen = CONSTANT + form.text(f"{field.key}-words", field.label, longest=80)
        filling[field.key] = chosen
    return filling


async def _form(
    request: Request,
    actor: Actor,
    purpose: CardPurpose,
    settled: CardUse | None,
    template: CardTemplate | None,
    filling: dict[str, str],
    errors: dict[str, str],
) -> HTTPResponse:
    sources = [(source.name, source.label) for source in SOURCES[purpose]]
    listed = [one for one in await card_templates.every(_app_id(request)) if one.is_listed]
    return show(
        request, actor, "console/card_use.html", status=422 if errors else 200,
        purpose=purpose, settled=settled, chosen=template, errors=errors,
        templates=[("", "不用订阅消息"), *((str(t.id), t.title) for t in listed)],
        choices=[("", "请选择"), *sources, (CONSTANT, "固定文字")],
        fields=[_Shown.of(field, filling) for field in fields_of(template)] if template else [],
        card=tried(purpose, template, filling) if template else [],
    )  # fmt: skip


class _Shown:
    """A field of the form: the choice, and the words where those were chosen."""

    def __init__(self, field: Field, chosen: str, words: str) -> None:
        self.field, self.chosen, self.words = field, chosen, words

    @classmethod
    def of(cls, field: Field, filling: dict[str, str]) -> _Shown:
        given = filling.get(field.key, "")
        if given.startswith(CONSTANT):
            return cls(field, CONSTANT, given.removeprefix(CONSTANT))
        return cls(field, given, "")

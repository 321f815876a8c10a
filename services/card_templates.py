"""The account's templates of subscription messages, and which of them tells what.

WeChat is asked for the list at the start, once a day and by a button; what vanished from it stays
here as no longer listed, since messages were sent by it. Which template tells a purpose, and what
fills its fields, an administrator settles: it is checked with examples before it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.card_template import CardPurpose, CardTemplate, CardUse
from services import audit
from services.access import Actor, Permission
from services.audit import Action
from services.cards.fields import TemplateText, fields_of
from services.cards.preview import Line, card_lines
from services.cards.sources import CONSTANT, SOURCES, examples
from services.errors import EditedMeanwhile, Invalid, NotFound
from services.wechat import WeChat

_LONGEST_CONSTANT = 32
_KEPT_OF_LIST = ["title", "content", "example", "is_long_term", "choices", "is_listed", "listed_at"]


@dataclass(frozen=True)
class Refreshed:
    """What asking for the list came to."""

    listed: int
    vanished: int
    """Templates that the account had before, and has no longer."""


async def refresh(wechat: WeChat, app_id: str, now: datetime) -> Refreshed:
    """Take over the account's templates as WeChat lists them. Safe to repeat, and to do twice at once.

    Raises WeChatFailed; nothing is changed then.
    """
    listed = {one.template_id: one for one in await wechat.templates()}
    async with in_transaction() as database:
        if listed:
            await CardTemplate.bulk_create(
                [
                    CardTemplate(
                        app_id=app_id,
                        template_id=one.template_id[:80],
                        title=one.title[:100],
                        content=one.content,
                        example=one.example,
                        is_long_term=one.is_long_term,
                        choices=one.choices,
                        is_listed=True,
                        listed_at=now,
                    )
                    for one in listed.values()
                ],
                on_conflict=["app_id", "template_id"],
                update_fields=_KEPT_OF_LIST,
                using_db=database,
            )
        gone = CardTemplate.filter(app_id=app_id, is_listed=True, template_id__not_in=list(listed))
        vanished = await gone.using_db(database).update(is_listed=False)
    return Refreshed(len(listed), vanished)


async def refreshed_after(app_id: str, moment: datetime) -> bool:
    """Return whether the list was asked for since a moment, by this process or another."""
    return await CardTemplate.filter(app_id=app_id, listed_at__gt=moment).exists()


async def every(app_id: str) -> list[CardTemplate]:
    """Return all templates that the account has or had, those it has first."""
    return await CardTemplate.filter(app_id=app_id).order_by("-is_listed", "title", "id")


async def use_of(app_id: str, purpose: CardPurpose) -> CardUse | None:
    """Return how a purpose is told, with its template; None where it is told by none.

    The template may be halted: who sends looks at halted_at.
    """
    return (
        await CardUse.filter(app_id=app_id, purpose=purpose, template__is_listed=True)
        .select_related("template")
        .first()
    )


def card_values(
    use: CardUse, sources: dict[str, str], written: dict[str, str] | None = None
) -> dict[str, str]:
    """Return what stands in every field of a card, cut to its limits.

    `sources`: of services.cards.sources. `written`: by key, what staff wrote in its place.
    """
    lines = card_lines(use.template, use.filling, sources, written)
    return {line.field.key: line.value for line in lines}


def lines_of(
    use: CardUse, sources: dict[str, str], written: dict[str, str] | None = None
) -> list[Line]:
    """Return a card as somebody will see it, with what is wrong in each field."""
    return card_lines(use.template, use.filling, sources, written)


async def uses(app_id: str) -> dict[CardPurpose, CardUse]:
    """Return how each purpose is told, with the templates; those told by none are missing."""
    rows = await CardUse.filter(app_id=app_id).select_related("template")
    return {row.purpose: row for row in rows}


def tried(purpose: CardPurpose, template: TemplateText, filling: dict[str, str]) -> list[Line]:
    """Return what a card would look like with the examples of its purpose."""
    return card_lines(template, filling, examples(purpose))


@dataclass(frozen=True)
class Wanted:
    """By which template a purpose is to be told; None for by none."""

    template: CardTemplate | None
    filling: dict[str, str]


class FillingDefective(Invalid):
    """Something in a card would be refused by WeChat."""

    code = "filling_defective"
    sentence = "有的内容填不进这个模板，请按提示修改。"

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("A field would be refused.")
        self.faults = faults
        """By the field's key, a sentence."""


async def find(app_id: str, template_id: int) -> CardTemplate:
    """Return a template of the account by its row. Raises NotFound."""
    template = await CardTemplate.get_or_none(id=template_id, app_id=app_id)
    if template is None:
        raise NotFound("There is no such template.", sentence="没有找到这个模板，请刷新后再选。")
    return template


async def settle_use(
    actor: Actor, app_id: str, purpose: CardPurpose, wanted: Wanted, *, edits: int
) -> None:
    """Settle by which template a purpose is told, and what fills its fields.

    `edits`: as the page showed it, 0 where there was none. Raises FillingDefective, EditedMeanwhile.
    """
    actor.require(Permission.KEEP_WECHAT)
    if wanted.template is not None:
        _require_sound(purpose, wanted.template, wanted.filling)
    async with in_transaction() as database:
        shown = CardUse.filter(app_id=app_id, purpose=purpose).using_db(database)
        if wanted.template is None:
            if not await shown.filter(edits=edits).delete():
                await _require_none(app_id, purpose)
        elif not await shown.filter(edits=edits).update(
            template_id=wanted.template.id, filling=wanted.filling, edits=F("edits") + 1
        ):
            await _require_none(app_id, purpose)
            await CardUse.create(
                app_id=app_id,
                purpose=purpose,
                template=wanted.template,
                filling=wanted.filling,
                edits=1,
                using_db=database,
            )
        await audit.record(
            actor,
            Action.CARD_USE_CHANGED,
            f"card_use:{purpose.value}",
            using_db=database,
            template=wanted.template.id if wanted.template is not None else None,
        )


async def resume(actor: Actor, app_id: str, template_id: int) -> None:
    """Let a template that was halted be sent by again: whoever keeps the account put it right."""
    actor.require(Permission.KEEP_WECHAT)
    template = await find(app_id, template_id)
    async with in_transaction() as database:
        halted = CardTemplate.filter(id=template.id).exclude(halted_at=None).using_db(database)
        if await halted.update(halted_at=None, halted_errcode=None):
            await audit.record(
                actor,
                Action.CARD_USE_CHANGED,
                f"card_template:{template.id}",
                using_db=database,
                deed="resumed",
            )


async def _require_none(app_id: str, purpose: CardPurpose) -> None:
    if await CardUse.filter(app_id=app_id, purpose=purpose).exists():
        raise EditedMeanwhile(f"The use for {purpose} was changed.")


def _require_sound(purpose: CardPurpose, template: CardTemplate, filling: dict[str, str]) -> None:
    names = {source.name for source in SOURCES[purpose]}
    fields = fields_of(template)
    faults: dict[str, str] = {}
    for field in fields:
        given = filling.get(field.key, "")
        if given.startswith(CONSTANT):
            if len(given) > len(CONSTANT) + _LONGEST_CONSTANT:
                faults[field.key] = f"“{field.label}”的固定文字最多 {_LONGEST_CONSTANT} 个字。"
        elif given not in names:
            faults[field.key] = f"请选择用什么填“{field.label}”。"
    if not fields:
        faults["template"] = "这个模板里没有可以填的字段，请另选一个。"
    for line in tried(purpose, template, filling):
        if line.fault:
            faults.setdefault(line.field.key, line.fault)
    if set(filling) - {field.key for field in fields}:
        raise Invalid("There is a filling for a field that the template has not.")
    if faults:
        raise FillingDefective(faults)

"""The form of a notice: what was typed read into its content, and the content shown in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sanic import Request

from models.card_template import CardPurpose, CardUse
from models.category import Category
from models.notice import Audience, Notice
from models.venue import Venue
from server.console.forms import Form
from server.console.scopes import SHARED, scopes_of
from server.context import context_of
from services import card_templates, notice_board
from services.access import Actor
from services.cards.fields import fields_of
from services.cards.preview import Line
from services.clock import ZONE
from services.notice_content import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    NoticeContent,
    card_of,
    faults_in,
)

CARD = "card:"
"""Before the key of a card's field, in names of fields and of faults."""


@dataclass(frozen=True)
class Looks:
    """A notice as people will see it, and what keeps it from going out."""

    content: NoticeContent
    zone: str
    card: list[Line]
    card_title: str
    faults: dict[str, str]


async def use_for_notices(request: Request) -> CardUse | None:
    """Return by which template notices are told, None where that is not settled."""
    app_id = context_of(request).parts.settings.wechat_app_id
    return await card_templates.use_of(app_id, CardPurpose.NOTICE) if app_id else None


async def looks_of(request: Request, content: NoticeContent, now: datetime) -> Looks:
    """Return what a notice looks like."""
    use = await use_for_notices(request)
    zone = (await Venue.get(id=content.venue_id)).title
    return Looks(
        content,
        zone,
        card_of(content, use, zone=zone, now=now),
        use.template.title if use is not None else "",
        faults_in(content, use, zone=zone, now=now),
    )


async def read(form: Form, actor: Actor, use: CardUse | None) -> NoticeContent | None:
    """Return what a form says, None with errors in the form where it cannot be used."""
    scopes = await scopes_of(actor)
    venue, agency = form.raw("venue"), form.raw("agency_id")
    if venue == SHARED or venue not in dict(scopes.venues):
        form.errors["venue"] = "请选择由哪个专区发布。"
    if actor.acts_for_agencies and agency not in dict(scopes.agencies):
        form.errors["agency_id"] = "请选择以哪个机关的名义发布。"
    title = form.text("title", "标题", longest=LONGEST_TITLE, required=True)
    text = form.text("text", "正文", longest=LONGEST_TEXT)
    audience = form.choice("audience", "发给谁", Audience)
    category = None
    if audience is Audience.SUBJECT and form.raw("category"):
        category = form.choice("category", "主题", Category)
    publish_at = form.moment("publish_at", "发布时间")
    shown_until = form.moment("shown_until", "显示截止时间")
    written = {} if use is None else _card_values(form, use)
    if audience is None or form.errors:
        return None
    return NoticeContent(
        venue_id=int(venue),
        agency_id=int(agency) if actor.acts_for_agencies else None,
        title=title,
        text=text,
        audience=audience,
        category=category,
        is_emergency=form.ticked("is_emergency"),
        on_kiosks=form.ticked("on_kiosks"),
        on_phones=form.ticked("on_phones"),
        by_card=form.ticked("by_card"),
        card_values=written,
        publish_at=publish_at,
        shown_until=shown_until,
    )


def _card_values(form: Form, use: CardUse) -> dict[str, str]:
    typed = {f.key: form.text(CARD + f.key, f.label, longest=80) for f in fields_of(use.template)}
    return {key: value for key, value in typed.items() if value}


def values_of(notice: Notice) -> dict[str, str]:
    """Return what the form of a notice shows."""
    values = {
        "venue": str(notice.venue_id),
        "agency_id": str(notice.agency_id or ""),
        "title": notice.title,
        "text": notice.text,
        "audience": notice.audience.value,
        "category": notice.category.value if notice.category else "",
        "publish_at": _typed(notice.publish_at),
        "shown_until": _typed(notice.shown_until),
    }
    for name in ("is_emergency", "on_kiosks", "on_phones", "by_card"):
        values[name] = "1" if getattr(notice, name) else ""
    return values | {CARD + key: value for key, value in notice.card_values.items()}


NEW = {"on_kiosks": "1", "on_phones": "1", "audience": Audience.VENUE.value}
"""What the form of a new notice shows."""


async def choices(actor: Actor) -> dict[str, object]:
    """Return what a form offers to choose from."""
    scopes = await scopes_of(actor)
    return {
        "venues": [one for one in scopes.venues if one[0] != SHARED],
        "agencies": scopes.agencies if actor.acts_for_agencies else [],
        "audiences": [(one.value, one.label) for one in Audience],
        "categories": [("", "请选择"), *((c.value, c.label) for c in notice_board.subjects())],
        "longest_title": LONGEST_TITLE,
        "longest_text": LONGEST_TEXT,
    }


def _typed(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M}" if moment else ""

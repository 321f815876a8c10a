"""What staff write into a notice, and what keeps it from going out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from models.card_template import CardUse
from models.category import Category
from models.notice import Audience, Notice
from services.card_templates import lines_of
from services.cards.preview import Line
from services.cards.sources import of_notice
from services.errors import Invalid

LONGEST_TITLE = 60
LONGEST_TEXT = 2_000
"""About seven minutes read aloud: what is longer belongs into a document."""
_LONGEST_EMERGENCY_TEXT = 200
"""It is read three times, and fills a screen in letters of 40 pixels."""


@dataclass(frozen=True)
class NoticeContent:
    """What staff say in a notice, to whom and when."""

    venue_id: int
    agency_id: int | None
    title: str
    text: str
    audience: Audience = Audience.VENUE
    category: Category | None = None
    is_emergency: bool = False
    on_kiosks: bool = True
    on_phones: bool = True
    by_card: bool = False
    card_values: dict[str, str] = field(default_factory=dict)
    """By key, what stands in the card in place of what fills it."""
    publish_at: datetime | None = None
    shown_until: datetime | None = None

    @classmethod
    def of_row(cls, row: Notice) -> NoticeContent:
        """Return what a notice says."""
        return cls(
            **{name: getattr(row, name) for name in cls.__dataclass_fields__}  # the same names
        )

    def columns(self) -> dict[str, object]:
        """Return it by the columns of a notice."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class NoticeDefective(Invalid):
    """Something in a notice keeps it from going out."""

    code = "notice_defective"
    sentence = "通知还有需要修改的地方，请按提示修改后再提交。"

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("A notice has faults.", sentence=next(iter(faults.values())))
        self.faults = faults
        """By field, a sentence; those of the card by "card:" and their key."""


def require_storable(content: NoticeContent) -> None:
    """Raise NoticeDefective for what not even a draft can hold."""
    faults: dict[str, str] = {}
    if not content.title.strip():
        faults["title"] = "请填写标题。"
    elif len(content.title) > LONGEST_TITLE:
        faults["title"] = f"标题太长了，请不要超过 {LONGEST_TITLE} 个字。"
    elif "\n" in content.title or "\0" in content.title + content.text:
        faults["title"] = "标题请写成一行。"
    if len(content.text) > LONGEST_TEXT:
        faults["text"] = f"正文太长了，请不要超过 {LONGEST_TEXT} 个字。"
    if faults:
        raise NoticeDefective(faults)


def card_of(content: NoticeContent, use: CardUse | None, *, zone: str, now: datetime) -> list[Line]:
    """Return the card that tells a notice, none where no template does."""
    if use is None:
        return []
    sources = of_notice(
        content.title,
        content.text,
        zone=zone,
        is_emergency=content.is_emergency,
        at=content.publish_at or now,
    )
    return lines_of(use, sources, content.card_values)


def faults_in(
    content: NoticeContent, use: CardUse | None, *, zone: str, now: datetime
) -> dict[str, str]:
    """Return what keeps a notice from going out, by field, {} where nothing does.

    `use`: how notices are told by card, None where that is not settled.
    """
    faults: dict[str, str] = {}
    if not content.text.strip():
        faults["text"] = "请填写正文。"
    if content.audience is Audience.SUBJECT and content.category is None:
        faults["category"] = "请选择主题。"
    if not (content.on_kiosks or content.on_phones):
        faults["on_kiosks"] = "请选择在自助机上显示，或者发到小程序。"
    if content.is_emergency:
        faults |= _emergency_faults(content)
    if content.shown_until is not None:
        if content.shown_until <= now:
            faults["shown_until"] = "显示截止时间已经过了。"
        elif content.publish_at is not None and content.shown_until <= content.publish_at:
            faults["shown_until"] = "显示截止时间要晚于发布时间。"
    if content.by_card:
        faults |= _card_faults(content, use, zone=zone, now=now)
    return faults


def _emergency_faults(content: NoticeContent) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not content.on_kiosks:
        faults["on_kiosks"] = "紧急通知要在自助机上显示。"
    if len(content.text) > _LONGEST_EMERGENCY_TEXT:
        faults["text"] = (
            f"紧急通知要大字显示并反复朗读，正文请不要超过 {_LONGEST_EMERGENCY_TEXT} 个字。"
        )
    return faults


def _card_faults(
    content: NoticeContent, use: CardUse | None, *, zone: str, now: datetime
) -> dict[str, str]:
    if not content.on_phones:
        return {"by_card": "发订阅消息的通知也要发到小程序：点开消息要看得到全文。"}
    if use is None:
        return {"by_card": "还没有设定通知用哪个订阅消息模板，请联系系统管理员。"}
    if use.template.halted_at is not None:
        return {"by_card": "这个订阅消息模板已经停用，请联系系统管理员。"}
    lines = card_of(content, use, zone=zone, now=now)
    return {f"card:{line.field.key}": line.fault for line in lines if line.fault}

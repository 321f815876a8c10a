"""What an applicant is told on the phone about their case: that something happened, and until when.

Never what was applied for nor what was answered: phones are looked at by others.
"""

from __future__ import annotations

from datetime import date, datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from models.application import Application
from models.card_template import CardPurpose
from models.citizen_tie import CitizenApplication
from services import deliveries
from services.cards.sources import day_words, of_case
from services.disclosure import events as e

_PURPOSES: dict[type[e.Event], CardPurpose] = {
    e.Received: CardPurpose.APPLICATION_ACCEPTED,
    e.CorrectionAsked: CardPurpose.CORRECTION_WANTED,
    e.ExtensionTold: CardPurpose.APPLICATION_EXTENDED,
    e.Delayed: CardPurpose.APPLICATION_EXTENDED,
    e.Served: CardPurpose.APPLICATION_ANSWERED,
}
PAGE = "pages/application/application"


async def note(
    row: Application, event: e.AnyEvent, *, using_db: BaseDBAsyncClient, now: datetime
) -> None:
    """Owe a message to everybody who follows an application, where an event is one to be told.

    Within the transaction of the event, once its row is as the event makes it.
    """
    purpose = _PURPOSES.get(type(event))
    if purpose is None:
        return
    ties = await CitizenApplication.filter(application_id=row.id).using_db(using_db)
    if not ties:
        return
    await row.fetch_related("agency", "venue", using_db=using_db)
    until = _until(row, event)
    title, text = _words(row, event, until)
    sources = of_case(
        purpose,
        agency=row.agency.name,
        zone=row.venue.title if row.venue is not None else row.agency.name,
        number=row.number,
        at=now,
        until=until,
    )
    for tie in ties:
        await deliveries.owe(
            f"application:{row.id}:{row.edits}:{tie.citizen_id}", tie.citizen_id, purpose,
            title=title, text=text, page=f"{PAGE}?id={row.id}", sources=sources,
            application_id=row.id, using_db=using_db, now=now,
        )  # fmt: skip


def _until(row: Application, event: e.AnyEvent) -> date | None:
    if isinstance(event, e.CorrectionAsked):
        return event.limit_on
    if isinstance(event, e.Delayed):
        return event.until
    return None if isinstance(event, e.Served) else row.reply_due


def _words(row: Application, event: e.AnyEvent, until: date | None) -> tuple[str, str]:
    """Return a title and a sentence."""
    case = f"您的申请（编号{row.number}）"
    day = day_words(until) if until is not None else ""
    if row.is_provisional and isinstance(event, e.Received | e.ExtensionTold):
        day = f"{day}（暂定）" if day else ""
    if isinstance(event, e.CorrectionAsked):
        return (
            "申请需要补正",
            f"{case}需要补正，请在{day}前（含当日）补正，没有正当理由逾期不补正的，视为放弃申请。",
        )
    if isinstance(event, e.Served):
        return "申请已答复", f"{case}已经答复，请查看。"
    if isinstance(event, e.Delayed):
        return "申请延迟答复", f"{case}将在{day}前答复。"
    if isinstance(event, e.ExtensionTold):
        return "申请延期答复", f"{case}已延期，答复期限{f'到{day}' if day else '另行告知'}。"
    return "申请已确认收到", f"{case}已确认收到{f'，答复期限到{day}' if day else ''}。"

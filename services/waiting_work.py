"""What waits for somebody: the first thing that they see in the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.document import Document
from models.help_call import HelpCall
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from services import (
    annual_reports,
    application_alerts,
    delivery_results,
    display_items,
    notices,
    question_desk,
    suggestion_desk,
    wechat_condition,
    work_calendars,
)
from services.access import Actor, Permission
from services.clock import zone_day

_NOVEMBER = 11
"""When the State Council's notice on the holidays of the next year comes out."""


class Work(StrEnum):
    """A kind of work that may wait."""

    CALLS = "calls"
    QUESTIONS = "questions"
    SUGGESTIONS = "suggestions"
    DOCUMENT_CHECKS = "document_checks"
    ENTRY_CHECKS = "entry_checks"
    DOCUMENT_DRAFTS = "document_drafts"
    ENTRY_DRAFTS = "entry_drafts"
    ENTRY_REVIEWS = "entry_reviews"
    NOTICE_CHECKS = "notice_checks"
    UNKNOWN_CARDS = "unknown_cards"
    WECHAT_ALARMS = "wechat_alarms"
    DISPLAY_ITEMS = "display_items"
    HOLIDAY_NOTICE = "holiday_notice"
    APPLICATIONS = "applications"
    FROM_PHONES = "from_phones"
    """What applicants sent from the phone, of closed cases too."""
    APPLICATION_CHECKS = "application_checks"
    EXTENSIONS = "extensions"
    ANNUAL_REPORTS = "annual_reports"


@dataclass(frozen=True)
class Waiting:
    """So many of one kind."""

    work: Work
    count: int
    late: int = 0
    """How many of them are past their time, or urgent."""


async def waiting_work(actor: Actor, now: datetime) -> list[Waiting]:
    """Return what waits for somebody, by what their role lets them do; what is none is left out."""
    found: list[Waiting] = []
    if actor.may(Permission.TAKE_CALLS):
        calls = HelpCall.filter(taken_at=None, closed_at=None)
        if actor.venue_ids is not None:
            calls = calls.filter(venue_id__in=list(actor.venue_ids))
        found.append(Waiting(Work.CALLS, await calls.count()))
    if actor.may(Permission.ANSWER):
        questions = await question_desk.counts(actor, now)
        found.append(Waiting(Work.QUESTIONS, questions.open, questions.overdue))
    if actor.may(Permission.ANSWER_SUGGESTIONS):
        suggestions = await suggestion_desk.counts(actor, now)
        found.append(Waiting(Work.SUGGESTIONS, suggestions.open, suggestions.overdue))
    if actor.may(Permission.REVIEW):
        in_review = VersionState.IN_REVIEW
        found.append(Waiting(Work.DOCUMENT_CHECKS, await _documents(actor, in_review)))
        found.append(Waiting(Work.ENTRY_CHECKS, await _entries(actor, in_review)))
        found.append(Waiting(Work.NOTICE_CHECKS, *await notices.waiting_for_check(actor)))
    today = zone_day(now)
    if actor.may(Permission.WRITE_QUESTIONS):
        due = QuestionEntry.filter(
            actor.sight(), publication=Publication.PUBLISHED, next_review_on__lte=today
        )
        found.append(Waiting(Work.ENTRY_REVIEWS, await due.count()))
        found.append(Waiting(Work.ENTRY_DRAFTS, await _entries(actor, VersionState.DRAFT)))
    if actor.may(Permission.WRITE_DOCUMENTS):
        found.append(Waiting(Work.DOCUMENT_DRAFTS, await _documents(actor, VersionState.DRAFT)))
        overdue = len(await display_items.overdue(actor, today))
        found.append(Waiting(Work.DISPLAY_ITEMS, overdue, overdue))
    found += await _applications(actor, today)
    found += await _wechat(actor, now)
    if actor.may(Permission.MANAGE_VENUES):
        lacking = today.month >= _NOVEMBER and not (await work_calendars.current()).is_announced(
            today.year + 1
        )
        found.append(Waiting(Work.HOLIDAY_NOTICE, int(lacking)))
    return [waiting for waiting in found if waiting.count]


async def _applications(actor: Actor, today: date) -> list[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.WORK_ON_APPLICATIONS):
        counted = await application_alerts.counts(actor, today)
        found.append(Waiting(Work.APPLICATIONS, counted.open, counted.late))
        from_phones = await application_alerts.with_messages(actor)
        found.append(Waiting(Work.FROM_PHONES, from_phones))
        reports = await annual_reports.due(actor, today)
        late = sum(last < today for last in reports.values())
        found.append(Waiting(Work.ANNUAL_REPORTS, len(reports), late))
    if actor.may(Permission.APPROVE_APPLICATIONS):
        extensions = await application_alerts.waiting_for_head(actor)
        found.append(Waiting(Work.EXTENSIONS, extensions))
    if actor.may(Permission.REVIEW):
        checks = await application_alerts.waiting_for_check(actor)
        found.append(Waiting(Work.APPLICATION_CHECKS, checks))
    return found


async def _wechat(actor: Actor, now: datetime) -> list[Waiting]:
    found: list[Waiting] = []
    if actor.may(Permission.WRITE_NOTICES):
        unknown = await delivery_results.waiting_for_word(actor, now)
        found.append(Waiting(Work.UNKNOWN_CARDS, unknown))
    if actor.may(Permission.KEEP_WECHAT):
        found.append(Waiting(Work.WECHAT_ALARMS, await wechat_condition.open_alarms()))
    return found


async def _documents(actor: Actor, state: VersionState) -> int:
    return await Document.filter(actor.sight(), open_state=state).count()


async def _entries(actor: Actor, state: VersionState) -> int:
    return await QuestionEntry.filter(actor.sight(), open_state=state).count()

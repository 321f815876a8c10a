"""Asking how an application stands: by its query code and a second fact, masked.

Whoever has both learns the days and the state, and nothing of who asked for what. Doors slow down
who guesses.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from models.applicant import Applicant
from models.application import Application, ApplicationState
from models.disclosure_office import DisclosureOffice
from services import applicants
from services.application_events import case_from, read
from services.application_numbers import WrongQueryCode, read_query_code
from services.application_projection import calendar_for
from services.clock import zone_day
from services.disclosure import deadlines
from services.disclosure.case import Case
from services.disclosure.deadlines import CountedDay, Deadline
from services.disclosure.outcomes import RemedyGroup
from services.disclosure.public_status import (
    PublicState,
    how_it_stands,
    is_late,
    public_state,
    spoken,
    what_to_do,
)
from services.disclosure.remedies import remedy_group
from services.disclosure.work_calendar import WorkCalendar
from services.secret_key import SecretKeys


class Status(msgspec.Struct, frozen=True):
    """How one application stands."""

    number: str
    """登记编号."""
    agency: str
    agency_phone: str
    state: PublicState
    state_label: str
    submitted_on: date
    received_on: date | None
    reply_due: date | None
    """None while nothing runs, and while a consultation keeps its end open."""
    is_provisional: bool
    days_counted: int
    days_needed: int
    is_extended: bool
    is_late: bool
    """The last day went by without an answer."""
    replied_on: date | None
    sentence: str
    """How it stands, in words that can be read aloud."""
    next_step: str
    """What the applicant does next, "" where they only wait."""
    remedies: tuple[str, ...]
    """What can be done against the reply, or against there being none."""
    explanation: tuple[CountedDay, ...]
    """The days that do not count as one would think, each with its reason."""


async def look_up(query_code: str, second_fact: str, *, keys: SecretKeys, now: datetime) -> Status:
    """Return how the application with a query code stands.

    The second fact is the last four characters of the identity number or the phone, or the name. Raises
    WrongQueryCode, whichever of the two is wrong.
    """
    return await status_of(await asked_for(query_code, second_fact, keys=keys), now=now)


async def asked_for(query_code: str, second_fact: str, *, keys: SecretKeys) -> Application:
    """Return the application with a query code, with its agency, for who knows the second fact.

    Raises WrongQueryCode, whichever of the two is wrong.
    """
    code = read_query_code(query_code)
    row = await Application.get_or_none(query_code=code).prefetch_related("agency")
    applicant = await Applicant.get_or_none(application_id=row.id) if row is not None else None
    if row is None or applicant is None:
        raise WrongQueryCode("There is no such code.")
    if not applicants.knows_second_fact(applicant, code, second_fact, keys=keys):
        raise WrongQueryCode("The second fact is another.")
    return row


async def status_of(row: Application, *, now: datetime) -> Status:
    """Return how an application stands, for who may know: its agency has to be fetched with it."""
    case = case_from(await read(row.id))
    office = await DisclosureOffice.get_or_none(agency_id=row.agency_id)
    calendar = await calendar_for(row.agency_id)
    today = zone_day(now)
    clock = case.clock
    due = deadlines.reply_due(clock, calendar, today=today) if clock is not None else None
    state = public_state(case, due)
    shown = due if case.runs else None
    return Status(
        number=row.number,
        agency=row.agency.name,
        agency_phone=(office.phone if office else "") or row.agency.phone,
        state=state,
        state_label=state.label,
        submitted_on=case.submitted_on,
        received_on=case.received_on,
        reply_due=shown.on if shown else None,
        is_provisional=shown is not None and shown.is_provisional,
        days_counted=_counted(case, due, calendar, today),
        days_needed=due.needed if due else 0,
        is_extended=case.is_extended,
        is_late=is_late(case, due, today),
        replied_on=case.served_on,
        sentence=how_it_stands(case, due),
        next_step=what_to_do(case, due, row.delivery_way),
        remedies=_remedies(case, due, office, calendar, today),
        explanation=due.explanation if due else (),
    )


def _counted(case: Case, due: Deadline | None, calendar: WorkCalendar, today: date) -> int:
    """Return the working days that counted so far."""
    if case.clock is None or due is None:
        return 0
    if due.on is None:
        return due.counted
    return deadlines.days_used(case.clock, case.served_on or min(today, due.on), calendar)


def _remedies(
    case: Case,
    due: Deadline | None,
    office: DisclosureOffice | None,
    calendar: WorkCalendar,
    today: date,
) -> tuple[str, ...]:
    """Return what can be done now.

    Source: 行政复议法 (2023) Articles 11 and 20; 法释〔2025〕8号 Article 2; Articles 47 and 51 of the
    regulation. Whether review comes first where no answer came is unsettled: both are named.
    """
    body = office.review_body if office and office.review_body else "行政复议机关"
    court = office.court if office and office.court else "人民法院"
    if is_late(case, due, today):
        return (
            "机关没有在期限内答复。",
            f"您可以向{body}申请行政复议，也可以向{court}提起行政诉讼。",
            "您还可以向政府信息公开工作主管部门投诉、举报。",
        )
    if case.state in {ApplicationState.REPLIED, ApplicationState.ARCHIVED} and case.served_on:
        return _after_reply(case, body, court, calendar, today)
    return ()


def _after_reply(
    case: Case, body: str, court: str, calendar: WorkCalendar, today: date
) -> tuple[str, ...]:
    """Return until when what can be done against a reply, in the order that the law asks for.

    Source: 行政复议法 (2023) Articles 20 and 23; 行政诉讼法 Articles 45 and 46.
    """
    assert case.served_on is not None and case.outcome is not None
    group = remedy_group(case.outcome)
    review_by = deadlines.review_until(case.served_on, calendar)
    suit_by = deadlines.suit_until(case.served_on, calendar)
    review = f"向{body}申请行政复议，最晚到{_until(review_by, calendar)}"
    suit = f"向{court}提起行政诉讼，最晚到{_until(suit_by, calendar)}"
    told: list[str] = []
    if group is not RemedyGroup.REVIEW_OR_SUIT and today <= review_by:
        part = "不予公开的部分" if group is RemedyGroup.BOTH else "答复"
        told.append(
            f"如果不服{part}，应当先{review}；对复议决定不服的，再在收到决定书15日内提起行政诉讼。"
        )
    if group is not RemedyGroup.REVIEW_FIRST:
        part = "其他部分" if group is RemedyGroup.BOTH else "答复"
        ways = [way for way, by in ((review, review_by), (suit, suit_by)) if today <= by]
        if ways:
            told.append(f"如果不服{part}，可以{'；也可以'.join(ways)}。")
    return tuple(told) or ("申请行政复议、提起行政诉讼的期限，以答复书为准。",)


def _until(day: date, calendar: WorkCalendar) -> str:
    """Return a last day in words; in a year whose holidays are not announced it may come earlier: a
    Sunday that turns out to be worked does not move it on.
    """
    provisional = "" if calendar.is_announced(day.year) else "（放假安排还没有公布，请尽量提前）"
    return f"{spoken(day)}{provisional}"

"""The row of an application as its events make it: what can be listed, counted and sorted."""

from __future__ import annotations

from datetime import date

from models.application import Application, ApplicationState, DueKind
from services import work_calendars
from services.disclosure import deadlines
from services.disclosure.case import Case
from services.disclosure.receipt_days import confirm_due
from services.disclosure.work_calendar import WorkCalendar

_S = ApplicationState
_ANSWERED = {_S.REPLIED, _S.ARCHIVED}


async def calendar_for(agency_id: int) -> WorkCalendar:
    """Return the calendar that an agency's periods are counted by."""
    return await work_calendars.current(agency_id)


def project(row: Application, case: Case, calendar: WorkCalendar, today: date) -> None:
    """Write a case into its row. The row is not saved."""
    row.state = case.state
    row.edits = case.last_position
    row.is_consulting = case.is_consulting
    row.is_extended = case.is_extended
    row.assigned_to_id = case.assigned_to
    row.received_on = case.received_on
    row.first_received_on = case.first_received_on
    if case.applicant_kind is not None:
        row.update_from_dict(
            {"applicant_kind": case.applicant_kind, "org_category": case.org_category}
        )
    row.update_from_dict({"outcome": case.outcome if case.closed_on is not None else None})
    row.closed_on = case.closed_on
    row.archived_on, row.archive_number = case.archived_on, case.archive_number
    project_dates(row, case, calendar, today)


def project_dates(row: Application, case: Case, calendar: WorkCalendar, today: date) -> None:
    """Write what is counted with a calendar: again whenever the calendar or the day is another."""
    row.calendar_version = calendar.version
    row.correction_ask_due = None
    if case.correction is None and case.redo_due is None and case.is_open:
        row.correction_ask_due = case.correction_ask_due(calendar)
    clock = case.clock
    due = deadlines.reply_due(clock, calendar, today=today) if clock is not None else None
    row.reply_due = due.on if due is not None else None
    row.is_provisional = due is not None and due.is_provisional
    row.days_used, row.is_in_time = None, None
    if clock is not None and case.served_on is not None:
        row.days_used = deadlines.days_used(clock, case.served_on, calendar)
        last = deadlines.reply_due(clock, calendar, today=case.served_on).on
        row.is_in_time = last is None or case.served_on <= last
    due_on, kind = next_due(case, calendar, today, row.reply_due)
    row.update_from_dict({"next_due_on": due_on, "next_due_kind": kind})


def next_due(
    case: Case, calendar: WorkCalendar, today: date, reply_due: date | None
) -> tuple[date | None, DueKind | None]:
    """Return what is due next in a case, by the agency or by whom it waits for."""
    if case.state is _S.SUBMITTED:
        return confirm_due(case.channel, case.submitted_on, calendar), DueKind.CONFIRM
    if case.state is _S.CORRECTION and case.correction is not None:
        limit_on = case.correction.limit_on
        if reply_due is not None and reply_due < limit_on:
            # It was asked for too late, so that the period runs on.
            return reply_due, DueKind.REPLY
        return limit_on, DueKind.CORRECTION
    if case.state is _S.FEE and case.fee is not None:
        return case.fee.pay_by, DueKind.FEE
    if not case.runs:
        return None, None
    if case.is_consulting and reply_due is None:
        # Until it is known when a letter arrived, it is looked at as if it had on the day it was sent.
        limits = [
            one.last_day(calendar) or deadlines.consultation_limit(one.sent_on, calendar)
            for one in case.consultations
            if one.is_open
        ]
        return min(limits), DueKind.CONSULTATION
    if case.state is _S.RECEIVED and case.correction is None:
        ask_by = case.correction_ask_due(calendar)
        if ask_by is not None and today <= ask_by:
            return ask_by, DueKind.ASK_CORRECTION
    return reply_due, DueKind.REPLY

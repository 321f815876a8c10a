"""What an agency has settled for its cases: how long a file is kept, when what was withheld is looked at
again, and what the law leaves open.

Source: Regulation on Open Government Information (2019 revision), Article 18; 档案法实施条例 Article 19.
The numbers are conventions of this project, and each agency's to change.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import msgspec

from models.application import Application
from models.disclosure_office import DisclosureOffice
from models.outcome import Outcome
from services.disclosure.case import Case
from services.disclosure.events import (
    AnyEvent,
    Archived,
    CorrectionAsked,
    FeePaid,
    RedoOrdered,
    Served,
)
from services.disclosure.outcomes import withholds

_NO_DECISION = {Outcome.O1_NOT_CORRECTED, Outcome.O2_NOT_PAID, Outcome.O3_OTHER}


async def set_terms(row: Application, case: Case, event: AnyEvent) -> None:
    """Write into a row what an event lets begin. The row is not saved."""
    match event:
        case Served():
            row.review_on = None
            if case.served_on is not None and withholds(event.outcome):
                office = await _office_of(row)
                row.review_on = months_after(case.served_on, office.review_withheld_months)
        case Archived():
            office = await _office_of(row)
            decided = case.outcome not in _NO_DECISION
            years = office.keep_decided_years if decided else office.keep_abandoned_years
            row.keep_until = months_after(event.on, 12 * years)
        case RedoOrdered():
            row.review_on = row.keep_until = None
        case _:
            pass


async def as_the_agency_has_it(row: Application, event: AnyEvent) -> AnyEvent:
    """Return an event with what its agency has settled where the law is silent.

    It is kept with the event, so that another setting later changes no case that was.
    """
    match event:
        case CorrectionAsked(by_head=True):
            office = await _office_of(row)
            return msgspec.structs.replace(event, restarts=office.late_correction_restarts)
        case CorrectionAsked():
            return msgspec.structs.replace(event, restarts=True)
        case FeePaid():
            office = await _office_of(row)
            return msgspec.structs.replace(event, restarts=office.fee_restarts)
        case _:
            return event


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


async def _office_of(row: Application) -> DisclosureOffice:
    found = await DisclosureOffice.get_or_none(agency_id=row.agency_id)
    return found or DisclosureOffice(agency_id=row.agency_id)

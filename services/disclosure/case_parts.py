"""The parts of a case that have days of their own: correction, consultations, fee, remedies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.consultation import PartyKind, PartyView
from models.remedy import RemedyKind, RemedyResult
from services.disclosure import deadlines
from services.disclosure.work_calendar import WorkCalendar


@dataclass(frozen=True)
class Correction:
    """The one time that the applicant is asked to correct (补正, Article 30)."""

    asked_on: date
    served_on: date
    days: int
    limit_on: date
    restarts: bool
    """Whether the period starts anew. Asked for after the seventh working day, on the word of the head,
    it does not, unless the agency has set it otherwise (a convention of this project)."""
    received_on: date | None = None
    is_lapsed: bool = False


@dataclass(frozen=True)
class Consulted:
    """One party that is asked (征求意见, Articles 11, 32 and 34)."""

    consultation_id: int
    party: PartyKind
    sent_on: date
    delivered_on: date | None = None
    limit_on: date | None = None
    """The last of the party's 15 working days as it was noted, None until the letter reached it."""
    returned_on: date | None = None
    view: PartyView | None = None

    def last_day(self, calendar: WorkCalendar) -> date | None:
        """Return the last of its 15 working days, None until the letter reached it.

        Counted with the calendar of today: the one by which `limit_on` was noted may have been provisional.
        """
        if self.delivered_on is None:
            return None
        return deadlines.consultation_limit(self.delivered_on, calendar)

    @property
    def is_open(self) -> bool:
        """Whether nothing came back and nobody noted that the time is over."""
        return self.returned_on is None


@dataclass(frozen=True)
class Fee:
    """The fee that was asked for (信息处理费, Article 42)."""

    asked_on: date
    yuan: int
    pay_by: date
    paid_on: date | None = None
    restarts: bool = True
    """Whether the period began anew when it was paid; otherwise the days until then do not count."""
    is_lapsed: bool = False


@dataclass(frozen=True)
class Lodged:
    """One review or lawsuit."""

    remedy_id: int
    kind: RemedyKind
    lodged_on: date
    result: RemedyResult | None = None
    decided_on: date | None = None

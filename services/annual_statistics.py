"""Statistics of a year that the report does not ask for: how long it took, and by which way it came.

Counted over the cases that ended in the year, without names.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import msgspec
from tortoise.expressions import Q

from models.application import Application, Channel, FiledBy
from models.application_event import ApplicationEvent
from models.outcome import Outcome
from models.remedy import Remedy, RemedyKind, RemedyResult
from models.venue import Venue
from services import annual_figures
from services.disclosure.events import FeeAsked
from services.disclosure.outcomes import LAW, RemedyGroup
from services.disclosure.report_tables import PARTS, ReportColumn, ReportRow


@dataclass(frozen=True)
class Punctuality:
    """How some of the cases went."""

    closed: int
    in_time: int
    late: int
    median_days: float
    """Working days that counted, of those that were answered."""
    p90_days: int

    def share(self) -> str:
        """Return how many were in time, in words; those that nobody judged are left out."""
        judged = self.in_time + self.late
        return f"{round(100 * self.in_time / judged)}%" if judged else "——"


@dataclass(frozen=True)
class Statistics:
    """What is worth knowing of a year."""

    all: Punctuality
    by_channel: dict[str, Punctuality]
    by_venue: dict[str, Punctuality]
    by_applicant: dict[str, Punctuality]
    corrected: int
    """Cases in which a correction was asked for."""
    consulted: int
    extended: int
    withdrawn: int
    oral: int
    assisted: int
    """Typed by staff, or taken down from somebody's words."""
    fee_notices: int
    fees_paid_yuan: int
    reviews_lost: int

    def part(self, number: int) -> str:
        """Return a number of cases as a share of all that ended."""
        return f"{round(100 * number / self.all.closed)}%" if self.all.closed else "——"


async def statistics(agency_id: int, year: int) -> Statistics:
    """Count a year's cases of an agency."""
    ended = annual_figures.counted_in(ReportRow.CLOSED, year)
    rows = (
        await Application.filter(ended, agency_id=agency_id)
        .order_by("id")
        .values(
            *("channel", "venue_id", "applicant_kind", "org_category", "filed_by", "outcome"),
            *("is_in_time", "days_used", "state"),
        )
    )
    places = {venue.id: venue.place for venue in await Venue.all().order_by("id")}
    happened = await _happened(agency_id, year)
    asked, paid = await _fees(agency_id, year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Statistics(
        all=_punctuality(rows),
        by_channel={c.label: _punctuality(_with(rows, "channel", c)) for c in Channel},
        by_venue={
            "机关直接收到" if venue_id is None else places.get(venue_id, ""): _punctuality(
                _with(rows, "venue_id", venue_id)
            )
            for venue_id in sorted({r["venue_id"] for r in rows}, key=lambda v: v or 0)
        },
        by_applicant={
            column.label: _punctuality([row for row in rows if _column(row) is column])
            for column in PARTS
        },
        corrected=happened["correction_asked"],
        consulted=happened["consultation_sent"],
        extended=happened["extension_told"],
        withdrawn=happened["withdrawn"],
        oral=len(_with(rows, "filed_by", FiledBy.ORAL)),
        assisted=len(rows) - len(_with(rows, "filed_by", FiledBy.APPLICANT)),
        fee_notices=asked,
        fees_paid_yuan=paid,
        reviews_lost=await Remedy.filter(
            application__agency_id=agency_id, kind=RemedyKind.REVIEW,
            result=RemedyResult.CORRECTED, closed_on__gte=first, closed_on__lte=last,
        ).count(),
    )  # fmt: skip


async def direct_suits_over_refusals(agency_id: int, year: int) -> int:
    """Return how many lawsuits without a review before them are over refusals that need one.

    Source: 行政复议法 (2023 revision), Article 23; Regulation on Open Government Information,
    Articles 14 to 16.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    return await Remedy.filter(
        Q(closed_on=None) | Q(closed_on__gte=first),
        application__agency_id=agency_id,
        application__outcome__in=list(_REVIEW_FIRST),
        kind=RemedyKind.DIRECT_SUIT,
        lodged_on__lte=last,
    ).count()


_REVIEW_FIRST = tuple(
    outcome for outcome in Outcome if LAW[outcome].remedy is RemedyGroup.REVIEW_FIRST
)
_KINDS = ("correction_asked", "consultation_sent", "extension_told", "withdrawn")


async def _happened(agency_id: int, year: int) -> Counter[str]:
    """Return in how many of the cases that ended something happened at least once."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = (
        await ApplicationEvent.filter(
            kind__in=list(_KINDS),
            application__agency_id=agency_id,
            application__first_received_on__lte=last,
            application__closed_on__gte=first,
            application__closed_on__lte=last,
            application__outcome__isnull=False,
        )
        .order_by("application_id", "position")
        .values_list("application_id", "kind")
    )
    return Counter(kind for _, kind in set(rows))


async def _fees(agency_id: int, year: int) -> tuple[int, int]:
    """Return how many fee notices were sent in a year, and the yuan that came in for them."""
    rows = (
        await ApplicationEvent.filter(
            kind__in=["fee_asked", "fee_paid"], application__agency_id=agency_id
        )
        .order_by("application_id", "position")
        .values_list("application_id", "kind", "content")
    )
    notices, paid, due = 0, 0, dict[int, int]()
    for application_id, kind, content in rows:
        on = msgspec.json.decode(content, type=_Day).on
        if kind == "fee_asked":
            due[application_id] = msgspec.json.decode(content, type=FeeAsked).yuan
            notices += on.year == year
        elif on.year == year:
            paid += due.get(application_id, 0)
    return notices, paid


class _Day(msgspec.Struct):
    on: date


def _with(rows: Sequence[dict[str, Any]], name: str, value: object) -> list[dict[str, Any]]:
    return [row for row in rows if row[name] == value]


def _column(row: dict[str, Any]) -> ReportColumn:
    return ReportColumn.of(row["applicant_kind"], row["org_category"])


def _punctuality(rows: Sequence[dict[str, Any]]) -> Punctuality:
    days = sorted(row["days_used"] for row in rows if row["days_used"] is not None)
    return Punctuality(
        closed=len(rows),
        in_time=sum(row["is_in_time"] is True for row in rows),
        late=sum(row["is_in_time"] is False for row in rows),
        median_days=float(median(days)) if days else 0,
        p90_days=days[max(0, math.ceil(len(days) * 0.9) - 1)] if days else 0,
    )

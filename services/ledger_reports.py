"""Reading the ledger (台账): sums by zone and by day, week or month, beside the period before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from tortoise.functions import Count, Sum

from models.help_call import HelpCall
from models.ledger_count import Counted, LedgerCount
from models.left_question import LeftQuestion, QuestionOrigin, QuestionState
from models.rating import Rating, Score
from models.venue import Venue
from services import venues
from services.access import Actor, Permission
from services.audit import Action, record_alone
from services.errors import NotFound
from services.ledger_periods import Part, Period, Step, parts

Counts = Counter[Counted]


@dataclass(frozen=True)
class CallTimes:
    """How long people waited for somebody to come."""

    calls: int
    taken: int
    median_s: int
    longest_s: int
    within_two_minutes: int
    within_five_minutes: int


@dataclass(frozen=True)
class Punctuality:
    """Whether what people left was answered in time."""

    left: int
    in_time: int
    late: int
    waiting: int
    overdue: int
    """Waiting though its day has passed."""


@dataclass(frozen=True)
class Report:
    """What the ledger says of a period."""

    period: Period
    before: Period
    totals: Counts
    totals_before: Counts
    by_part: list[tuple[Part, Counts]]
    by_venue: list[tuple[Venue, Counts]]
    calls: CallTimes
    questions: Punctuality
    ratings: dict[Score, int]

    def change(self, counted: Counted) -> str:
        """Return how a total compares with the period before, in words."""
        now, then = self.totals[counted], self.totals_before[counted]
        if then == 0:
            return "持平" if now == 0 else "上期为零"
        percent = round(100 * (now - then) / then)
        return "持平" if now == then else f"{'增加' if now > then else '减少'} {abs(percent)}%"


async def places(actor: Actor) -> list[Venue]:
    """Return the zones whose ledger somebody may read. Raises NotAllowed."""
    actor.require(Permission.SEE_LEDGER)
    return [venue for venue in await Venue.all().order_by("id") if actor.works_on(venue.id)]


async def report(
    actor: Actor, period: Period, step: Step, *, venue_id: int | None = None, now: datetime
) -> Report:
    """Return the ledger of a zone and those below it, or of all that somebody sees.

    Raises NotAllowed, and NotFound for a zone that is not theirs.
    """
    seen = await places(actor)
    if venue_id is not None:
        if venue_id not in {venue.id for venue in seen}:
            raise NotFound(f"There is no venue {venue_id} for {actor.staff_id}.")
        below = {venue_id, *(await venues.tree()).below(venue_id)}
        seen = [venue for venue in seen if venue.id in below]
    ids = [venue.id for venue in seen]
    by_day = await _by_day(ids, period)
    by_venue = await _by_venue(ids, period)
    return Report(
        period=period,
        before=period.before(),
        totals=sum(by_venue.values(), Counts()),
        totals_before=sum((await _by_venue(ids, period.before())).values(), Counts()),
        by_part=[(part, _within(by_day, part.period)) for part in parts(period, step)],
        by_venue=[(venue, by_venue.get(venue.id, Counts())) for venue in seen],
        calls=await _call_times(ids, period),
        questions=await _punctuality(ids, period, now),
        ratings=await _ratings(ids, period),
    )


async def note_export(actor: Actor, period: Period, venue_id: int | None) -> None:
    """Put on record that somebody took a copy of the ledger away."""
    await record_alone(
        actor,
        Action.LEDGER_EXPORTED,
        "ledger",
        venue_id=venue_id,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
    )


async def _by_day(ids: list[int], period: Period) -> dict[date, Counts]:
    rows = (
        await LedgerCount.filter(venue_id__in=ids, day__gte=period.first, day__lte=period.last)
        .annotate(sum=Sum("times"))
        .group_by("day", "counted")
        .order_by("day")
        .values("day", "counted", "sum")
    )
    found: dict[date, Counts] = {}
    for row in rows:
        found.setdefault(row["day"], Counts())[Counted(row["counted"])] = int(row["sum"])
    return found


async def _by_venue(ids: list[int], period: Period) -> dict[int, Counts]:
    rows = (
        await LedgerCount.filter(venue_id__in=ids, day__gte=period.first, day__lte=period.last)
        .annotate(sum=Sum("times"))
        .group_by("venue_id", "counted")
        .order_by("venue_id")
        .values("venue_id", "counted", "sum")
    )
    found: dict[int, Counts] = {}
    for row in rows:
        found.setdefault(row["venue_id"], Counts())[Counted(row["counted"])] = int(row["sum"])
    return found


def _within(by_day: dict[date, Counts], period: Period) -> Counts:
    days = (period.first + timedelta(days=after) for after in range(period.days))
    return sum((by_day[day] for day in days if day in by_day), Counts())


async def _call_times(ids: list[int], period: Period) -> CallTimes:
    begins, ends = period.moments
    rows = await HelpCall.filter(venue_id__in=ids, called_at__gte=begins, called_at__lt=ends).only(
        "called_at", "taken_at"
    )
    waits = [(row.taken_at - row.called_at).total_seconds() for row in rows if row.taken_at]
    return CallTimes(
        calls=len(rows),
        taken=len(waits),
        median_s=round(median(waits)) if waits else 0,
        longest_s=round(max(waits, default=0)),
        within_two_minutes=sum(wait <= 120 for wait in waits),
        within_five_minutes=sum(wait <= 300 for wait in waits),
    )


async def _punctuality(ids: list[int], period: Period, now: datetime) -> Punctuality:
    begins, ends = period.moments
    rows = await LeftQuestion.filter(
        origin=QuestionOrigin.LEFT, venue_id__in=ids, left_at__gte=begins, left_at__lt=ends
    ).only("state", "due_at", "answered_at")
    answered = [row for row in rows if row.answered_at is not None]
    in_time = sum(_is_in_time(row) for row in answered)
    waiting = [row for row in rows if row.state is QuestionState.OPEN]
    return Punctuality(
        left=len(rows),
        in_time=in_time,
        late=len(answered) - in_time,
        waiting=len(waiting),
        overdue=sum(row.due_at is not None and row.due_at < now for row in waiting),
    )


def _is_in_time(row: LeftQuestion) -> bool:
    if row.due_at is None or row.answered_at is None:
        return True
    return row.answered_at <= row.due_at


async def _ratings(ids: list[int], period: Period) -> dict[Score, int]:
    rows = (
        await Rating.filter(venue_id__in=ids, rated_on__gte=period.first, rated_on__lte=period.last)
        .annotate(number=Count("id"))
        .group_by("score")
        .order_by("score")
        .values("score", "number")
    )
    given = {Score(row["score"]): int(row["number"]) for row in rows}
    return {score: given.get(score, 0) for score in sorted(Score, reverse=True)}

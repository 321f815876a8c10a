"""How satisfied people are (满意度): one touch, the day and no time, no trace of who."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tortoise.expressions import F
from tortoise.functions import Count
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from models.question_entry import QuestionEntry
from models.rating import Rating, Score
from models.venue import Venue
from services.access import Actor, Permission
from services.errors import Invalid

_ABOUT = re.compile(r"(?:(?:question|document):[1-9]\d{0,8})?")
_OFTEN = 3
"""Times that an entry was called unsatisfying before it is listed."""
_MOST = 50
_REPEATED_WITHIN = timedelta(days=1)
"""How long a phone may repeat what it sent, its answer having been lost."""


@dataclass
class Tally:
    """How many touched each face, in a zone on a day or about an entry."""

    scores: dict[Score, int] = field(default_factory=lambda: dict.fromkeys(Score, 0))

    @property
    def total(self) -> int:
        return sum(self.scores.values())

    @property
    def unsatisfied(self) -> int:
        return self.scores[Score.UNSATISFIED]

    @property
    def share_satisfied(self) -> int:
        """Percent of those who were satisfied or found it fair."""
        return round(100 * (self.total - self.unsatisfied) / self.total) if self.total else 0


async def rate(
    venue: Venue, score: Score, about: str, *, today: date, names: Sequence[str] = ()
) -> None:
    """Count one touch. What is sent twice under a name counts once; it may be kept under any of the
    names, which are hashes, the first being that of today.

    Raises Invalid for what nothing is called.
    """
    if not _ABOUT.fullmatch(about):
        raise Invalid("What was rated is unknown.")
    async with in_transaction() as database:
        if names:
            # The venue's row puts those who send at one moment, in whichever process, in an order.
            await Venue.filter(id=venue.id).using_db(database).update(edits=F("edits"))
            since = today - _REPEATED_WITHIN
            lately = Rating.filter(venue_id=venue.id, rated_on__gte=since).using_db(database)
            if await lately.filter(sent_as__in=list(names)).exists():
                return
        await Rating.create(
            venue_id=venue.id, rated_on=today, about=about, score=score,
            sent_as=names[0] if names else "", using_db=database,
        )  # fmt: skip


async def by_day(actor: Actor, since: date) -> list[tuple[date, str, Tally]]:
    """Return the tallies of somebody's zones, the newest day first."""
    rows = (
        await _in_sight(actor)
        .filter(rated_on__gte=since)
        .annotate(times=Count("id"))
        .group_by("rated_on", "venue_id", "score")
        .order_by("rated_on", "venue_id", "score")
        .values_list("rated_on", "venue_id", "score", "times")
    )
    places = {venue.id: venue.place for venue in await Venue.all().only("id", "place")}
    tallies: dict[tuple[date, int], Tally] = defaultdict(Tally)
    for day, venue_id, score, times in rows:
        tallies[day, venue_id].scores[Score(score)] += times
    ordered = sorted(tallies.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return [(day, places.get(venue_id, ""), tally) for (day, venue_id), tally in ordered]


async def often_unsatisfying(actor: Actor, since: date) -> list[tuple[QuestionEntry, Tally]]:
    """Return the entries that several people were not satisfied with, the worst first."""
    rows = (
        await _in_sight(actor)
        .filter(rated_on__gte=since, about__startswith="question:")
        .annotate(times=Count("id"))
        .group_by("about", "score")
        .order_by("about", "score")
        .values_list("about", "score", "times")
    )
    tallies: dict[int, Tally] = defaultdict(Tally)
    for about, score, times in rows:
        tallies[int(about.partition(":")[2])].scores[Score(score)] += times
    often = {key: tally for key, tally in tallies.items() if tally.unsatisfied >= _OFTEN}
    entries = await QuestionEntry.filter(id__in=list(often)).order_by("id") if often else []
    seen = [e for e in entries if actor.sees(e.venue_id, e.responsible_agency_id)]
    return sorted(
        ((entry, often[entry.id]) for entry in seen), key=lambda pair: -pair[1].unsatisfied
    )[:_MOST]


def _in_sight(actor: Actor) -> QuerySet[Rating]:
    actor.require(Permission.SEE_LEDGER)
    if actor.venue_ids is None:
        return Rating.all()
    return Rating.filter(venue_id__in=list(actor.venue_ids))

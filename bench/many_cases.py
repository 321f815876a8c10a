"""Ten thousand invented applications to one agency over two years, and some to another."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.application import (
    ApplicantKind,
    Application,
    ApplicationState,
    Carrier,
    Channel,
    DeliveryWay,
    FiledBy,
    OrgCategory,
)
from models.application_event import ApplicationEvent
from models.outcome import Outcome
from models.remedy import Remedy, RemedyKind, RemedyResult
from services.disclosure.events import CorrectionAsked, Event, ExtensionTold

CASES = 10_000
OTHERS = 300
YEARS = (2025, 2026)
_AT_ONCE = 2_000
_EDGES = tuple(
    date(year, month, day) for year in (2024, *YEARS) for month, day in ((1, 1), (12, 30), (12, 31))
)
"""Days on which a mistake of one would move a case into another year."""


async def fill(*, cases: int = CASES) -> tuple[Agency, Agency]:
    """Make two agencies and their cases, in a database that is open."""
    agency = await Agency.create(name="示例区住房城乡建设委员会", other_names=["示例区住建委"])
    other = await Agency.create(name="示例区交通局")
    made = [*_applications(agency.id, cases, "A"), *_applications(other.id, OTHERS, "B")]
    async with in_transaction() as database:
        for place in range(0, len(made), _AT_ONCE):
            await Application.bulk_create(made[place : place + _AT_ONCE], using_db=database)
        stored = await Application.all().using_db(database).order_by("id")
        await ApplicationEvent.bulk_create(_events(stored), using_db=database)
        await Remedy.bulk_create(_remedies(stored), using_db=database)
    return agency, other


def _applications(agency_id: int, number: int, name: str) -> Iterator[Application]:
    chance = random.Random(f"{name}{number}")
    for n in range(number):
        kind = chance.choices(list(ApplicantKind), (7, 3))[0]
        row = Application(
            number=f"{name}-{n:06}",
            query_code=f"{name}{n:08}",
            agency_id=agency_id,
            channel=chance.choice(list(Channel)),
            filed_by=chance.choice(list(FiledBy)),
            applicant_kind=kind,
            org_category=(
                chance.choice(list(OrgCategory)) if kind is ApplicantKind.LEGAL_OR_OTHER else None
            ),
            encrypted_request=b"x",
            delivery_way=chance.choice(list(DeliveryWay)),
            carrier=Carrier.PAPER,
            state=ApplicationState.SUBMITTED,
            submitted_at=datetime.now(UTC),
        )
        _happen(row, chance)
        yield row


def _happen(row: Application, chance: random.Random) -> None:
    first = _day(chance)
    row.submitted_at = datetime.combine(first, time(9), UTC)
    fate = chance.random()
    if fate < 0.03:
        if fate < 0.01:
            row.state, row.outcome = ApplicationState.WITHDRAWN, Outcome.O3_OTHER
            row.closed_on = first + timedelta(days=3)
        return  # It was never received.
    row.first_received_on = row.received_on = first
    if chance.random() < 0.15:  # A correction: the period starts anew.
        row.received_on = first + timedelta(days=chance.randint(5, 40))
    if fate < 0.10:
        row.state = ApplicationState.PROCESSING
        return
    if chance.random() < 0.05:
        row.closed_on = max(row.received_on, chance.choice(_EDGES))
    else:
        row.closed_on = row.received_on + timedelta(days=chance.randint(0, 60))
    row.state = ApplicationState.REPLIED
    row.outcome = chance.choice(list(Outcome))
    row.days_used = min(60, (row.closed_on - row.received_on).days * 5 // 7)
    row.is_in_time = row.days_used <= 20
    row.is_extended = not row.is_in_time and chance.random() < 0.5


def _day(chance: random.Random) -> date:
    """Return a day of two years, now and then one at an end of a year, or late in the year before."""
    if chance.random() < 0.05:
        return chance.choice(_EDGES)
    begins = date(YEARS[0], 1, 1) - timedelta(days=40)
    return begins + timedelta(days=chance.randrange((date(YEARS[-1], 12, 31) - begins).days + 1))


def _events(rows: Sequence[Application]) -> list[ApplicationEvent]:
    found = []
    for row in rows:
        if row.first_received_on and row.received_on != row.first_received_on:
            asked = row.first_received_on + timedelta(days=2)
            limit = asked + timedelta(days=21)
            event = CorrectionAsked(on=asked, served_on=asked, days=15, limit_on=limit)
            found.append(_stored(row, 1, "correction_asked", event))
        if row.is_extended and row.received_on:
            found.append(_stored(row, 2, "extension_told", ExtensionTold(on=row.received_on)))
    return found


def _stored(row: Application, position: int, kind: str, event: Event) -> ApplicationEvent:
    return ApplicationEvent(
        application_id=row.id,
        position=position,
        kind=kind,
        at=datetime.combine(event.on, time(9), UTC),
        staff_name="量",
        content=msgspec.json.encode(event).decode(),
    )


def _remedies(rows: Sequence[Application]) -> list[Remedy]:
    chance = random.Random(4)
    found = []
    for row in rows:
        if row.closed_on is None or row.first_received_on is None or chance.random() > 0.03:
            continue
        lodged = row.closed_on + timedelta(days=chance.randint(1, 60))
        decided = chance.random() < 0.8
        found.append(
            Remedy(
                application_id=row.id,
                kind=chance.choice(list(RemedyKind)),
                lodged_on=lodged,
                result=chance.choice(list(RemedyResult)) if decided else None,
                closed_on=lodged + timedelta(days=chance.randint(20, 200)) if decided else None,
            )
        )
    return found

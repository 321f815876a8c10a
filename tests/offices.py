"""Somebody who writes and somebody who checks, for tests that work with the services themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from models.index_change import Subject
from models.staff import Role, Staff
from models.venue import Venue, VenueLevel, VenueType
from models.version import Version
from services import publication
from services.access import Actor
from services.version_contents import Content
from tests.command_line import SEAL

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


async def venue(code: str) -> int:
    """Make a zone and return its id."""
    made = await Venue.create(
        code=code, place=code, type=VenueType.SERVICE_HALL, level=VenueLevel.DISTRICT
    )
    return made.id


async def person(name: str, role: Role, *venue_ids: int, seal_key: bytes = SEAL) -> Actor:
    """Make an account and return what it may do."""
    staff = await Staff.create(username=name, display_name=name, role=role, password_hash="")
    return Actor(staff.id, name, role, frozenset(venue_ids), frozenset(), True, seal_key)


class Office:
    """A zone with one who writes and one who checks."""

    venue_id: int
    clerk: Actor
    reviewer: Actor

    @classmethod
    async def opened(cls, seal_key: bytes = SEAL, name: str = "") -> Office:
        """Open one in the first zone, beside others with people of other names."""
        office = cls()
        first = await Venue.all().order_by("id").first()
        office.venue_id = first.id if first is not None else await venue("office")
        office.clerk = await person(f"小陈{name}", Role.CLERK, office.venue_id, seal_key=seal_key)
        office.reviewer = await person(
            f"老李{name}", Role.REVIEWER, office.venue_id, seal_key=seal_key
        )
        return office

    async def publishes(self, content: Content, now: datetime = NOW) -> Version:
        """Write, check and publish something new."""
        draft = await publication.create(self.clerk, content, venue_id=self.venue_id)
        return await self.lets_out(draft, now)

    async def lets_out(
        self, draft: Version, now: datetime = NOW, publish_at: datetime | None = None
    ) -> Version:
        """Hand a draft in and pass it."""
        draft = await publication.submit(self.clerk, draft.id, edits=draft.edits)
        return await publication.approve(
            self.reviewer, draft.id, edits=draft.edits, publish_at=publish_at, now=now
        )

    async def withdraws(self, subject: Subject, subject_id: int) -> None:
        """Take something away from the public."""
        await publication.withdraw(
            self.clerk, subject, subject_id, reason="内容有误", now=datetime.now(UTC)
        )

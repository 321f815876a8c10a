"""One case over the real services, told day by day."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from models.application import Application, DeliveryWay
from models.outcome import Outcome
from services import applications
from services.access import Actor
from services.disclosure import events as e
from tests.application_office import KEYS, ApplicationOffice, filing


@dataclass
class Story:
    """One case, told day by day."""

    office: ApplicationOffice
    application_id: int
    today: date

    @classmethod
    async def begin(cls, office: ApplicationOffice, received_on: date) -> Story:
        """File an application at the counter."""
        story = cls(office, 0, received_on)
        filed = await applications.file(
            filing(office), keys=KEYS, now=story.now, actor=office.clerk
        )
        story.application_id = filed.application_id
        return story

    @property
    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 1, tzinfo=UTC)

    async def row(self) -> Application:
        return await Application.get(id=self.application_id)

    async def acts(self, actor: Actor, event: e.AnyEvent, note: str = "") -> Application:
        edits = (await self.row()).edits
        return await applications.act(
            actor, self.application_id, event, edits=edits, keys=KEYS, now=self.now, note=note
        )

    async def does(self, act: Any, *what: Any, actor: Actor | None = None, **more: Any) -> Any:
        edits = (await self.row()).edits
        doing: Awaitable[Any] = act(
            actor or self.office.officer, self.application_id, *what, edits=edits, keys=KEYS,
            now=self.now, **more,
        )  # fmt: skip
        return await doing

    async def replies(self, outcome: Outcome, *, served_on: date | None = None) -> Application:
        office = self.office
        await self.acts(
            office.officer, e.SentForReview(on=self.today, letter_id=1, outcome=outcome)
        )
        await self.acts(office.reviewer, e.ReviewPassed(on=self.today, letter_id=1))
        await self.acts(office.officer, e.Issued(on=self.today, letter_id=1, outcome=outcome))
        self.today = served_on or self.today
        served = e.Served(
            on=self.today, letter_id=1, outcome=outcome, way=DeliveryWay.IN_PERSON
        )  # fmt: skip
        return await self.acts(office.officer, served)

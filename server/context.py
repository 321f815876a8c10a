"""What every handler of the app can reach."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from sanic import Request

from server.call_bell import CallBell
from server.growing_delay import GrowingDelay
from server.metrics import Metrics
from server.pages import Pages
from server.rate_limit import RateLimit
from server.speech_desk import SpeechDesk
from services import application_status, inquiries
from services.application_numbers import WrongQueryCode, read_query_code
from services.application_status import Status
from services.catalogue import FacetsKept
from services.inquiries import Inquiry, Kind
from services.listening import RecordingPlaces
from services.replies import Decision
from services.voice_places import VoiceLimits, VoicePlaces
from speech.recognition import Recogniser

if TYPE_CHECKING:
    from server.parts import Parts
    from services.library import Library


@dataclass
class Context:
    """The parts of the program, and what belongs to this app alone."""

    parts: Parts
    metrics: Metrics
    pages: Pages
    speech: SpeechDesk
    voice_limits: VoiceLimits = field(default_factory=VoiceLimits)
    help_calls_limit: RateLimit = field(default_factory=lambda: RateLimit(20))
    visits_limit: RateLimit = field(default_factory=lambda: RateLimit(20))
    prints_limit: RateLimit = field(default_factory=lambda: RateLimit(20))
    left_questions_limit: RateLimit = field(default_factory=lambda: RateLimit(6))
    suggestions_limit: RateLimit = field(default_factory=lambda: RateLimit(6))
    ratings_limit: RateLimit = field(default_factory=lambda: RateLimit(30))
    sign_in_limit: RateLimit = field(default_factory=lambda: RateLimit(30))
    citizens_limit: RateLimit = field(default_factory=lambda: RateLimit(60))
    """Phones of one mobile network share addresses."""
    renewals_limit: RateLimit = field(default_factory=lambda: RateLimit(300))
    look_up_delay: GrowingDelay = field(default_factory=GrowingDelay)
    look_up_limit: RateLimit = field(default_factory=lambda: RateLimit(30))
    drafts_limit: RateLimit = field(default_factory=lambda: RateLimit(20))
    applications_limit: RateLimit = field(default_factory=lambda: RateLimit(20))
    draft_delay: GrowingDelay = field(default_factory=GrowingDelay)
    status_delay: GrowingDelay = field(default_factory=GrowingDelay)
    enrolment_delay: GrowingDelay = field(default_factory=GrowingDelay)
    enrolment_limit: RateLimit = field(default_factory=lambda: RateLimit(60))
    """Codes tried in a minute by all addresses together: guessing one of eight digits within its
    quarter of an hour has then a chance of one in a hundred thousand, in each process."""
    recordings: RecordingPlaces = field(default_factory=RecordingPlaces)
    codes_in_making: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """Codes whose picture is being asked of WeChat, by their ids, so that it is asked for once."""
    facets: FacetsKept = field(default_factory=FacetsKept)
    calls: CallBell = field(default_factory=CallBell)
    places: VoicePlaces = field(init=False)
    files_came: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when staff brought a file in, so that reading it begins at once."""
    asked_at: float = 0.0
    """When anything was last asked over HTTP, on the monotonic clock in seconds."""

    def __post_init__(self) -> None:
        self.places = VoicePlaces(self.voice_limits, self._note_places)

    @property
    def library(self) -> Library:
        return self.parts.library

    @property
    def recogniser(self) -> Recogniser | None:
        return self.parts.recogniser

    @property
    def listening(self) -> int:
        """People who are speaking right now."""
        return self.places.taken

    def _note_places(self) -> None:
        self.metrics.listening.set(self.places.taken)
        self.metrics.waiting_to_speak.set(self.places.waiting)

    def note_asked(self, door: str, decision: Decision) -> None:
        """Tell whoever counts that a question came through a door, and what was made of it."""
        self.metrics.asks.labels(door, decision).inc()

    def note_recognised(self, engine: str, seconds: float) -> None:
        """Tell whoever measures how long words took."""
        self.metrics.recognition_seconds.labels(engine).observe(seconds)

    async def look_up(self, address: str, number: str, kind: Kind | None = None) -> Inquiry:
        """Return what was left under a number, for whoever asks from an address.

        Guessing gets slow. Raises WrongNumber, MustWait, TooManyRequests.
        """
        self.look_up_limit.note(address)
        with self.look_up_delay.guarding(address):
            return await inquiries.look_up(number, keys=self.parts.keys, kind=kind)

    async def application_status(
        self, address: str, query_code: str, second_fact: str, *, now: datetime
    ) -> Status:
        """Return how an application stands, for whoever asks from an address.

        Guessing gets slow, for the address and for the code: a second fact has four characters only.
        Raises WrongQueryCode, MustWait, TooManyRequests.
        """
        self.look_up_limit.note(address)
        # However it is typed, a code has one delay. What is no code opens nothing.
        with suppress(WrongQueryCode):
            query_code = read_query_code(query_code)
        with self.status_delay.guarding(address), self.status_delay.guarding(f"code {query_code}"):
            return await application_status.look_up(
                query_code, second_fact, keys=self.parts.keys, now=now
            )


def context_of(request: Request) -> Context:
    """Return the context of the app that serves a request."""
    return cast(Context, request.app.ctx)

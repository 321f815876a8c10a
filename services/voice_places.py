"""Who may speak now, who waits for a turn, and who is refused: so many at a time, first come first.

A machine that listens to more people than it can keep up with answers none of them in time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from services.errors import Unavailable

PLEASE_WAIT = "现在提问的人较多，请稍等，轮到您时请再说话。"
REFUSAL = "现在提问的人较多，请稍等片刻再按一次。"


@dataclass(frozen=True)
class VoiceLimits:
    """What one voice connection may take up."""

    utterance_s: float = 30.0
    """Seconds of sound in one utterance; what was heard by then is answered."""
    no_sound_s: float = 10.0
    """Seconds without any sound after which an utterance is given up."""
    idle_s: float = 600.0
    """Seconds without any message after which a connection is closed."""
    listening_at_once: int = 8
    """People who may speak at the same time; one more waits for a turn."""
    waiting_at_once: int = 8
    """People who may wait; one more is refused."""
    waiting_s: float = 30.0
    """Seconds after which somebody who waits is refused: nobody stands there for longer."""


class Door(Enum):
    """Where somebody speaks."""

    KIOSK = auto()
    """Somebody stands there, perhaps with others behind: before the phones."""
    PHONE = auto()


class Place:
    """One person's place among those who speak, or in the queue of those who wait."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.is_given = False
        """Whether it is this one's turn."""
        self.since = time.monotonic()
        """When the waiting began, on the monotonic clock in seconds."""


class VoicePlaces:
    """The places of one process. Belongs to one event loop."""

    def __init__(self, limits: VoiceLimits, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever somebody begins, ends, waits or stops waiting."""
        self._limits = limits
        self._changed = changed
        self._queues: dict[Door, deque[Place]] = {door: deque() for door in Door}
        self.taken = 0
        """People who are speaking right now."""

    @property
    def waiting(self) -> int:
        """People who wait for a turn."""
        return sum(map(len, self._queues.values()))

    def ask(self, door: Door, *, may_wait: bool = True) -> Place:
        """Return a place, given at once or waiting. Raises Unavailable where there is none."""
        place = Place(door)
        if self._is_free_for(door):
            self._give(place)
        elif may_wait and self.waiting < self._limits.waiting_at_once:
            self._queues[door].append(place)
        else:
            raise Unavailable("Too many utterances at once.", sentence=REFUSAL)
        self._changed()
        return place

    def is_turn_of(self, place: Place) -> bool:
        """Say whether it is somebody's turn. Raises Unavailable, and lets go, after too long."""
        if place.is_given:
            return True
        if time.monotonic() - place.since > self._limits.waiting_s:
            self.give_back(place)
            raise Unavailable("Nobody stopped speaking in time.", sentence=REFUSAL)
        return False

    def give_back(self, place: Place) -> None:
        """Let go of a place, whether given or waiting; the first of those who wait gets it."""
        if place.is_given:
            place.is_given = False
            self.taken -= 1
        elif place in self._queues[place.door]:
            self._queues[place.door].remove(place)
        for door in Door:
            while self._queues[door] and self._is_free_beside_queue(door):
                self._give(self._queues[door].popleft())
        self._changed()

    def _is_free_for(self, door: Door) -> bool:
        """Say whether nobody has to be let go first."""
        before = [self._queues[Door.KIOSK], self._queues[door]]
        return not any(before) and self._is_free_beside_queue(door)

    def _is_free_beside_queue(self, door: Door) -> bool:
        places = self._limits.listening_at_once
        # However many phones call, the last place is a kiosk's.
        return self.taken < (places if door is Door.KIOSK or places == 1 else places - 1)

    def _give(self, place: Place) -> None:
        place.is_given = True
        self.taken += 1

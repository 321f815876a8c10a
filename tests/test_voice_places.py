"""Who may speak, who waits and who is refused."""

from __future__ import annotations

import pytest

from services.errors import Unavailable
from services.voice_places import Door, VoiceLimits, VoicePlaces


def places(at_once: int, waiting: int = 8, waiting_s: float = 30.0) -> VoicePlaces:
    return VoicePlaces(
        VoiceLimits(listening_at_once=at_once, waiting_at_once=waiting, waiting_s=waiting_s)
    )


def test_who_came_first_is_heard_first() -> None:
    hall = places(1)
    first, second, third = (hall.ask(Door.KIOSK) for _ in range(3))
    assert [place.is_given for place in (first, second, third)] == [True, False, False]
    hall.give_back(first)
    assert hall.is_turn_of(second)
    assert not hall.is_turn_of(third)
    assert (hall.taken, hall.waiting) == (1, 1)


def test_a_kiosk_is_heard_before_a_phone_that_came_earlier() -> None:
    hall = places(1)
    speaking = hall.ask(Door.PHONE)
    phone, kiosk = hall.ask(Door.PHONE), hall.ask(Door.KIOSK)
    hall.give_back(speaking)
    assert hall.is_turn_of(kiosk)
    hall.give_back(kiosk)
    assert hall.is_turn_of(phone)


def test_phones_leave_the_last_place_to_a_kiosk() -> None:
    hall = places(2)
    assert hall.ask(Door.PHONE).is_given
    phone = hall.ask(Door.PHONE)
    assert not phone.is_given
    kiosk = hall.ask(Door.KIOSK)
    assert kiosk.is_given
    hall.give_back(kiosk)
    assert not hall.is_turn_of(phone), "the place that was left free stays a kiosk's"


def test_the_queue_is_bounded_and_who_may_not_wait_is_refused() -> None:
    hall = places(1, waiting=1)
    hall.ask(Door.KIOSK)
    with pytest.raises(Unavailable):
        hall.ask(Door.PHONE, may_wait=False)
    hall.ask(Door.PHONE)
    with pytest.raises(Unavailable):
        hall.ask(Door.KIOSK)
    assert (hall.taken, hall.waiting) == (1, 1)


def test_a_wait_that_is_too_long_is_over() -> None:
    hall = places(1, waiting_s=-1.0)
    speaking, waiting = hall.ask(Door.KIOSK), hall.ask(Door.KIOSK)
    assert hall.is_turn_of(speaking)
    with pytest.raises(Unavailable):
        hall.is_turn_of(waiting)
    assert hall.waiting == 0


def test_a_place_given_back_twice_counts_once() -> None:
    hall = places(1)
    place, other = hall.ask(Door.KIOSK), hall.ask(Door.KIOSK)
    hall.give_back(place)
    hall.give_back(place)
    assert (hall.taken, other.is_given) == (1, True)
    hall.give_back(other)
    hall.give_back(other)
    assert (hall.taken, hall.waiting) == (0, 0)

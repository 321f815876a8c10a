"""Numbers said in pieces: checked as they grow, whatever the pieces."""

from __future__ import annotations

from datetime import date

import pytest

from server.kiosk.dictation import dictated
from server.kiosk.messages import Dictated, Purpose, Start
from server.metrics import Metrics
from server.speech_desk import SpeechDesk
from services.numbers_in_pieces import Growth, grown

TODAY = date(2026, 11, 27)
CARD = "11010519491231002X"
"""The example of GB 11643-1999."""


@pytest.mark.parametrize(
    ("field", "number", "growth"),
    [
        pytest.param("phone", "138", Growth.MORE, id="the first piece of a mobile"),
        pytest.param("phone", "13800001111", Growth.COMPLETE, id="a mobile"),
        pytest.param("phone", "138000011112", Growth.WRONG, id="a digit too many"),
        pytest.param("phone", "02363850000", Growth.MORE, id="a landline may have an extension"),
        pytest.param("identity", CARD[:14], Growth.MORE, id="6 and 8 of a card"),
        pytest.param("identity", CARD, Growth.COMPLETE, id="6, 8 and 4, the checksum right"),
        pytest.param("identity", CARD[:-1] + "1", Growth.WRONG, id="the checksum wrong"),
        pytest.param("identity", "110105X", Growth.MORE, id="a document of another sort"),
        pytest.param("identity", "1101X5", Growth.WRONG, id="an X in the middle"),
        pytest.param("postcode", "400000", Growth.COMPLETE, id="a postcode"),
        pytest.param("postcode", "4000001", Growth.WRONG, id="no postcode"),
        pytest.param("", "123456789012345678901234567890", Growth.MORE, id="who knows what"),
    ],
)
def test_a_number_is_checked_as_it_grows(field: str, number: str, growth: Growth) -> None:
    assert grown(field, number, today=TODAY).growth is growth


@pytest.mark.parametrize(
    ("pieces", "growths"),
    [
        pytest.param(["幺三八", "零零零零", "幺幺幺幺"], ["more", "more", "complete"], id="3+4+4"),
        pytest.param(["一三八零零", "零零一一一一"], ["more", "complete"], id="5+6"),
        pytest.param(["一三八零零零零一一一一二"], ["wrong"], id="in one go, and one too many"),
    ],
)
def test_people_choose_their_pieces(pieces: list[str], growths: list[str]) -> None:
    silent = SpeechDesk(None, "", Metrics(), b"0" * 43 + b"=")
    so_far, found = "", []
    for piece in pieces:
        heard = dictated(piece, Start(Purpose.DIGITS, field="phone", so_far=so_far), silent)
        assert isinstance(heard, Dictated)
        assert heard.speech == [], "a number is never said aloud"
        so_far += heard.text
        found.append(heard.growth)
    assert found == growths


def test_not_right_takes_a_piece_back_whatever_was_said_before() -> None:
    silent = SpeechDesk(None, "", Metrics(), b"0" * 43 + b"=")
    heard = dictated("不对", Start(Purpose.DIGITS, field="phone", so_far="138"), silent)
    assert isinstance(heard, Dictated)
    assert (heard.agrees, heard.text, heard.growth) == (False, "", "")


def test_digits_heard_in_what_was_no_number_are_none() -> None:
    silent = SpeechDesk(None, "", Metrics(), b"0" * 43 + b"=")
    asked = Start(Purpose.DIGITS, field="phone")
    assert dictated("三", asked, silent, ("公开",)) is None
    assert dictated("三", asked, silent, ("山",)) is not None

"""What travels over the voice connection; docs/voice-protocol.md describes it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from server.speech_desk import Piece
from services.replies import Answer, Decision
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE

Rate = Annotated[float, msgspec.Meta(ge=SLOWEST_RATE, le=FASTEST_RATE)]

Choices = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=100)], ...], msgspec.Meta(max_length=30)
]

# From the page. Unknown fields are allowed, so that a newer page can talk to an older server.


class Purpose(StrEnum):
    """What is done with what somebody says."""

    QUESTION = "question"
    REQUEST = "request"
    """What they apply for: written down, and said back."""
    WORDS = "words"
    """Written down and never said aloud: names and addresses."""
    DIGITS = "digits"
    """Digits of a phone or identity number, in pieces, never said aloud."""
    AGREEMENT = "agreement"
    """Yes or no."""
    CHOICE = "choice"
    """One of the answers on the screen, by its place or its words."""


class Start(msgspec.Struct, tag="start"):
    """Somebody begins to speak; sound follows in binary messages."""

    purpose: Purpose = Purpose.QUESTION
    choices: Choices = ()
    """For CHOICE: the answers on the screen, in their order."""
    field: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """For DIGITS: which number it is, "phone", "fax", "postcode" or "identity"; "" for another."""
    so_far: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """For DIGITS: what was said of the number before."""
    rate: Rate = DEFAULT_RATE
    """How fast the answer is going to be played, so that the right speech is made ahead."""


class Stop(msgspec.Struct, tag="stop"):
    """The button was pressed again: answer what was said so far."""


class Cancel(msgspec.Struct, tag="cancel"):
    """Forget what was said so far."""


class Ask(msgspec.Struct, tag="ask"):
    """A typed question."""

    text: str
    rate: Rate = DEFAULT_RATE


class Choose(msgspec.Struct, tag="choose"):
    """One of the choices offered last was tapped."""

    place: Annotated[int, msgspec.Meta(ge=0, le=9)]
    """Counted from 0."""
    rate: Rate = DEFAULT_RATE


class Confirm(msgspec.Struct, tag="confirm"):
    """是 or 不是 was tapped under 您是说……吗."""

    agrees: bool
    rate: Rate = DEFAULT_RATE


FromPage = Start | Stop | Cancel | Ask | Choose | Confirm

# To the page.


class Listening(msgspec.Struct, tag="listening"):
    """Sound may be sent now."""

    streams: bool
    """Whether words are going to appear while the person speaks."""


class Waiting(msgspec.Struct, tag="waiting"):
    """Others are being listened to: `listening` follows by itself when it is this one's turn."""

    sentence: str
    speech: list[Piece]


class Partial(msgspec.Struct, tag="partial"):
    """The words so far."""

    text: str


class Ended(msgspec.Struct, tag="ended"):
    """The speaker seems to have finished, or time is up: the microphone can be closed."""

    reason: str
    """ "silence", "stop", "too_long" or "no_sound"."""


class HeardWords(msgspec.Struct, tag="heard"):
    """The final words, before they are acted on."""

    text: str


class CommandHeard(msgspec.Struct, tag="command"):
    """The words were a command for the page."""

    command: str


class Replied(msgspec.Struct, tag="reply"):
    """An answer, a choice, or somebody to ask."""

    transcript: str
    decision: Decision
    answers: tuple[Answer, ...]
    spoken: str
    opening: list[Piece]
    """What is said while the first sentence is made, [] where it is there."""
    speech: list[Piece]
    """What is said at once, sentence by sentence."""
    more: list[list[Piece]]
    """What is said on 继续, one list each time."""
    meant: str = ""
    """For the decision "confirm": what was likely meant; the page asks 您是说……吗."""
    alternatives: tuple[str, ...] = ()
    """What else may have been said, the likeliest first, for correcting by touch."""


class Dictated(msgspec.Struct, tag="dictated"):
    """What was said for a field of a form, or to a question of yes or no."""

    purpose: Purpose
    text: str
    """As it is to be written: digits alone for DIGITS, "" for AGREEMENT and CHOICE."""
    agrees: bool | None
    """For AGREEMENT and DIGITS: yes or no; None where it was neither."""
    speech: list[Piece]
    """For REQUEST: what was understood, as a question to be agreed to. Empty for all others."""
    place: int | None = None
    """For CHOICE: which, counted from 0; None where none of them was said."""
    growth: str = ""
    """For DIGITS with a piece: how far the number has come, "more", "complete" or "wrong"."""
    sentence: str = ""
    """For DIGITS: what is wrong with the number, to be shown and never said."""


class NotHeard(msgspec.Struct, tag="not_heard"):
    """There was no intelligible speech."""

    sentence: str
    speech: list[Piece]
    reason: str = "unclear"
    """Why, where it is known; docs/voice-protocol.md lists them."""
    offers_staff: bool = False
    """Whether it is time to offer a person: nothing was understood several times."""


class Failed(msgspec.Struct, tag="error"):
    """Something went wrong; the connection goes on."""

    code: str
    sentence: str


ToPage = (
    Listening
    | Waiting
    | Partial
    | Ended
    | HeardWords
    | CommandHeard
    | Replied
    | Dictated
    | NotHeard
    | Failed
)

_from_page: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)
_to_page = msgspec.json.Encoder()


def read(text: str) -> FromPage:
    """Return the message that a text frame holds.

    Raises msgspec.DecodeError for anything else.
    """
    return _from_page.decode(text)


def write(message: ToPage) -> str:
    """Return the text frame of a message."""
    return _to_page.encode(message).decode()

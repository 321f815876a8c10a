"""What travels over the connection on which a phone speaks; docs/voice-protocol.md describes it."""

from __future__ import annotations

import msgspec

from miniprogram_api.mp.asking import Rate, TurnText
from miniprogram_api.mp.replies import AskReply
from speech.synthesis import DEFAULT_RATE

# From the phone. Unknown fields are allowed: a newer mini-program may talk to an older server.


class Start(msgspec.Struct, tag="start"):
    """Somebody begins to speak; sound follows in binary messages."""

    rate: Rate = DEFAULT_RATE
    turn: TurnText = ""
    """As the last reply gave it: on a new connection what was offered on the one before still is."""


class Stop(msgspec.Struct, tag="stop"):
    """They ended: answer what was said so far (isLastFrame, or the button)."""


class Cancel(msgspec.Struct, tag="cancel"):
    """Forget what was said so far."""


FromPhone = Start | Stop | Cancel

# To the phone.


class Listening(msgspec.Struct, tag="listening"):
    """Sound may be sent now."""

    streams: bool
    """Whether words are going to appear meanwhile."""


class Waiting(msgspec.Struct, tag="waiting"):
    """Others are being listened to: `listening` follows by itself when it is this one's turn."""

    sentence: str


class Partial(msgspec.Struct, tag="partial"):
    """The words so far."""

    text: str


class Ended(msgspec.Struct, tag="ended"):
    """The recorder can be stopped."""

    reason: str
    """ "silence", "stop", "too_long" or "no_sound"."""


class Replied(msgspec.Struct, tag="reply"):
    """What it gets back, as POST /mp/v1/ask/recording gives it."""

    reply: AskReply


class Failed(msgspec.Struct, tag="error"):
    """Something could not be done; the connection goes on."""

    code: str
    sentence: str


ToPhone = Listening | Waiting | Partial | Ended | Replied | Failed

_from_phone: msgspec.json.Decoder[FromPhone] = msgspec.json.Decoder(FromPhone)
_to_phone = msgspec.json.Encoder()


def read(text: str) -> FromPhone:
    """Return the message that a text frame holds. Raises msgspec.DecodeError for anything else."""
    return _from_phone.decode(text)


def write(message: ToPhone) -> str:
    """Return the text frame of a message."""
    return _to_phone.encode(message).decode()

"""What somebody says for a form: written down, and said back only where it tells of nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from server.kiosk.messages import CommandHeard, Dictated, Purpose, Start
from server.speech_desk import Piece, SpeechDesk
from services.clock import zone_day
from services.numbers_in_pieces import grown
from services.spoken_commands import (
    Command,
    choice_in,
    choice_phrases,
    command_in,
    command_near,
    command_phrases,
)
from services.spoken_digits import (
    agreement_in,
    agreement_phrases,
    digit_phrases,
    digits_in,
    is_digits_alone,
    sounds_of_digit,
)

_CLOSING = "。.，,？?！!；;、"
"""What a recogniser ends a sentence with, and nobody would write at the end of a field."""
READ_BACK = "您要申请的是：{}，对吗？"
_FOR_FORMS = {Command.REPEAT, Command.SLOWER, Command.LOUDER, Command.HELP, Command.BACK}


def phrases_for(asked: Start) -> tuple[str, ...]:
    """Return all that is likely to be said for a field of a form, () for anything at all."""
    answers: dict[Purpose, Callable[[], tuple[str, ...]]] = {
        Purpose.AGREEMENT: agreement_phrases,
        Purpose.DIGITS: lambda: (*digit_phrases(), *agreement_phrases()),
        Purpose.CHOICE: lambda: choice_phrases(asked.choices),
    }
    if asked.purpose not in answers:
        return ()
    return tuple(dict.fromkeys((*answers[asked.purpose](), *command_phrases(_FOR_FORMS))))


def dictated(
    text: str, asked: Start, speech: SpeechDesk, alternatives: Sequence[str] = ()
) -> Dictated | CommandHeard | None:
    """Return what to do with words that were said for a form; None where they say nothing of use.

    `alternatives` is what else may have been said. The sound of what is said back never touches the
    disk.
    """
    purpose = asked.purpose
    if purpose is Purpose.AGREEMENT:
        agrees = agreement_in(text)
        command = command_near(text, _FOR_FORMS) if agrees is None else None
        if command in _FOR_FORMS:
            return CommandHeard(str(command))
        return Dictated(purpose, "", agrees, [])
    command = command_in(text)
    if command in _FOR_FORMS:
        return CommandHeard(str(command))
    if purpose is Purpose.CHOICE:
        return Dictated(purpose, "", None, [], choice_in(text, asked.choices))
    if purpose is Purpose.DIGITS:
        # 是 sounds like 四, and 不对 takes the last piece back.
        agrees = None if is_digits_alone(text) else agreement_in(text)
        digits = digits_in(text) if agrees is None else ""
        if digits and alternatives and not any(map(sounds_of_digit, alternatives)):
            # A recogniser that knows nothing but digits hears them in anything.
            return None
        if agrees is not None:
            return Dictated(purpose, "", agrees, [])
        if not digits:
            return None
        number = grown(asked.field, asked.so_far + digits, today=zone_day(datetime.now(UTC)))
        return Dictated(
            *(purpose, digits, None, []), growth=number.growth, sentence=number.sentence
        )
    text = text.strip().rstrip(_CLOSING)
    said_back: list[Piece] = []
    if purpose is Purpose.REQUEST:
        said_back = speech.pieces(READ_BACK.format(text), keep=False)
    return Dictated(purpose, text, None, said_back)

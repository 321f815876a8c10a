"""Spoken text for the kiosk: handed out as an address first, made while the visitor reads.

Only text that the server itself issued can be fetched, so nobody can make the kiosk's voice say
something else.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence

import structlog

from server.json_log import failure_fields
from server.metrics import Metrics
from services.errors import EngineMissing, Invalid, NotFound, OpenZoneError
from speech.errors import SpeechError
from speech.reading_text import sentences
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE, Sound, Synthesiser

_ISSUED = 2000
"""How many texts are remembered; the one issued longest ago is forgotten first."""

PHRASES = {
    "still-here": "您还在吗？如果还在，请点一下屏幕，或者说句话。",
    "not-heard": "没有听清，请再说一遍。",
    "staff-called": "已经通知工作人员，请在这里稍等。",
    "left": "问题已经留下，请记住屏幕上的编号。",
    "apply": "您可以在本大厅的申请接收区当面申请，也可以邮寄，或者在网上申请。",
    "slower": "好的，我说慢一点。",
    "louder": "好的，声音调大了。",
    "no-more": "已经说完了。",
    "voice-test": "您好，这里是政务公开专区。您听到的就是自助机的声音。",
}
"""Sentences of the page itself, fetched by their name."""


class SpeechDesk:
    """Issues addresses for texts and makes the sound behind them.

    Expects a synthesiser that remembers what it has made: what is made ahead is fetched later.
    """

    def __init__(self, synthesiser: Synthesiser | None, voice: str, metrics: Metrics) -> None:
        self._synthesiser = synthesiser
        self._voice = voice or None
        self._metrics = metrics
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._ahead: set[asyncio.Task[None]] = set()
        self.wanted_at = 0.0
        """When somebody last wanted to hear something, on the monotonic clock in seconds."""

    @property
    def speaks(self) -> bool:
        """Whether there is an engine to speak with."""
        return self._synthesiser is not None

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices to choose from."""
        return self._synthesiser.voices if self._synthesiser is not None else ()

    def issue(self, text: str) -> list[tuple[str, str]]:
        """Return the sentences of a text, each with the token that fetches its sound.

        The tokens are empty where nothing can speak.
        """
        return [(piece, self._token(piece)) for piece in sentences(text)]

    def _token(self, text: str) -> str:
        if self._synthesiser is None:
            return ""
        token = secrets.token_urlsafe(16)
        self._texts[token] = text
        while len(self._texts) > _ISSUED:
            self._texts.popitem(last=False)
        return token

    def make_ahead(self, tokens: Sequence[str], rate: float) -> None:
        """Begin to make sounds, one after the other, before anybody fetches them."""
        if self._synthesiser is None or not tokens:
            return
        task = asyncio.create_task(self._make_in_order(list(tokens), rate))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _make_in_order(self, tokens: list[str], rate: float) -> None:
        for token in tokens:
            try:
                await self.sound(token, rate=rate)
            except (SpeechError, OpenZoneError) as error:
                # Whoever fetches the sound is told.
                structlog.get_logger().warning("speech not made ahead", **failure_fields(error))
                return

    async def sound(
        self, token: str, *, rate: float = DEFAULT_RATE, voice: str | None = None
    ) -> Sound:
        """Return the sound of an issued text or of a phrase, waiting for it where need be.

        Raises NotFound for a token that was never issued or is forgotten, Invalid for a rate or
        voice that cannot be, EngineMissing, and the errors of the synthesiser.
        """
        text = self._texts.get(token) or PHRASES.get(token)
        if text is None:
            raise NotFound("This speech was not issued.")
        if self._synthesiser is None:
            raise EngineMissing("There is no synthesiser.")
        if not SLOWEST_RATE <= rate <= FASTEST_RATE:
            raise Invalid(f"The rate must be from {SLOWEST_RATE} to {FASTEST_RATE}.")
        if voice is not None and voice not in self._synthesiser.voices:
            raise Invalid("The synthesiser has no such voice.")
        self.wanted_at = time.monotonic()
        began = time.perf_counter()
        sound = await self._synthesiser.speak(text, voice=voice or self._voice, rate=round(rate, 2))
        seconds = time.perf_counter() - began
        self._metrics.synthesis_seconds.labels(self._synthesiser.name).observe(seconds)
        return sound

    async def close(self) -> None:
        """Stop making sounds."""
        for task in self._ahead:
            task.cancel()
        await asyncio.gather(*self._ahead, return_exceptions=True)

"""Spoken text for the kiosk: handed out as an address first, made while the visitor reads.

An address holds the text itself, encrypted: only text that the server issued can be fetched, so
nobody can make the kiosk's voice say something else, and every process that has the key can serve
it. What was replaced or withdrawn meanwhile is no longer spoken.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec
import structlog
from cryptography.fernet import Fernet, InvalidToken

from models.index_change import Subject
from server.metrics import Metrics
from services import reading
from services.errors import Conflict, EngineMissing, Invalid, NotFound, OpenZoneError
from services.logged_failures import failure_fields
from services.not_understood import PROMPTS
from services.projection import owner_of
from services.replies import Decision
from services.spoken_owners import OF_THE_HOUSE, Said, still_says
from services.voice_places import PLEASE_WAIT
from speech.errors import SpeechError
from speech.prepared import PreparedSpeech
from speech.reading_text import sentences
from speech.synthesis import DEFAULT_RATE, FASTEST_RATE, SLOWEST_RATE, Sound

T = TypeVar("T")

_LONGEST_VALID_S = 24 * 3600
"""How long an address may be fetched, in seconds."""
_CHECKED_S = 0.5
"""How long it is taken for granted that something is still said, in seconds."""
_MOST_CHECKED = 1_000
_MOST_PRIVATE = 50

PHRASES = {
    "still-here": "您还在吗？如果还在，请点一下屏幕，或者说句话。",
    "please-wait": PLEASE_WAIT,
    "your-turn": "轮到您了，请说。",
    "staff-called": "已经通知工作人员，请在这里稍等。",
    "left": "问题已经留下，请记住屏幕上的编号。",
    "suggested": "意见已经收到，请记住屏幕上的编号。",
    "rated": "谢谢您的评价。",
    "apply": "您可以在本大厅的申请接收区当面申请，也可以邮寄，或者在网上申请。",
    "look-and-agree": "请看屏幕上的字，对吗？对就说对，不对就说不对。",
    "digits-wrong": "号码好像不对，请看屏幕核对。说不对，就去掉刚才那几位。",
    "more-digits": "请接着说后面的数字。说完了，就说说完了。",
    "slower": "好的，我说慢一点。",
    "louder": "好的，声音调大了。",
    "no-more": "已经说完了。",
    "found": "好的，我查到了。",
    "to-confirm": "请您确认一下。",
    "voice-test": "您好，这里是政务公开专区。您听到的就是自助机的声音。",
    **{prompt.name: prompt.sentence for prompt in PROMPTS},
}
"""Sentences of the page itself, fetched by their name."""

_OPENINGS = {Decision.ANSWER: "found", Decision.CONFIRM: "to-confirm"}
"""What is said first of a reply whose own words have yet to be made."""


_ADDRESS = "/kiosk/speech/"
"""Where server.kiosk serves the sounds; a token follows."""


class _Issued(msgspec.Struct, frozen=True, array_like=True):
    """What an address holds."""

    text: str
    owner: str
    revision: int
    keep: bool = True


class Piece(msgspec.Struct):
    """A sentence and where its sound is; no address where nothing can speak."""

    text: str
    url: str


class SpeechDesk:
    """Issues addresses for texts and makes the sound behind them.

    Expects a synthesiser that remembers what it has made: what is made ahead is fetched later.
    """

    def __init__(
        self, synthesiser: PreparedSpeech | None, voice: str, metrics: Metrics, key: bytes
    ) -> None:
        self._synthesiser = synthesiser
        self._voice = voice or None
        self._metrics = metrics
        self._seal = Fernet(key)
        self._checked: dict[Said, float] = {}
        """Until when what is said needs no new look, on the monotonic clock in seconds."""
        self._ahead: set[asyncio.Task[None]] = set()
        self._private: OrderedDict[tuple[str, float], bytes] = OrderedDict()
        """Sounds that may not touch the disk, by their token and rate, the latest last."""
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

    def issue(
        self, text: str, said: Said = OF_THE_HOUSE, *, keep: bool = True
    ) -> list[tuple[str, str]]:
        """Return the sentences of a text, each with the token that fetches its sound.

        The tokens are empty where nothing can speak. They fetch nothing any more once whoever
        says the text was changed or withdrawn. With keep=False the sound never touches the disk:
        for what is between the office and one person.
        """
        return [(piece, self._token(piece, said, keep)) for piece in sentences(text)]

    def pieces(self, text: str, said: Said = OF_THE_HOUSE, *, keep: bool = True) -> list[Piece]:
        """Return the sentences of a text as the pages play them. The arguments are those of issue."""
        return [
            Piece(sentence, f"{_ADDRESS}{token}" if token else "")
            for sentence, token in self.issue(text, said, keep=keep)
        ]

    def _token(self, text: str, said: Said, keep: bool) -> str:
        if self._synthesiser is None:
            return ""
        issued = msgspec.json.encode(_Issued(text, said.owner, said.revision, keep))
        return self._seal.encrypt(issued).decode().rstrip("=")

    def _opened(self, token: str) -> _Issued:
        phrase = PHRASES.get(token)
        if phrase is not None:
            return _Issued(phrase, *OF_THE_HOUSE)
        try:
            padded = token + "=" * (-len(token) % 4)
            issued = self._seal.decrypt(padded, ttl=_LONGEST_VALID_S)
            return msgspec.json.decode(issued, type=_Issued)
        except (InvalidToken, ValueError):
            raise NotFound("This speech was not issued.") from None

    def look_again(self) -> None:
        """Take nothing for granted any more of what was published."""
        self._checked.clear()

    async def _require_said(self, said: Said) -> None:
        """Raise NotFound unless something is still said by whoever said it."""
        now = time.monotonic()
        if self._checked.get(said, 0.0) > now:
            return
        if not await still_says(said):
            self._checked.pop(said, None)
            raise NotFound("What said this is published no longer.")
        if len(self._checked) > _MOST_CHECKED:
            self._checked.clear()
        self._checked[said] = now + _CHECKED_S

    def opening(
        self, decision: Decision, pieces: Sequence[Piece], said: Said, rate: float, voice: str = ""
    ) -> list[Piece]:
        """Return what is said before a reply while its first sentence is made; [] where that one is
        there, or will be at once.
        """
        synthesiser, name = self._synthesiser, _OPENINGS.get(decision)
        if synthesiser is None or not synthesiser.takes_time or name is None or not pieces:
            return []
        is_there = partial(synthesiser.is_prepared, voice=voice or self._voice, rate=round(rate, 2))
        phrase = PHRASES[name]
        if not is_there(phrase) or is_there(pieces[0].text, owner=said.owner):
            return []
        return [Piece(phrase, f"{_ADDRESS}{name}")]

    def make_ahead(self, pieces: Sequence[Piece], rate: float, voice: str = "") -> None:
        """Begin to make sounds, one after the other, before anybody fetches them.

        They are made with the voice of the kiosk that will fetch them, "" for the installation's.
        """
        tokens = [piece.url.removeprefix(_ADDRESS) for piece in pieces if piece.url]
        self._begin_to_make(partial(self.sound, voice=voice or None), tokens, rate)

    def make_mp3_ahead(self, tokens: Sequence[str], rate: float) -> None:
        """Begin to make what phones will fetch, one after the other."""
        self._begin_to_make(self.mp3, tokens, rate)

    def _begin_to_make(
        self, make: Callable[..., Awaitable[object]], tokens: Sequence[str], rate: float
    ) -> None:
        if self._synthesiser is None or not tokens:
            return
        task = asyncio.create_task(self._make_in_order(make, tokens, rate))
        self._ahead.add(task)
        task.add_done_callback(self._ahead.discard)

    async def _make_in_order(
        self, make: Callable[..., Awaitable[object]], tokens: Sequence[str], rate: float
    ) -> None:
        for token in tokens:
            try:
                await make(token, rate=rate)
            except (SpeechError, OpenZoneError) as error:
                # Whoever fetches the sound is told.
                structlog.get_logger().warning("speech not made ahead", **failure_fields(error))
                return

    async def sound(
        self, token: str, *, rate: float = DEFAULT_RATE, voice: str | None = None
    ) -> Sound:
        """Return the sound of an issued text or of a phrase, waiting for it where need be.

        Raises NotFound for a token that was never issued, is old, or whose text was replaced or
        withdrawn, Invalid for a rate or voice that cannot be, EngineMissing, and the errors of the
        synthesiser.
        """
        issued = self._opened(token)
        return await self._issued_sound(issued, PreparedSpeech.speak, rate, voice)

    async def mp3(self, token: str, *, rate: float = DEFAULT_RATE) -> bytes:
        """Return the same as an MP3 file, for phones. Raises as sound does.

        Players ask for a file in parts: what may not touch the disk is remembered for a while.
        """
        issued = self._opened(token)
        key = (token, round(rate, 2))
        mp3 = self._private.get(key)
        if mp3 is None:
            mp3 = await self._issued_sound(issued, PreparedSpeech.speak_mp3, rate, None)
        if not issued.keep:
            self._private[key] = mp3
            self._private.move_to_end(key)
            while len(self._private) > _MOST_PRIVATE:
                self._private.popitem(last=False)
        return mp3

    async def sentence(self, document_id: int, name: str, *, version: str, rate: float) -> Sound:
        """Return a sentence of a published document, spoken.

        Raises as services.reading.sentence does, Invalid, EngineMissing, and the errors of the
        synthesiser.
        """
        text = await reading.sentence(document_id, name, version=version)
        return await self._read_aloud(PreparedSpeech.speak, document_id, text, version, rate)

    async def sentence_mp3(
        self, document_id: int, name: str, *, version: str, rate: float
    ) -> bytes:
        """Return the same as an MP3 file, for phones. Raises as sentence does."""
        text = await reading.sentence(document_id, name, version=version)
        return await self._read_aloud(PreparedSpeech.speak_mp3, document_id, text, version, rate)

    async def _issued_sound(
        self, issued: _Issued, speak: Callable[..., Awaitable[T]], rate: float, voice: str | None
    ) -> T:
        said = Said(issued.owner, issued.revision)

        async def require() -> None:
            await self._require_said(said)

        await require()
        return await self._spoken(
            speak, issued.text, require, rate=rate, voice=voice, owner=said.owner, keep=issued.keep
        )

    async def _read_aloud(
        self,
        speak: Callable[..., Awaitable[T]],
        document_id: int,
        text: str,
        version: str,
        rate: float,
    ) -> T:
        async def require() -> None:
            await reading.require_version(document_id, version)

        owner = owner_of(Subject.DOCUMENT, document_id)
        return await self._spoken(speak, text, require, rate=rate, owner=owner)

    async def _spoken(
        self,
        speak: Callable[..., Awaitable[T]],
        text: str,
        require: Callable[[], Awaitable[None]],
        *,
        rate: float,
        owner: str,
        voice: str | None = None,
        keep: bool = True,
    ) -> T:
        synthesiser = self._synthesiser
        if synthesiser is None:
            raise EngineMissing("There is no synthesiser.")
        if not SLOWEST_RATE <= rate <= FASTEST_RATE:
            raise Invalid(f"The rate must be from {SLOWEST_RATE} to {FASTEST_RATE}.")
        if voice is not None and voice not in synthesiser.voices:
            raise Invalid("The synthesiser has no such voice.")
        self.wanted_at = time.monotonic()
        began = time.perf_counter()
        sound = await speak(
            synthesiser,
            text,
            voice=voice or self._voice,
            rate=round(rate, 2),
            keep=keep,
            owner=owner,
        )
        try:
            # It may have been withdrawn while it was made.
            await require()
        except (NotFound, Conflict):
            await synthesiser.forget(owner)
            raise
        seconds = time.perf_counter() - began
        self._metrics.synthesis_seconds.labels(synthesiser.name).observe(seconds)
        return sound

    async def close(self) -> None:
        """Stop making sounds."""
        for task in self._ahead:
            task.cancel()
        await asyncio.gather(*self._ahead, return_exceptions=True)

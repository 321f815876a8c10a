"""The server's end of the voice connection, played by a test; see docs/voice-protocol.md."""

from __future__ import annotations

import io
import json
import math
import wave
from array import array
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, WebSocketRoute

RATE = 16_000


def tone(seconds: float, loudness: float) -> bytes:
    """Return a steady sound of 400 Hz, 16 kHz PCM; loudness is its peak from 0 to 1."""
    one = [round(32_767 * loudness * math.sin(2 * math.pi * n / 40)) for n in range(40)]
    return array("h", one * int(seconds * RATE / 40)).tobytes()


def loud(seconds: float) -> bytes:
    """Return a sound far too loud for a microphone, 16 kHz PCM: its tops are cut off."""
    one = [32_767] * 20 + [-32_768] * 20
    return array("h", one * int(seconds * RATE / 40)).tobytes()


def piece(name: str, text: str = "") -> dict[str, str]:
    """Return a sentence to be said."""
    return {"text": text, "url": f"/kiosk/speech/{name}"}


class ScriptedVoice:
    """Answers the page as a test says, and notes what the page sends."""

    def __init__(self, page: Page) -> None:
        self.sent: list[dict[str, Any]] = []
        """What the page said, but for sound."""
        self.sound = b""
        """The sound since it last began to listen."""
        self.fetched: list[str] = []
        """The names of what was said aloud, in order."""
        self.sentence_s = 0.5
        """How long a sentence takes to say, in seconds."""
        self.on_start: Callable[[], object] = self.listen
        self._connection: WebSocketRoute | None = None
        self._page = page
        page.route_web_socket("**/kiosk/voice", self._connect)
        page.route("**/kiosk/speech/*", self._speak)

    def say(self, kind: str, **fields: object) -> None:
        """Send a message to the page."""
        assert self._connection is not None
        self._connection.send(json.dumps({"type": kind, **fields}, ensure_ascii=False))

    def listen(self) -> None:
        """Begin to listen."""
        self.say("listening", streams=True)

    def hear(self, text: str, **reply: object) -> None:
        """Understand what was said, and reply to it."""
        self.say("ended", reason="silence")
        self.say("heard", text=text)
        self.reply(text, **reply)

    def reply(self, text: str, **fields: object) -> None:
        """Reply as the server does."""
        self.say("reply", **{**empty_reply(text), **fields})

    def wait_for(self, kind: str, times: int = 1) -> dict[str, Any]:
        """Wait until the page has sent so many messages of a kind; the last of them."""

        def of_kind() -> list[dict[str, Any]]:
            return [message for message in self.sent if message["type"] == kind]

        if not self._comes(lambda: len(of_kind()) >= times):
            raise AssertionError(f"No {kind} number {times} came: {self.sent}")
        return of_kind()[times - 1]

    def wait_for_fetching(self, sentences: int) -> None:
        """Wait until the page has fetched so many sentences."""
        if not self._comes(lambda: len(self.fetched) >= sentences):
            raise AssertionError(f"Only {self.fetched} were fetched")

    def wait_for_sound(self, least_peak: int) -> None:
        """Wait until something loud was sent; the peak is of 32,767."""
        if not self._comes(lambda: peak(self.sound) >= least_peak):
            loudest = peak(self.sound)
            raise AssertionError(f"Only {len(self.sound)} bytes with a peak of {loudest} came")

    def _comes(self, is_there: Callable[[], bool]) -> bool:
        """Let the page go on until something is there; return whether it was, in half a minute."""
        for _ in range(600):
            if is_there():
                return True
            self._page.wait_for_timeout(50)
        return False

    def _connect(self, connection: WebSocketRoute) -> None:
        self._connection = connection
        connection.on_message(self._take)

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.sound += message
            return
        told = json.loads(message)
        self.sent.append(told)
        if told["type"] == "start":
            self.sound = b""
            self.on_start()

    def _speak(self, route: Route) -> None:
        self.fetched.append(route.request.url.rpartition("/")[2].partition("?")[0])
        route.fulfill(body=_wav(tone(self.sentence_s, 0.2)), content_type="audio/wav")


def empty_reply(text: str) -> dict[str, object]:
    """Return a reply that says nothing yet."""
    return {
        "transcript": text,
        "decision": "handoff",
        "answers": [],
        "spoken": "",
        "opening": [],
        "speech": [],
        "more": [],
        "meant": "",
        "alternatives": [],
    }


def answer(title: str, text: str) -> dict[str, object]:
    """Return an answer as replies have them."""
    return {
        "kind": "qa",
        "id": 1,
        "external_id": "1",
        "title": title,
        "text": text,
        "score": 1.0,
        "source": {
            "title": "办法",
            "document_number": "",
            "article": "",
            "agency": "",
            "date": "",
            "validity": "",
        },
    }


def peak(pcm: bytes) -> int:
    """Return the largest sample of 16-bit PCM."""
    samples = array("h", pcm[: len(pcm) // 2 * 2])
    return max((abs(sample) for sample in samples), default=0)


def _wav(pcm: bytes) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return whole.getvalue()

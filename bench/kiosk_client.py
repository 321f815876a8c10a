"""Kiosks as the server sees them: each tells that it is there, and asks over its voice connection.

Runs as a process of its own, `python -m bench.kiosk_client`, with one JSON object (Kiosks) on its
standard input, and prints one (Seen).
"""

from __future__ import annotations

import asyncio
import sys
import time

import httpx
import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

PRESENCE_EVERY_S = 1.5
"""As web/static/kiosk/presence.js does."""
_REPLY_WITHIN_S = 15.0
"""After which the page itself gives up."""


class Kiosks(msgspec.Struct, frozen=True):
    """What to do."""

    host: str
    tokens: list[str]
    """One for each kiosk."""
    questions: list[list[str]]
    """Of each round, one for each kiosk, asked by all at the same moment."""
    round_every_s: float


class Seen(msgspec.Struct):
    """What the kiosks saw."""

    presence_ms: list[float] = []
    reply_ms: list[float] = []
    errors: list[str] = []
    seconds: float = 0.0


async def run(kiosks: Kiosks) -> Seen:
    """Let all kiosks work until every round is over."""
    seen = Seen()
    starts = asyncio.get_running_loop().time() + kiosks.round_every_s
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, token in enumerate(kiosks.tokens):
            questions = [round_[number] for round_ in kiosks.questions]
            group.create_task(_kiosk(kiosks, number, token, questions, starts, seen))
    seen.seconds = time.perf_counter() - began
    return seen


async def _kiosk(
    kiosks: Kiosks, number: int, token: str, questions: list[str], starts: float, seen: Seen
) -> None:
    cookie = {"Cookie": f"openzone_kiosk={token}"}
    # Kiosks are switched on one after the other.
    await asyncio.sleep(PRESENCE_EVERY_S * number / len(kiosks.tokens))
    async with httpx.AsyncClient(
        base_url=f"http://{kiosks.host}", headers=cookie, timeout=_REPLY_WITHIN_S, trust_env=False
    ) as client:
        telling = asyncio.create_task(_tell(client, seen))
        try:
            await _ask(f"ws://{kiosks.host}/kiosk/voice", cookie, questions, starts, kiosks, seen)
        except (OSError, TimeoutError, WebSocketException) as error:
            seen.errors.append(f"asking: {type(error).__name__}")
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


async def _tell(client: httpx.AsyncClient, seen: Seen) -> None:
    while True:
        began = time.perf_counter()
        try:
            answer = await client.post("/kiosk/presence")
        except httpx.HTTPError as error:
            seen.errors.append(f"presence: {type(error).__name__}")
        else:
            seen.presence_ms.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 204:
                seen.errors.append(f"presence: {answer.status_code}")
        await asyncio.sleep(PRESENCE_EVERY_S)


async def _ask(
    address: str,
    cookie: dict[str, str],
    questions: list[str],
    starts: float,
    kiosks: Kiosks,
    seen: Seen,
) -> None:
    loop = asyncio.get_running_loop()
    async with connect(address, additional_headers=cookie, proxy=None) as voice:
        for round_, question in enumerate(questions):
            await asyncio.sleep(starts + round_ * kiosks.round_every_s - loop.time())
            began = time.perf_counter()
            await voice.send(msgspec.json.encode({"type": "ask", "text": question}).decode())
            async with asyncio.timeout(_REPLY_WITHIN_S):
                kind = ""
                while kind not in {"reply", "error"}:
                    kind = msgspec.json.decode(await voice.recv())["type"]
            seen.reply_ms.append((time.perf_counter() - began) * 1000)
            if kind == "error":
                seen.errors.append("asking: refused")


if __name__ == "__main__":
    outcome = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Kiosks)))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))

"""Phones as the server sees them: people who look around, read, ask, listen and look after things.

Runs as a process of its own, `python -m bench.phone_client`, with one JSON object (Phones) on its
standard input, and prints one (Seen).
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import defaultdict

import httpx
import msgspec

_ANSWER_WITHIN_S = 20.0
"""After which wx.request would still wait; a person would not."""


class Phones(msgspec.Struct, frozen=True):
    """What to do."""

    url: str
    tokens: list[str]
    """One for each phone."""
    questions: list[str]
    document_ids: list[int]
    seconds: float
    think_s: float
    """How long a person looks at a page, on average."""


class Seen(msgspec.Struct):
    """What the phones saw."""

    ms: dict[str, list[float]] = {}
    """By what was asked for: milliseconds until the whole answer was there."""
    errors: list[str] = []
    seconds: float = 0.0


MIX = {
    "home": 15,
    "search": 15,
    "document": 15,
    "ask": 20,
    "sound": 10,
    "notices": 8,
    "messages": 8,
    "applications": 5,
    "settings": 2,
    "question left": 2,
}
"""How often each is asked for, in a hundred."""


async def run(phones: Phones) -> Seen:
    """Let all phones be used for a while."""
    seen = Seen()
    ms: dict[str, list[float]] = defaultdict(list)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, token in enumerate(phones.tokens):
            group.create_task(_phone(phones, number, token, ms, seen.errors))
    seen.ms, seen.seconds = dict(ms), time.perf_counter() - began
    return seen


async def _phone(
    phones: Phones, number: int, token: str, ms: dict[str, list[float]], errors: list[str]
) -> None:
    chance = random.Random(number)
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": f"203.0.113.{number % 250}"}
    ends = time.perf_counter() + phones.seconds
    sounds: list[str] = []
    # People do not all come in the same moment.
    await asyncio.sleep(phones.think_s * chance.random())
    # Plain HTTP: reading the machine's certificates two hundred times would take seconds.
    async with httpx.AsyncClient(
        base_url=phones.url,
        headers=headers,
        timeout=_ANSWER_WITHIN_S,
        trust_env=False,
        verify=False,
    ) as client:
        while time.perf_counter() < ends:
            (what,) = chance.choices(list(MIX), weights=list(MIX.values()))
            if what == "sound" and not sounds:
                what = "ask"
            began = time.perf_counter()
            try:
                answer = await _ask_for(client, what, phones, chance, sounds)
            except httpx.HTTPError as error:
                errors.append(f"{what}: {type(error).__name__}")
            else:
                ms[what].append((time.perf_counter() - began) * 1000)
                if not answer.is_success:
                    errors.append(f"{what}: {answer.status_code}")
                elif what == "ask":
                    sounds[:] = [piece["sound"] for piece in answer.json()["spoken"]]
            await asyncio.sleep(phones.think_s * 2 * chance.random())


async def _ask_for(
    client: httpx.AsyncClient, what: str, phones: Phones, chance: random.Random, sounds: list[str]
) -> httpx.Response:
    question = chance.choice(phones.questions)
    match what:
        case "home":
            return await client.get("/mp/v1/home")
        case "search":
            return await client.get("/mp/v1/search", params={"q": question})
        case "document":
            return await client.get(f"/mp/v1/documents/{chance.choice(phones.document_ids)}")
        case "ask":
            return await client.post("/mp/v1/ask", json={"text": question})
        case "sound":
            return await client.get(chance.choice(sounds))
        case "question left":
            name = {"Idempotency-Key": f"{chance.getrandbits(64):x}"}
            return await client.post("/mp/v1/questions", json={"text": question}, headers=name)
        case "settings":
            return await client.get("/mp/v1/me/settings")
        case _:
            return await client.get(f"/mp/v1/{what}")


if __name__ == "__main__":
    outcome = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Phones)))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))

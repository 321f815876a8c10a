"""What a kiosk notices while WeChat takes every call and never answers: nothing, it should be.

Meanwhile the delivery process has a notice for 2,000 people to send, and phones keep signing in.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx

from bench.bench_zone import Plan, settings, typed_questions
from bench.kiosk_client import Kiosks, Seen
from bench.kiosks import enrolled, let_work
from bench.pushing import environment_of, move_in
from bench.report import Row, percentile
from bench.serving import serve
from devtools.wechat.starting import LoopbackWeChat
from models.citizen import Citizen
from models.database import close_database, open_database
from services.secret_key import obtain_keys

KIOSKS = 10
_PEOPLE = 2_000
_PHONES = 20
_ROUND_EVERY_S = 1.0
_NOISE = 1.5
"""How many times as long an answer may take before it is no noise any more."""
_NOISE_MS = 30.0


async def measure(plan: Plan) -> list[Row]:
    """Return the kiosks' percentiles with WeChat well and with WeChat hanging, side by side."""
    tokens = (await enrolled())[:KIOSKS]
    chance = random.Random(7)
    rounds = [chance.sample(typed_questions(), KIOSKS) for _ in range(plan.times(60, 8))]
    with LoopbackWeChat() as wechat:
        await _owe(wechat, 0)
        well = await _work(wechat, tokens, rounds)
        wechat.control("reset")
        await _owe(wechat, _PEOPLE)
        wechat.fault("silent", path="*")
        hanging = await _work(wechat, tokens, rounds)
    await _leave()
    note = f"{KIOSKS} kiosks, {len(rounds)} rounds, {_PHONES} phones signing in"
    rows = []
    for name, of in (("reply", "reply_ms"), ("presence", "presence_ms")):
        for percent in (50, 99):
            before = percentile(getattr(well, of), percent)
            now = percentile(getattr(hanging, of), percent)
            what = f"kiosk, {name}, p{percent}"
            target = before * _NOISE + _NOISE_MS if percent == 99 else None
            rows.append(Row(f"{what}, WeChat well", before, "ms", note=note))
            rows.append(Row(f"{what}, WeChat hanging", now, "ms", target, note=note))
    errors = len(well.errors) + len(hanging.errors)
    return [*rows, Row("kiosk errors, WeChat well or hanging", errors, "", 1, note=note)]


async def _work(wechat: LoopbackWeChat, tokens: list[str], rounds: list[list[str]]) -> Seen:
    async with (
        serve(None, OPENZONE_SYNTHESISER="silent", **environment_of(wechat)) as served,
        _phones(served.url),
    ):
        return await let_work(Kiosks(urlsplit(served.url).netloc, tokens, rounds, _ROUND_EVERY_S))


@asynccontextmanager
async def _phones(url: str) -> AsyncIterator[None]:
    """Let phones sign in with codes that nobody gave, for as long as the block runs."""
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client:

        async def sign_in_again_and_again(number: int) -> None:
            # Each from an address of its own: of one, most would be refused before WeChat is asked.
            who = {"X-Forwarded-For": f"203.0.113.{number}"}
            while True:
                try:
                    await client.post("/mp/v1/session", json={"code": "0" * 32}, headers=who)
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.5)

        phones = [asyncio.create_task(sign_in_again_and_again(number)) for number in range(_PHONES)]
        try:
            yield
        finally:
            for phone in phones:
                phone.cancel()
            await asyncio.gather(*phones, return_exceptions=True)


async def _owe(wechat: LoopbackWeChat, people: int) -> None:
    keys = obtain_keys(settings().key_file)
    await open_database(settings().database_url)
    try:
        await move_in(wechat, keys, people)
    finally:
        await close_database()


async def _leave() -> None:
    await open_database(settings().database_url)
    try:
        await Citizen.all().delete()
    finally:
        await close_database()

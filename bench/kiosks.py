"""Fifty kiosks on one server: all tell that they are there, and all ask at the same moment."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from bench.bench_zone import ROOT, Plan, settings, typed_questions
from bench.kiosk_client import PRESENCE_EVERY_S, Kiosks, Seen
from bench.report import Row, Skipped, percentile
from bench.serving import serve
from models.database import close_database, open_database
from models.device import Device
from services import devices, venues
from services.access import system
from services.secret_key import obtain_keys

KIOSKS = 50
_ROUND_EVERY_S = 3.0
_REPLY_TARGET_MS = 300
_PRESENCE_TARGET_MS = 500
"""A kiosk that was revoked must know within two seconds, and asks every one and a half."""


async def measure(plan: Plan) -> list[Row]:
    """Return the percentiles of replies and of telling that a kiosk is there, and the errors.

    Without sound, which one of the other measurements is about.
    """
    tokens = await enrolled()
    chance = random.Random(50)
    rounds = [chance.sample(typed_questions(), KIOSKS) for _ in range(plan.times(20, 4))]
    async with serve(OPENZONE_SYNTHESISER="silent") as served:
        host = urlsplit(served.url).netloc
        seen = await let_work(Kiosks(host, tokens, rounds, _ROUND_EVERY_S))
    note = (
        f"{KIOSKS} kiosks, present every {PRESENCE_EVERY_S} s, all asking at once "
        f"{len(rounds)} times, silent"
    )
    what = ", ".join(f"{count} × {error}" for error, count in Counter(seen.errors).items())
    exchanges = len(seen.reply_ms) + len(seen.presence_ms)
    return [
        Row("kiosks, reply, p50", percentile(seen.reply_ms, 50), "ms", note=note),
        Row("kiosks, reply, p99", percentile(seen.reply_ms, 99), "ms", _REPLY_TARGET_MS, note=note),
        Row(
            "kiosks, presence, p99",
            percentile(seen.presence_ms, 99),
            "ms",
            _PRESENCE_TARGET_MS,
            note=note,
        ),
        Row("kiosks, errors", len(seen.errors), "", 1, note=what or f"{exchanges} exchanges"),
    ]


async def enrolled() -> list[str]:
    """Return the tokens of so many kiosks of the measured zone."""
    where, now = settings(), datetime.now(UTC)
    keys = await asyncio.to_thread(obtain_keys, where.key_file)
    actor = system(keys.sealing)
    await open_database(where.database_url)
    try:
        await venues.ensure_first()
        venue = await venues.first()
        tokens = []
        for number in range(KIOSKS):
            name = f"量{number + 1}号"
            known = await Device.get_or_none(name=name, venue_id=venue.id, revoked_at=None)
            made = (
                await devices.renew_code(actor, known.id, keys=keys, now=now)
                if known is not None
                else await devices.add(actor, name, venue, keys=keys, now=now)
            )
            tokens.append((await devices.enrol(made.code, keys=keys, now=now)).token)
        return tokens
    finally:
        await close_database()


async def let_work(kiosks: Kiosks) -> Seen:
    """Let kiosks work in a process of their own; return what they saw."""
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.kiosk_client"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await client.communicate(msgspec.json.encode(kiosks))
    if client.returncode != 0:
        raise Skipped("the kiosks failed")
    seen = msgspec.json.decode(printed, type=Seen)
    if not (seen.reply_ms and seen.presence_ms):
        raise Skipped(f"no kiosk got through: {Counter(seen.errors)}")
    return seen

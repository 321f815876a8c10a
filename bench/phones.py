"""Two hundred phones on one server: everybody looks at a page for a while, then asks for the next."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime

import msgspec

from bench.bench_zone import ROOT, Plan, settings, typed_questions
from bench.phone_client import Phones, Seen
from bench.report import Row, Skipped, percentile
from bench.serving import serve
from models.database import close_database, open_database
from models.document import Document
from models.publishable import Publication
from services import citizen_sessions, citizens, venues
from services.secret_key import obtain_keys
from services.wechat import SignedIn

PHONES = 200
_THINK_S = 6.0
_APP_ID = "wx00000000000bench"
_TARGET_MS = 300
"""By which a page is there before anybody wonders."""


async def measure(plan: Plan) -> list[Row]:
    """Return the percentiles of each kind of request, and the errors. Sounds are silence."""
    tokens, document_ids = await _people()
    seconds = float(plan.times(60, 8))
    questions = typed_questions()
    async with serve(OPENZONE_SYNTHESISER="silent", OPENZONE_RECOGNISER="vosk") as served:
        phones = Phones(served.url, tokens, questions, document_ids, seconds, _THINK_S)
        seen = await _let_use(phones)
    many = sum(len(times) for times in seen.ms.values())
    note = f"{PHONES} phones, {many / seen.seconds:.0f} requests a second, silent"
    rows: list[Row] = []
    for what, times in sorted(seen.ms.items()):
        own = f"{note}, {len(times)} of them"
        rows.append(Row(f"phones, {what}, p50", percentile(times, 50), "ms", note=own))
        rows.append(Row(f"phones, {what}, p99", percentile(times, 99), "ms", _TARGET_MS, note=own))
    told = ", ".join(f"{count} × {error}" for error, count in Counter(seen.errors).items())
    return [
        *rows,
        Row("phones, errors", len(seen.errors), "", 1, note=told or f"{many} requests"),
    ]


async def _people() -> tuple[list[str], list[int]]:
    """Return the tokens of so many people who signed in, and documents that they may read."""
    where, now = settings(), datetime.now(UTC)
    keys = await asyncio.to_thread(obtain_keys, where.key_file)
    await open_database(where.database_url)
    try:
        await venues.ensure_first()
        tokens = []
        for number in range(PHONES):
            signed = SignedIn(openid=f"o{number:027d}", session_key="")
            person = await citizens.sign_in(signed, _APP_ID, keys=keys, now=now)
            tokens.append((await citizen_sessions.begin(person, now=now)).token)
        shown = Document.filter(publication=Publication.PUBLISHED).order_by("id").limit(200)
        ids: list[int] = [document.id for document in await shown.only("id")]
        return tokens, ids
    finally:
        await close_database()


async def _let_use(phones: Phones) -> Seen:
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.phone_client"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await client.communicate(msgspec.json.encode(phones))
    if client.returncode != 0:
        raise Skipped("the phones failed")
    seen = msgspec.json.decode(printed, type=Seen)
    if not seen.ms:
        raise Skipped(f"no phone got through: {Counter(seen.errors)}")
    return seen

"""A notice to 10,000 people: how long it takes until every card is out, and how much memory."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.bench_zone import RESULTS, ROOT, Plan
from bench.report import Row, Skipped
from devtools.wechat.starting import LoopbackWeChat
from models.card_template import CardGrant, CardPurpose, CardTemplate, CardUse
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.database import close_database, open_database
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from models.staff import Role, Staff
from services import venues
from services.citizens import openid_words
from services.secret_key import SecretKeys, obtain_keys

PEOPLE = 10_000
APP_ID, SECRET, TEMPLATE = "wx00000000000be9c4", "b" * 32, "B" * 43
_CONTENT = "事项:{{thing1.DATA}}\n时间:{{date2.DATA}}\n"
_TARGET_S = 180
_AT_ONCE = 1_000
_GIVEN_UP_AFTER_S = 1_200


async def measure(plan: Plan) -> list[Row]:
    """Return how long 10,000 cards take, their rate, the peak of memory, and how many went wrong."""
    people = plan.times(PEOPLE, 500)
    with tempfile.TemporaryDirectory() as folder, LoopbackWeChat() as wechat:
        data_dir = Path(folder)
        url = f"sqlite://{data_dir / 'openzone.sqlite3'}"
        keys = obtain_keys(data_dir / "secret.key")
        await open_database(url)
        try:
            await venues.ensure_first("")
            await move_in(wechat, keys, people)
            environment = environment_of(wechat) | {
                "OPENZONE_DATA_DIR": str(data_dir),
                "OPENZONE_DATABASE_URL": url,
            }
            seconds, megabytes = await _push(environment, people)
            wrong = await _gone_wrong(wechat, people)
        finally:
            await close_database()
    note = f"{people} people, loopback WeChat, SQLite, at most 100 cards a second"
    target = _TARGET_S if people == PEOPLE else None
    return [
        Row("push, notice to last card", seconds, "s", target, note=note),
        Row("push, rate", people / seconds, "cards/s", note=note),
        Row("push, peak memory of the delivery process", megabytes, "MB", 300, note=note),
        Row("push, not sent or sent twice", wrong, "", 1, note=note),
    ]


def environment_of(wechat: LoopbackWeChat) -> dict[str, str]:
    """Return the settings of an installation with the loopback's mini-program."""
    return {
        "OPENZONE_WECHAT_APP_ID": APP_ID,
        "OPENZONE_WECHAT_APP_SECRET": SECRET,
        "OPENZONE_WECHAT_API_ROOT": wechat.root,
    }


async def move_in(wechat: LoopbackWeChat, keys: SecretKeys, people: int) -> Notice:
    """Let people follow the first zone, each with one permission, and publish a notice for them.

    The database is open. Who was there for a measurement before is gone.
    """
    openids = [f"o{number:027d}" for number in range(people)]
    await wechat.acontrol(
        "accounts", appid=APP_ID, secret=SECRET, pages=["pages/notice/notice"],
        templates=[{"id": TEMPLATE, "title": "专区通知", "kind": 2, "content": _CONTENT}],
    )  # fmt: skip
    for start in range(0, people, _AT_ONCE):
        some = openids[start : start + _AT_ONCE]
        known = (await wechat.acontrol(f"accounts/{APP_ID}", method="GET"))["users"]
        users = {one: {"openid": one, "subscriptions": {TEMPLATE: {"grants": 1}}} for one in some}
        await wechat.acontrol(f"accounts/{APP_ID}", method="PATCH", users=known | users)
    await Citizen.filter(app_id=APP_ID).delete()
    await Notice.filter(title="测量").update(state=NoticeState.WITHDRAWN)
    now = datetime.now(UTC)
    template, _ = await CardTemplate.get_or_create(
        {"title": "专区通知", "content": _CONTENT, "listed_at": now},
        app_id=APP_ID, template_id=TEMPLATE,
    )  # fmt: skip
    filling = {"filling": {"thing1": "title", "date2": "when"}, "template": template}
    await CardUse.get_or_create(filling, app_id=APP_ID, purpose=CardPurpose.NOTICE)
    made = [
        Citizen(
            app_id=APP_ID, openid_hash=keys.keyed_hash(openid_words(APP_ID, openid)),
            encrypted_openid=keys.encrypt(openid), last_active_at=now,
        )
        for openid in openids
    ]  # fmt: skip
    await Citizen.bulk_create(made, batch_size=_AT_ONCE)
    venue = await venues.first("")
    ids = [row.id for row in await Citizen.filter(app_id=APP_ID).only("id")]
    await Follow.bulk_create(
        [Follow(citizen_id=one, venue_id=venue.id) for one in ids], batch_size=_AT_ONCE
    )
    grants = [
        CardGrant(citizen_id=one, template=template, remaining=1, changed_at=now) for one in ids
    ]
    await CardGrant.bulk_create(grants, batch_size=_AT_ONCE)
    author, _ = await Staff.get_or_create(
        {"display_name": "测量", "role": Role.CLERK, "password_hash": ""}, username="bench"
    )
    return await Notice.create(
        venue_id=venue.id, title="测量", text="测量。", by_card=True, author=author,
        state=NoticeState.PUBLISHED, published_at=datetime.now(UTC),
    )  # fmt: skip


async def _push(environment: dict[str, str], people: int) -> tuple[float, float]:
    """Return the seconds from the start of the process to the last card, and its most megabytes."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    with (RESULTS / "deliver.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from server.cli import main; main()", "deliver"),
            cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log,
        )  # fmt: skip
    began = time.perf_counter()
    try:
        over = Delivery.filter(way=DeliveryWay.CARD, settled_at__not_isnull=True)
        while await over.count() < people:
            if process.returncode is not None or time.perf_counter() - began > _GIVEN_UP_AFTER_S:
                raise Skipped(f"the delivery process did not finish; see {RESULTS / 'deliver.log'}")
            await asyncio.sleep(0.25)
        return time.perf_counter() - began, _peak_megabytes(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _peak_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        raise Skipped("memory is read from /proc, which this system has not")
    lines = status.read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


async def _gone_wrong(wechat: LoopbackWeChat, people: int) -> int:
    cards = await wechat.acontrol("phone/cards", method="GET")
    each = Counter(card["openid"] for card in cards)
    sent = await Delivery.filter(way=DeliveryWay.CARD, state=DeliveryState.SENT).count()
    return sum(count - 1 for count in each.values()) + 2 * people - len(each) - sent

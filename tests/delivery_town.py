"""People with phones on the loopback WeChat, known to an installation, and its delivery process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devtools.wechat.starting import LoopbackWeChat
from models.card_template import CardGrant, CardPurpose, CardTemplate, CardUse
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from server.settings import read_settings
from services.citizens import openid_words
from services.secret_key import SecretKeys, obtain_keys
from tests.application_office import ApplicationOffice
from tests.databases import environment_of
from tests.wechat_loopback import APPID, SECRET, TEMPLATE

ROOT = Path(__file__).parents[1]
CONTENT = "事项:{{thing1.DATA}}\n时间:{{date2.DATA}}\n"
FILLING = {"thing1": "title", "date2": "when"}
_PATIENCE_S = 60.0


class DeliveryTown:
    """An installation with followers, each of whom allows so many cards."""

    def __init__(self, data_dir: Path, wechat: LoopbackWeChat) -> None:
        self.data_dir, self.wechat = data_dir, wechat
        self.environment = {
            **os.environ,
            **environment_of(data_dir),
            "OPENZONE_WECHAT_APP_ID": APPID,
            "OPENZONE_WECHAT_APP_SECRET": SECRET,
            "OPENZONE_WECHAT_API_ROOT": wechat.root,
            "OPENZONE_OFFLINE": "1",
        }
        self.keys: SecretKeys = obtain_keys(read_settings(self.environment).key_file)
        self.office: ApplicationOffice

    async def settle_in(self, people: int, *, cards: int = 1) -> None:
        """Let people move in; the database is open."""
        self.office = await ApplicationOffice.opened(self.keys)
        openids = [f"o{number:027d}" for number in range(people)]
        held = {TEMPLATE: {"grants": cards}}
        await self.wechat.acontrol(
            "accounts", appid=APPID, secret=SECRET, pages=["pages/notice/notice"],
            templates=[{"id": TEMPLATE, "title": "专区通知", "kind": 2, "content": CONTENT}],
            users={one: {"openid": one, "subscriptions": held} for one in openids},
        )  # fmt: skip
        now = datetime.now(UTC)
        template = await CardTemplate.create(
            app_id=APPID, template_id=TEMPLATE, title="专区通知", content=CONTENT, listed_at=now
        )
        await CardUse.create(
            app_id=APPID, purpose=CardPurpose.NOTICE, template=template, filling=FILLING
        )
        hashes = [self.keys.keyed_hash(openid_words(APPID, openid)) for openid in openids]
        await Citizen.bulk_create(
            [
                Citizen(
                    app_id=APPID, openid_hash=hashed, last_active_at=now,
                    encrypted_openid=self.keys.encrypt(openid),
                )
                for openid, hashed in zip(openids, hashes, strict=True)
            ],
            batch_size=500,
        )  # fmt: skip
        ids: list[int] = await Citizen.all().values_list("id", flat=True)  # type: ignore[assignment]
        await Follow.bulk_create(
            [Follow(citizen_id=one, venue_id=self.office.venue_id) for one in ids], batch_size=500
        )
        await CardGrant.bulk_create(
            [
                CardGrant(citizen_id=one, template=template, remaining=cards, changed_at=now)
                for one in ids
            ],
            batch_size=500,
        )

    async def publish(self, title: str = "元旦期间开放时间") -> Notice:
        """Publish a notice for everybody."""
        return await Notice.create(
            venue_id=self.office.venue_id, title=title, text="元旦闭馆一天。", by_card=True,
            author_id=self.office.clerk.staff_id, state=NoticeState.PUBLISHED,
            published_at=datetime.now(UTC),
        )  # fmt: skip

    def deliver(self, log: Path) -> subprocess.Popen[bytes]:
        """Start a delivery process."""
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-c", "from server.cli import main; main()", "deliver"],
                cwd=ROOT, env=self.environment, stdout=out, stderr=out,
            )  # fmt: skip

    def serve(self, log: Path, workers: str) -> subprocess.Popen[bytes]:
        """Start a server, which starts a delivery process."""
        with log.open("wb") as out:
            return subprocess.Popen(
                [sys.executable, "-c", "from server.cli import main; main()", "serve",
                 "--port", "0", "--workers", workers],
                cwd=ROOT, env=self.environment | {"OPENZONE_SYNTHESISER": "silent"},
                stdout=out, stderr=out,
            )  # fmt: skip

    async def cards(self) -> list[dict[str, Any]]:
        """Return every card that arrived at somebody's."""
        found: list[dict[str, Any]] = await self.wechat.acontrol("phone/cards", method="GET")
        return found

    async def states(self) -> Counter[DeliveryState]:
        """Return how many cards are in each state."""
        rows = await Delivery.filter(way=DeliveryWay.CARD).only("state")
        return Counter(row.state for row in rows)


async def until(holds: Callable[[], Any], within: float = _PATIENCE_S) -> None:
    """Wait until something asynchronous holds."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - it is another process that acts.
            await asyncio.sleep(0.05)


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> int:
    """End a process and return its exit code."""
    process.send_signal(how)
    try:
        return process.wait(_PATIENCE_S)
    finally:
        process.kill()

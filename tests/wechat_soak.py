"""A long hard time for the delivery of cards: notices to many people while WeChat misbehaves.

The whole installation is real: fan-out, senders, gateway, message push, database. WeChat is the
loopback one, with seeded faults. At the end every recipient is accounted for, nobody got a card
twice, no call was repeated without end, and nothing secret was written down.

`make soak` runs it whole: 2,000 cards to 500 people. The tests run it shortened.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from devtools.wechat.starting import LoopbackWeChat
from miniprogram_api.wechat.account import WeChatAccount
from miniprogram_api.wechat.gateway import WeChatGateway, make_gateway
from models.card_template import CardGrant, CardPurpose, CardTemplate, CardUse
from models.citizen import Citizen
from models.citizen_tie import Follow
from models.delivery import Delivery, DeliveryState, DeliveryWay
from models.notice import Notice, NoticeState
from models.pushed_message import PushedMessage
from models.staff import Role, Staff
from models.venue import Venue
from models.wechat_alarm import WeChatStop
from server.json_log import configure_logging
from services import card_templates, citizen_agreement, citizens, pushed_messages
from services.delivery_work import Sender
from services.fan_out import fan_out_next
from services.secret_key import SecretKeys
from services.wechat import SignedIn
from tests.doors import Doors, open_doors
from tests.people import hire
from tests.soak_plan import Plan, Report, faults_of
from tests.virtual_clock import VirtualClock
from tests.wechat_loopback import APPID, SECRET

PUSH_TOKEN, PUSH_KEY = "SoakPush1", "s" * 42 + "A"
TEMPLATE = "T-soak".ljust(43, "x")
SENDERS = 2
"""As on two machines: each with a gateway of its own."""
_LOOK_S = 0.25
_STUCK_AFTER_S = 1.0
"""With nothing settled for so long, time is moved on to the next thing that is due."""

S = DeliveryState


def soak(plan: Plan, folder: Path) -> Report:
    """Run the whole and return what it came to."""
    began = time.monotonic()
    log = io.StringIO()
    with _logging_to(log), LoopbackWeChat() as wechat, _doors(folder, wechat) as doors:
        hire(doors, Role.CLERK)
        work = _Soak(plan, wechat, doors)
        report = _inside(doors, work.run(), plan.patience_s)
        report.leaked = sum(secret in log.getvalue() for secret in _secrets(wechat))
    report.seconds = time.monotonic() - began
    return report


class _Soak:
    def __init__(self, plan: Plan, wechat: LoopbackWeChat, doors: Doors) -> None:
        self._plan = plan
        self._wechat = wechat
        self._keys: SecretKeys = doors.context.parts.keys
        self._push_url = f"{doors.url}/mp/v1/wechat/push"
        self._now = VirtualClock(wechat)
        self._chance = random.Random(plan.seed)

    async def run(self) -> Report:
        people = await self._people()
        gateways = [self._gateway() for _ in range(SENDERS)]
        await card_templates.refresh(gateways[0], APPID, self._now())
        template = await CardTemplate.get(app_id=APPID, template_id=TEMPLATE)
        await CardUse.create(
            app_id=APPID, purpose=CardPurpose.NOTICE, template=template, filling={"thing1": "title"}
        )
        await self._subscribe(people)
        await self._worked_off()
        await self._owe()
        await self._misbehave(people)
        stopping = asyncio.Event()
        senders = [
            asyncio.create_task(Sender(each, self._keys, now=self._now).run(stopping))
            for each in gateways
        ]
        try:
            await self._until_settled(senders)
        finally:
            stopping.set()
            await asyncio.gather(*senders)
            for gateway in gateways:
                await gateway.close()
        await self._wechat.acontrol("faults", method="DELETE")
        await self._now.move_to(self._now() + timedelta(seconds=30))
        await self._wechat.acontrol("settle")
        await self._worked_off()
        return await self._report()

    def _gateway(self) -> WeChatGateway:
        account = WeChatAccount(APPID, SECRET, root=self._wechat.root)
        return make_gateway(account, self._keys, now=self._now)

    async def _people(self) -> list[str]:
        await self._wechat.acontrol(
            "accounts", appid=APPID, secret=SECRET, pages=["pages/notice/notice"],
            templates=[{"id": TEMPLATE, "title": "专区通知", "content": "事项:{{thing1.DATA}}\n"}],
            push={"url": self._push_url, "token": PUSH_TOKEN, "aes_key": PUSH_KEY},
        )  # fmt: skip
        venue = await Venue.first()
        assert venue is not None
        openids = []
        for _ in range(self._plan.people):
            openid = str((await self._wechat.acontrol("users"))["openid"])
            signed = SignedIn(openid, "c29ha3NvYWtzb2Frc29hay==")
            citizen = await citizens.sign_in(signed, APPID, keys=self._keys, now=self._now())
            await citizen_agreement.agree(
                citizen, citizen_agreement.NOTICE_VERSION, now=self._now()
            )
            row = await Follow.create(citizen=citizen, venue=venue)
            earlier = self._now() - timedelta(days=1)
            await Follow.filter(id=row.id).update(followed_at=earlier)
            openids.append(openid)
        return openids

    async def _subscribe(self, openids: list[str]) -> None:
        """Let most people allow a card a notice, and some fewer. WeChat tells us, by pushes."""
        for openid in openids:
            times = self._plan.notices
            if self._chance.random() < 0.15:
                times = self._chance.randrange(times)
            for number in range(times):
                if number:
                    # Events of one person are told apart by their second.
                    await self._now.move_to(self._now() + timedelta(seconds=1))
                await self._wechat.acontrol(
                    "phone/subscribe", openid=openid, choices={TEMPLATE: "accept"}
                )
        await self._wechat.acontrol("settle")

    async def _owe(self) -> None:
        venue, author = await Venue.first(), await Staff.first()
        assert venue is not None and author is not None
        for number in range(self._plan.notices):
            await Notice.create(
                venue=venue, author_id=author.id, state=NoticeState.PUBLISHED, by_card=True,
                title=f"第{number + 1}号通知", text="元旦闭馆一天。", published_at=self._now(),
            )  # fmt: skip
        while await fan_out_next(APPID, self._now()) is not None:
            pass

    async def _misbehave(self, openids: list[str]) -> None:
        """Set faults that come by the dice, some that come once, and people who changed their mind."""
        for number, fault in enumerate(faults_of(self._plan)):
            seed = self._plan.seed * 100 + number
            await self._wechat.acontrol("faults", seed=seed, **fault)
        for openid in self._chance.sample(openids, k=max(1, len(openids) // 12)):
            # Switched off elsewhere: WeChat's answer is 43101, though we believe to be allowed.
            await self._wechat.acontrol(f"users/{openid}", method="PATCH", main_switch=False)

    async def _until_settled(self, senders: list[asyncio.Task[None]]) -> None:
        gives_up_at = time.monotonic() + self._plan.patience_s
        settled, since = -1, time.monotonic()
        while await self._open().exists():
            assert time.monotonic() < gives_up_at, "The soak does not end."
            assert not any(sender.done() for sender in senders)
            await pushed_messages.work_on(APPID, self._keys, self._now())
            now_settled = await Delivery.filter(
                way=DeliveryWay.CARD, settled_at__isnull=False
            ).count()
            if now_settled != settled:
                settled, since = now_settled, time.monotonic()
            elif time.monotonic() - since > _STUCK_AFTER_S:
                await self._move_on()
            await asyncio.sleep(_LOOK_S)

    async def _move_on(self) -> None:
        """Move time to when something may go on, where nothing may before."""
        if await Delivery.filter(state=S.SENDING).exists():
            return
        stop = await WeChatStop.filter(until__gt=self._now()).order_by("-until").first()
        first = await self._open().order_by("not_before").first()
        due = max(
            stop.until if stop is not None else self._now(),
            first.not_before if first is not None else self._now(),
        )
        await self._now.move_to(due + timedelta(seconds=0.1))

    async def _worked_off(self) -> None:
        while await pushed_messages.work_on(APPID, self._keys, self._now() + timedelta(hours=1)):
            pass

    @staticmethod
    def _open() -> Any:
        return Delivery.filter(way=DeliveryWay.CARD, state__in=[S.QUEUED, S.SENDING])

    async def _report(self) -> Report:
        report = Report()
        outbox = await self._wechat.acontrol("phone/cards", method="GET", appid=APPID)
        arrived = Counter((card["openid"], card["page"]) for card in outbox)
        report.arrived = len(outbox)
        report.twice = [
            f"{page} came {times} times" for (_, page), times in arrived.items() if times > 1
        ]
        people = {row.id: row for row in await Citizen.all()}
        for row in await Delivery.filter(way=DeliveryWay.CARD):
            openid = citizens.openid_of(people[row.citizen_id], self._keys)
            times = arrived[openid, row.page]
            report.rows += 1
            report.states[row.state.value] += 1
            if (row.state is S.SENT) != (times == 1):
                report.unaccounted.append(
                    f"delivery {row.id} is {row.state.value} ({row.reason}), {times} arrived"
                )
        for entry in await self._wechat.acontrol("journal", method="GET"):
            report.calls[entry["path"]] += 1
        report.pushed = await PushedMessage.all().count()
        report.left = await PushedMessage.filter(worked_at=None).count()
        report.too_generous = await self._too_generous(people)
        return report

    async def _too_generous(self, people: dict[int, Citizen]) -> int:
        state = await self._wechat.acontrol("state", method="GET")
        users = state["accounts"][APPID]["users"]
        found = 0
        for held in await CardGrant.all():
            user = users[citizens.openid_of(people[held.citizen_id], self._keys)]
            found += held.remaining > user["subscriptions"][TEMPLATE]["grants"]
        return found


def _inside(doors: Doors, work: Coroutine[Any, Any, Report], patience_s: float) -> Report:
    """Do something long inside the server: its run waits for half a minute at most."""

    async def begin() -> asyncio.Task[Report]:
        return asyncio.create_task(work)

    task = doors.run(begin())
    gives_up_at = time.monotonic() + patience_s + 60
    while not task.done():
        assert time.monotonic() < gives_up_at, "The soak hangs."
        time.sleep(0.05)
    return task.result()


@contextmanager
def _doors(folder: Path, wechat: LoopbackWeChat) -> Iterator[Doors]:
    with open_doors(
        folder,
        speaking=False,
        OPENZONE_WECHAT_APP_ID=APPID,
        OPENZONE_WECHAT_APP_SECRET=SECRET,
        OPENZONE_WECHAT_PUSH_TOKEN=PUSH_TOKEN,
        OPENZONE_WECHAT_ENCODING_AES_KEY=PUSH_KEY,
        OPENZONE_WECHAT_API_ROOT=wechat.root,
    ) as doors:
        yield doors


@contextmanager
def _logging_to(stream: io.StringIO) -> Iterator[None]:
    """Write the log as the program does, and everything that libraries say besides."""
    handlers, level = logging.root.handlers, logging.root.level
    configure_logging(stream)
    logging.root.handlers = [*logging.root.handlers, logging.StreamHandler(stream)]
    logging.root.setLevel(logging.DEBUG)
    # The phones' own side: they may say whose they are.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        logging.root.handlers = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()


def _secrets(wechat: LoopbackWeChat) -> list[str]:
    account = wechat.control("state", method="GET")["accounts"][APPID]
    return [
        SECRET,
        PUSH_KEY,
        "c29ha3NvYWtz",
        *account["users"],
        *(token["value"] for token in account["tokens"]),
    ]


def main() -> int:
    """Run it from the command line; return how many things were wrong."""
    parser = argparse.ArgumentParser(description="Notices to many people while WeChat misbehaves.")
    parser.add_argument("--people", type=int, default=Plan.people)
    parser.add_argument("--notices", type=int, default=Plan.notices)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    given = parser.parse_args()
    plan = Plan(given.people, given.notices, given.seed)
    with tempfile.TemporaryDirectory(prefix="openzone-soak-") as folder:
        report = soak(plan, Path(folder))
    say = sys.stdout.write
    say(f"{report.rows} cards to {plan.people} people in {report.seconds:.0f} s\n")
    say(f"{dict(report.states)}, {report.arrived} arrived\n")
    say(f"calls: {dict(report.calls)}\npushed messages: {report.pushed}\n")
    faults = report.faults(plan)
    say("\n".join(["all accounted for, none twice" if not faults else "WRONG:", *faults]) + "\n")
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(), 1))

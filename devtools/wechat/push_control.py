"""The control plane's part for pushes: what was sent, and sending what is wrong on purpose."""

from __future__ import annotations

from typing import Any

import msgspec

from devtools.wechat.control import Fields, control
from devtools.wechat.push_letters import Trick
from devtools.wechat.push_messages import Event
from devtools.wechat.pushing import check_address, deliver
from devtools.wechat.setting_up import account_named
from devtools.wechat.world import World

SOMEBODY = "oLoopbackSomebody0000000000x"


class Wanted(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An event to push now. Without a name it is `debug_demo`."""

    appid: str | None = None
    name: str = "debug_demo"
    openid: str = SOMEBODY
    created: int | None = None
    fields: dict[str, Any] = msgspec.field(default_factory=lambda: {"debug_str": "hello world"})
    items: list[dict[str, str]] | None = None
    parent: str = ""
    trick: Trick | None = None
    is_replayed: bool = False
    """The very same request comes a second time."""
    times: int = 1
    """How often the same event is sent, each time signed anew."""


@control("POST", "pushes")
async def push_now(world: World, fields: Fields) -> object:
    """Push an event, wait until it is answered or given up, and return its attempts."""
    wanted = msgspec.convert(fields, Wanted)
    account = account_named(world, fields)
    event = Event(
        wanted.name,
        wanted.openid,
        int(world.clock.now()) if wanted.created is None else wanted.created,
        fields=wanted.fields,
        items=wanted.items,
        parent=wanted.parent,
    )
    before = len(world.pushed)
    for _ in range(wanted.times):
        await deliver(
            world,
            account,
            event,
            at=world.clock.now(),
            trick=wanted.trick,
            is_replayed=wanted.is_replayed,
        )
    return world.pushed[before:]


@control("GET", "pushes")
async def pushed(world: World, fields: Fields) -> object:
    """Every event that was pushed, oldest first, with its attempts."""
    appid = fields.get("appid")
    return [each for each in world.pushed if appid in (None, each.appid)]


@control("POST", "pushes/check")
async def check(world: World, fields: Fields) -> object:
    """Check the address, as mp.weixin.qq.com does; `is_forged` signs with another token."""
    account = account_named(world, fields)
    return {
        "is_known": await check_address(world, account, is_forged=bool(fields.get("is_forged")))
    }

"""The check of pictures and sounds by their address, whose verdict is pushed later."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from devtools.wechat.accounts import Account
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.check_state import Rule
from devtools.wechat.content_checks import user_of_check, worst
from devtools.wechat.errcodes import Errcode
from devtools.wechat.push_messages import Event
from devtools.wechat.push_post import NoAnswer, ask
from devtools.wechat.pushing import deliver, push
from devtools.wechat.world import World

AUDIO, PICTURE = 1, 2
DOWNLOAD_FAILED = -1008
FETCHING = 5.0
"""Real seconds for which a file is waited for."""
MOST_BYTES = 10 * 1024 * 1024


@api(
    "POST",
    "/wxa/media_check_async",
    per_minute=2000,
    per_day=200_000,
    over_minute=44991,
)
async def check_media(world: World, account: Account, call: Call) -> Answer:
    url = call.text("media_url")
    if call.fields.get("media_type") not in (AUDIO, PICTURE):
        raise Errcode(40004)
    is_old = "version" not in call.fields
    if not is_old and call.fields["version"] != 2:
        raise Errcode(47001)
    openid = user_of_check(world, account, call).openid
    waiting = world.media_waiting.get((account.appid, url), 0)
    if waiting >= account.checks.media_ahead:
        raise Errcode(87020)
    world.media_waiting[account.appid, url] = waiting + 1
    trace_id = world.new_rid()
    told = world.new_rid() if "unknown_trace" in call.media_faults else trace_id
    asked = _Asked(url, openid, told, is_old)
    if "before_reply" in call.media_faults:
        event = await _verdict(world, account, asked)
        await deliver(world, account, event, at=world.clock.now())
    elif "never" not in call.media_faults:
        times = 2 if "twice" in call.media_faults else 1
        due = world.clock.now() + account.checks.media_after
        world.later(_push_later(world, account, asked, due, times))
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}


@dataclass(frozen=True)
class _Asked:
    url: str
    openid: str
    trace_id: str
    is_old: bool
    """Whether the event has the shape of version 1."""


async def _push_later(
    world: World, account: Account, asked: _Asked, due: float, times: int
) -> None:
    await world.clock.wait_until(due)
    event = await _verdict(world, account, asked)
    for _ in range(times):
        push(world, account, event)


async def _verdict(world: World, account: Account, asked: _Asked) -> Event:
    checks = account.checks
    looked_at, failed = asked.url, False
    if checks.downloads_media:
        try:
            fetched = await ask("GET", asked.url, {}, patience=FETCHING, most=MOST_BYTES + 1)
            failed = fetched.status != 200 or len(fetched.body) > MOST_BYTES
            looked_at += sha256(fetched.body).hexdigest()
        except NoAnswer:
            failed = True
    world.media_waiting.pop((account.appid, asked.url), None)
    rule = worst([rule for rule in checks.rules if rule.pattern in looked_at])
    fields = _old_fields(rule, failed) if asked.is_old else _fields(account, rule, failed)
    return Event(
        "wxa_media_check",
        asked.openid,
        int(world.clock.now()),
        fields={"appid": account.appid, "trace_id": asked.trace_id} | fields,
    )


def _fields(account: Account, rule: Rule, failed: bool) -> dict[str, Any]:
    label: str | int = str(rule.label) if account.checks.label_is_text else rule.label
    if failed:
        return {"version": 2, "errcode": DOWNLOAD_FAILED, "errmsg": "download fail", "detail": []}
    judged = {"suggest": rule.suggest, "label": label}
    detail = {"strategy": "content_model", "errcode": 0, **judged, "prob": 90}
    return {"version": 2, "result": judged, "detail": [detail]}


def _old_fields(rule: Rule, failed: bool) -> dict[str, Any]:
    return {
        "isrisky": int(rule.suggest == "risky"),
        "extra_info_json": "",
        "status_code": 2**32 + DOWNLOAD_FAILED if failed else 0,
        "detail": [],
    }

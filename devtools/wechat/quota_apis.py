"""How much may still be called, and what became of a call."""

from __future__ import annotations

import re

from devtools.wechat.accounts import Account, Counter
from devtools.wechat.apis import APIS, Answer, Api, api
from devtools.wechat.call import Call
from devtools.wechat.errcodes import Errcode
from devtools.wechat.token_apis import check_secret
from devtools.wechat.world import World

CLEARINGS_A_MONTH = 10
"""Of all quotas at once, by token and by secret together."""
SINGLE_CLEARINGS_A_MONTH = 50
RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")
RIDS_LIVE = 7 * 86400
"""Seconds."""


@api("POST", "/cgi-bin/clear_quota")
async def clear_quota(world: World, account: Account, call: Call) -> Answer:
    if call.text("appid") != account.appid:
        raise Errcode(40013)
    return _clear_all(world, account)


@api("POST", "/cgi-bin/clear_quota/v2", needs_token=False, reads_json=False)
async def clear_quota_by_secret(world: World, account: Account, call: Call) -> Answer:
    """The page puts both parameters into the body, its sample into the query: both are taken."""
    secret = call.query.get("appsecret") or str(call.glance().get("appsecret") or "")
    check_secret(world, account, call, secret)
    return _clear_all(world, account)


@api("POST", "/cgi-bin/openapi/quota/clear")
async def clear_one_quota(world: World, account: Account, call: Call) -> Answer:
    api_meant = _api_meant(call)
    _count_clearing(world, account, "single", SINGLE_CLEARINGS_A_MONTH, over=45009)
    account.counters.setdefault(api_meant.path, Counter()).in_day = 0
    return {"errcode": 0, "errmsg": "ok"}


@api("POST", "/cgi-bin/openapi/quota/get")
async def get_quota(world: World, account: Account, call: Call) -> Answer:
    """Tell an API's quota; what is not limited is left out (what is told then is not documented)."""
    api_meant = _api_meant(call)
    limit = api_meant.limit_of(account)
    counter = account.counters.setdefault(api_meant.path, Counter())
    counter.turn(world.clock.minute(), world.clock.day())
    reply: dict[str, object] = {"errcode": 0, "errmsg": "ok"}
    if limit.per_day is not None:
        reply["quota"] = {
            "daily_limit": limit.per_day,
            "used": counter.in_day,
            "remain": max(limit.per_day - counter.in_day, 0),
        }
    if limit.per_minute is not None:
        reply["rate_limit"] = {"call_count": limit.per_minute, "refresh_second": 60}
    return reply


@api("POST", "/cgi-bin/openapi/rid/get")
async def rid_info(world: World, account: Account, call: Call) -> Answer:
    """Tell what a call asked and what was answered, for seven days."""
    rid = call.text("rid")
    if not RID.fullmatch(rid):
        raise Errcode(76002)
    entry = world.journal.find(rid)
    if entry is None or entry.appid is None:
        raise Errcode(76001)
    if entry.appid != account.appid:
        raise Errcode(76003)
    if entry.path.startswith("/sns/"):
        raise Errcode(76022)
    if world.clock.now() - entry.at > RIDS_LIVE:
        raise Errcode(76004)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": int(entry.at),
            "cost_in_ms": int(entry.seconds * 1000),
            "request_url": "&".join(f"{name}={value}" for name, value in entry.query.items()),
            "request_body": entry.body,
            "response_body": entry.reply,
            "client_ip": entry.client_ip,
        },
    }


def _clear_all(world: World, account: Account) -> Answer:
    _count_clearing(world, account, "all", CLEARINGS_A_MONTH, over=48006)
    for counter in account.counters.values():
        counter.in_day = 0
    return {"errcode": 0, "errmsg": "ok"}


def _count_clearing(world: World, account: Account, kind: str, most: int, *, over: int) -> None:
    key = f"{world.clock.month()} {kind}"
    if account.cleared.get(key, 0) >= most:
        raise Errcode(over)
    account.cleared[key] = account.cleared.get(key, 0) + 1


def _api_meant(call: Call) -> Api:
    path = call.text("cgi_path")
    if path.startswith("/sns/"):
        raise Errcode(76022)
    api_meant = APIS.get(path)
    if api_meant is None:
        raise Errcode(76021)
    return api_meant

"""How a call is answered: faults that are injected, then the checks in their order, then the work."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Literal

from devtools.wechat import faults as kinds
from devtools.wechat.accounts import Account, Counter
from devtools.wechat.apis import APIS, Api
from devtools.wechat.call import JSON_TYPE, Call, Reply
from devtools.wechat.errcodes import Errcode
from devtools.wechat.malforming import made_odd, malformed
from devtools.wechat.world import World

TOKEN = re.compile(r"[0-9]+_[A-Za-z0-9_-]{90,500}")
"""What may be an access token; anything else is malformed (40014)."""


Ending = Literal["", "fin", "rst", "rst_in_body", "silent"]


@dataclass
class Delivery:
    """A reply and how it is brought, or not."""

    reply: Reply
    headers_after: float = 0.0
    body_after: float = 0.0
    """Real seconds."""
    drip: kinds.Drip | None = None
    ending: Ending = ""
    """What comes instead of the reply, or of the rest of it."""
    declared_length: int | None = None
    """The Content-Length that is said instead of the true one."""
    closes_idle_after: float | None = None


async def answer(world: World, call: Call) -> Delivery:
    """Answer a call of the platform, and write it into the journal."""
    began = time.perf_counter()
    call.rid = world.new_rid()
    call.arrived_at = world.clock.now()
    appid, openid = caller_of(world, call)
    struck = world.faults.of_call(call.path, appid, openid, call.arrived_at)
    entry = world.journal.open(call, appid, openid)
    entry.faults = [str(fault.__struct_config__.tag) for fault in struck]
    for fault in struck:
        if isinstance(fault, kinds.Slow) and fault.before == "work":
            call.work_seconds += fault.seconds
        if isinstance(fault, kinds.MediaFault):
            call.media_faults.append(fault.form)
        elif isinstance(fault, kinds.TokenDies):
            _let_token_die(world, call, fault)

    reply = _instead(call, struck)
    if reply is None:
        entry.was_performed = True
        reply = await _performed(world, call)
    entry.errcode = _errcode_of(reply)
    delivery = _brought(reply, struck)
    world.journal.close(entry, delivery.reply)
    entry.seconds = time.perf_counter() - began
    return delivery


def _instead(call: Call, struck: list[kinds.AnyFault]) -> Reply | None:
    """Return what is answered instead of doing what was asked, or None if it is to be done."""
    for fault in struck:
        match fault:
            case kinds.ErrcodeFault():
                return _refusal(
                    call, Errcode(fault.errcode, fault.errmsg, ip=call.client_ip, key="thing1")
                )
            case kinds.Redirect():
                return Reply(302, {"Location": fault.location})
            case kinds.Malformed(performs=False):
                return Reply()
            case kinds.Reset(at="request") | kinds.Silent():
                return Reply()
    return None


def _brought(reply: Reply, struck: list[kinds.AnyFault]) -> Delivery:
    delivery = Delivery(reply)
    for fault in struck:
        match fault:
            case kinds.Malformed():
                reply, length = malformed(delivery.reply, fault.form)
                delivery.reply, delivery.declared_length = reply, length
            case kinds.Odd():
                delivery.reply = made_odd(delivery.reply, fault)
            case kinds.Slow(before="headers"):
                delivery.headers_after += fault.seconds
            case kinds.Slow(before="body"):
                delivery.body_after += fault.seconds
            case kinds.Drip():
                delivery.drip = fault
            case kinds.CloseIdle():
                delivery.closes_idle_after = fault.seconds
            case kinds.Lost() | kinds.Reset() | kinds.Silent():
                delivery.ending = _ending(fault)
    return delivery


def _ending(fault: kinds.Lost | kinds.Reset | kinds.Silent) -> Ending:
    match fault:
        case kinds.Lost():
            return "rst" if fault.with_reset else "fin"
        case kinds.Reset():
            return "rst_in_body" if fault.at == "body" else "rst"
        case kinds.Silent():
            return "silent"


async def _performed(world: World, call: Call) -> Reply:
    """Do what was asked, after the checks in their order."""
    api = APIS.get(call.path)
    if api is None:
        return Reply.html(404, "404 Not Found")
    try:
        if call.method != api.method:
            raise Errcode(43002 if api.method == "POST" else 43001)
        if not api.needs_token and api.reads_json:
            call.read_json(api.malformed)
        account = _account_of_token(world, call) if api.needs_token else _account_named(world, call)
        _count(world, account, api)
        if api.needs_token and api.reads_json:
            call.read_json(api.malformed)
        if api.path in account.unauthorized:
            raise Errcode(48001)
        if not api.works_itself:
            await work(call)
        answered = await api.handler(world, account, call)
    except Errcode as error:
        return _refusal(call, error)
    except Exception:  # noqa: BLE001
        # An error of the loopback itself must not look like one of the platform's.
        traceback.print_exc(file=sys.stderr)
        return Reply.html(500, "500 The loopback WeChat failed")
    return answered if isinstance(answered, Reply) else Reply.of(answered, api.content_type)


async def work(call: Call) -> None:
    """Take the time that the work of this call is to take."""
    if call.work_seconds:
        await asyncio.sleep(call.work_seconds)


def _account_of_token(world: World, call: Call) -> Account:
    value = call.query.get("access_token", "")
    if not value:
        raise Errcode(41001)
    if not TOKEN.fullmatch(value):
        raise Errcode(40014)
    known = world.token(value)
    if known is None:
        raise Errcode(40001)
    account, token = known
    refused_with = token.refused_with(world.clock.now())
    if refused_with is not None:
        raise Errcode(refused_with)
    if account.status == "account_frozen":
        raise Errcode(50002)
    return account


def _account_named(world: World, call: Call) -> Account:
    appid = _named(call, "appid")
    if not appid:
        raise Errcode(41002)
    account = world.accounts.get(appid)
    if account is None:
        raise Errcode(40013)
    return account


def _count(world: World, account: Account, api: Api) -> None:
    """Count the call. Raises Errcode if the minute or the day has no room for it."""
    limit = api.limit_of(account)
    counter = account.counters.setdefault(api.path, Counter())
    counter.turn(world.clock.minute(), world.clock.day())
    if limit.per_minute is not None and counter.in_minute >= limit.per_minute:
        raise Errcode(limit.over_minute or api.over_minute)
    if limit.per_day is not None and counter.in_day >= limit.per_day:
        raise Errcode(45009)
    counter.in_minute += 1
    counter.in_day += 1


def caller_of(world: World, call: Call) -> tuple[str | None, str | None]:
    """Return whose call it is and whom it is about, as far as can be told before any check."""
    known = world.token(call.query.get("access_token", ""))
    appid = known[0].appid if known else _named(call, "appid")
    openid = _named(call, "openid") or _named(call, "touser")
    account = world.accounts.get(appid or "")
    if openid is None and account is not None:
        code = account.login_codes.get(call.query.get("js_code", ""))
        code = code or account.phone_codes.get(_named(call, "code") or "")
        openid = code.openid if code else None
    return appid, openid


def _named(call: Call, name: str) -> str | None:
    """Return a text of the query or of the body, parsed or not."""
    value = call.query.get(name) or call.glance().get(name)
    return value if isinstance(value, str) and value else None


def _let_token_die(world: World, call: Call, fault: kinds.TokenDies) -> None:
    known = world.token(call.query.get("access_token", ""))
    if known is not None:
        account, token = known
        token.rejected_with = fault.errcode
        account.is_token_stuck = fault.is_stuck


def _refusal(call: Call, error: Errcode) -> Reply:
    api = APIS.get(call.path)
    return Reply.of(error.reply(call.rid), api.content_type if api else JSON_TYPE)


def _errcode_of(reply: Reply) -> int:
    """Return the code of an error, 0 for any other answer."""
    if not reply.body.startswith(b'{"errcode":'):
        return 0
    code = json.loads(reply.body)["errcode"]
    return code if isinstance(code, int) else 0

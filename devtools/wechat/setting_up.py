"""The control plane's own part: accounts, users, faults, clock, journal, restart and reset."""

from __future__ import annotations

import msgspec

from devtools.wechat.accounts import Account, User
from devtools.wechat.control import Fields, Refused, control
from devtools.wechat.faults import AnyFault
from devtools.wechat.world import BASE64URL, HEX, World


def account_named(world: World, fields: Fields) -> Account:
    """Return the account of `appid`, or the only one where none is named."""
    appid = fields.get("appid")
    if appid is None and len(world.accounts) == 1:
        return next(iter(world.accounts.values()))
    account = world.accounts.get(str(appid))
    if account is None:
        raise Refused(f"There is no account {appid}.", 404)
    return account


def user_named(world: World, fields: Fields) -> tuple[Account, User]:
    """Return the user of `openid`, of the account that is named."""
    account = account_named(world, fields)
    user = account.users.get(str(fields.get("openid")))
    if user is None:
        raise Refused(f"There is no user {fields.get('openid')}.", 404)
    return account, user


@control("GET", "ready")
async def ready(world: World, _fields: Fields) -> object:
    return {"ready": True}


@control("GET", "state")
async def state(world: World, _fields: Fields) -> object:
    clock = {"now": world.clock.now(), "is_frozen": world.clock.is_frozen}
    return {"accounts": world.accounts, "clock": clock, "faults": world.faults.listing()}


@control("POST", "accounts")
async def create_account(world: World, fields: Fields) -> object:
    """Everything may be left out: what identifies the account is invented."""
    invented = {
        "appid": "wx" + world.random_text(16, HEX),
        "secret": world.random_text(32, HEX),
        "original_id": "gh_" + world.random_text(12, HEX),
    }
    return world.add_account(msgspec.convert(invented | fields, Account))


@control("GET", "accounts/{appid}")
async def show_account(world: World, fields: Fields) -> object:
    return account_named(world, fields)


@control("PATCH", "accounts/{appid}")
async def change_account(world: World, fields: Fields) -> object:
    """Replace the fields that are given, whole."""
    account = account_named(world, fields)
    _change(account, fields)
    return account


@control("POST", "users")
async def create_user(world: World, fields: Fields) -> object:
    """Of `appid`, or of the only account. An openid is invented, and a unionid where one is due."""
    account = account_named(world, fields)
    invented = {
        "openid": "o" + world.random_text(27, BASE64URL),
        "unionid": "o" + world.random_text(27, BASE64URL) if account.is_bound else None,
        "last_active_at": world.clock.now(),
    }
    given = {name: value for name, value in fields.items() if name != "appid"}
    return world.add_user(account, msgspec.convert(invented | given, User))


@control("PATCH", "users/{openid}")
async def change_user(world: World, fields: Fields) -> object:
    _, user = user_named(world, fields)
    _change(user, {name: value for name, value in fields.items() if name != "appid"})
    return user


@control("POST", "faults")
async def set_fault(world: World, fields: Fields) -> object:
    """`{"kind": "errcode", "errcode": -1, "path": "/wxa/*", "count": 3}`; see `faults.py`."""
    fault = msgspec.convert(fields, AnyFault)
    if fault.lasting is not None:
        fault.until = world.clock.now() + fault.lasting
    if fault.until_end_of is not None:
        is_minute = fault.until_end_of == "minute"
        fault.until = world.clock.minute_ends() if is_minute else world.clock.day_ends()
    return {"number": world.faults.add(fault)}


@control("GET", "faults")
async def list_faults(world: World, _fields: Fields) -> object:
    return world.faults.listing()


@control("DELETE", "faults")
async def clear_faults(world: World, _fields: Fields) -> object:
    world.faults.clear()
    return {}


@control("DELETE", "faults/{number}")
async def remove_fault(world: World, fields: Fields) -> object:
    if not world.faults.remove(int(str(fields["number"]))):
        raise Refused(f"There is no fault {fields['number']}.", 404)
    return {}


@control("POST", "clock")
async def move_clock(world: World, fields: Fields) -> object:
    """Any of `set` (Unix seconds), `advance` (seconds), `frozen` (whether it stands still)."""
    clock = world.clock
    if fields.get("frozen") is True:
        clock.freeze()
    if (at := fields.get("set")) is not None:
        clock.set(_number(at))
    if (seconds := fields.get("advance")) is not None:
        clock.advance(_number(seconds))
    if fields.get("frozen") is False:
        clock.run()
    return {"now": clock.now(), "is_frozen": clock.is_frozen}


@control("GET", "journal")
async def read_journal(world: World, fields: Fields) -> object:
    """Entries, oldest first; `after` a number, of a `path`, of an `appid`."""
    path, appid = fields.get("path"), fields.get("appid")
    return world.journal.select(
        after=int(str(fields.get("after", 0))),
        path=None if path is None else str(path),
        appid=None if appid is None else str(appid),
    )


@control("DELETE", "journal")
async def clear_journal(world: World, _fields: Fields) -> object:
    world.journal.clear()
    return {}


@control("POST", "tokens/invalidate")
async def invalidate_tokens(world: World, fields: Fields) -> object:
    """Refuse the tokens of `appid` from now on, with `errcode` 42001, 40001 or 40014.

    `is_stuck`: stable_token goes on giving the same one, until it is forced.
    """
    account = account_named(world, fields)
    for token in account.tokens:
        token.rejected_with = msgspec.convert(fields.get("errcode", 42001), int)
    account.is_token_stuck = bool(fields.get("is_stuck", False))
    return {}


@control("POST", "settle")
async def settle(world: World, _fields: Fields) -> object:
    """Wait until pushes and verdicts that are under way are done."""
    await world.settle()
    return {}


@control("POST", "restart")
async def restart(world: World, fields: Fields) -> object:
    """`keeps_state`: false (or nothing) and every token, code and session is unknown afterwards."""
    world.restart(keeps_state=bool(fields.get("keeps_state", False)))
    return {}


@control("POST", "save")
async def save(world: World, _fields: Fields) -> object:
    world.save()
    return {}


@control("POST", "reset")
async def reset(world: World, _fields: Fields) -> object:
    world.reset()
    return {}


def _change(whole: Account | User, fields: Fields) -> None:
    changed = msgspec.convert(msgspec.to_builtins(whole) | fields, type(whole))
    for name in fields:
        if name not in whole.__struct_fields__:
            raise Refused(f"There is no field {name}.")
        setattr(whole, name, getattr(changed, name))


def _number(value: object) -> float:
    return msgspec.convert(value, float)

"""Signing in, session keys, and phone numbers."""

from __future__ import annotations

import hashlib
import hmac

from devtools.wechat.accounts import Account, Counter, User
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.errcodes import Errcode
from devtools.wechat.token_apis import check_secret
from devtools.wechat.world import World

CODE_LIVES = 300
"""Seconds, of a login code and of a phone code."""
LOGINS_A_MINUTE = 100
"""Of one user."""
MOCK_CODE = "the code is a mock one"
"""What the developer tools send instead of a code where no AppID is set."""

LOGIN_PATH = "/sns/jscode2session"


@api("GET", LOGIN_PATH, needs_token=False, content_type="text/plain")
async def code_to_session(world: World, account: Account, call: Call) -> Answer:
    """Tell whom a login code belongs to. There is no errcode in a good reply."""
    check_secret(world, account, call, call.query.get("secret", ""))
    if call.query.get("grant_type") != "authorization_code":
        raise Errcode(40002)
    user = _signing_in(world, account, call.query.get("js_code", ""))
    _count_login(world, account, user)
    if user.is_blocked:
        raise Errcode(40226)
    world.renew_session(user)
    reply: dict[str, object] = {"session_key": user.session_key, "openid": user.openid}
    if account.is_bound and user.unionid:
        reply["unionid"] = user.unionid
    return reply


def _signing_in(world: World, account: Account, code: str) -> User:
    if code == MOCK_CODE and account.mock_user in account.users:
        return account.users[account.mock_user]
    known = account.login_codes.get(code)
    if known is None or known.openid not in account.users:
        raise Errcode(40029)
    if known.is_used:
        raise Errcode(40163)
    if world.clock.now() - known.made_at >= CODE_LIVES:
        raise Errcode(40029)
    known.is_used = True
    return account.users[known.openid]


def _count_login(world: World, account: Account, user: User) -> None:
    counter = account.counters.setdefault(f"{LOGIN_PATH} {user.openid}", Counter())
    counter.turn(world.clock.minute(), world.clock.day())
    if counter.in_minute >= LOGINS_A_MINUTE:
        raise Errcode(45011)
    counter.in_minute += 1


@api("POST", "/wxa/business/getuserphonenumber")
async def phone_number(world: World, account: Account, call: Call) -> Answer:
    """Tell the phone number that a phone code stands for."""
    code = call.text("code")
    known = account.phone_codes.get(code)
    if known is None and any(code in each.phone_codes for each in world.accounts.values()):
        raise Errcode(40013)
    now = world.clock.now()
    if known is None or known.is_used or now - known.made_at >= CODE_LIVES:
        raise Errcode(40029)
    if call.fields.get("openid") not in (None, known.openid):
        raise Errcode(40029)
    known.is_used = True
    user = account.users[known.openid]
    is_foreign = user.country_code != "86"
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": f"+{user.country_code} {user.phone}" if is_foreign else user.phone,
            "purePhoneNumber": user.phone,
            "countryCode": user.country_code,
            "watermark": {"timestamp": int(now), "appid": account.appid},
        },
    }


@api("GET", "/wxa/checksession")
async def check_session(world: World, account: Account, call: Call) -> Answer:
    """Say whether a session key is still the user's."""
    _user_of_session(world, account, call)
    return {"errcode": 0, "errmsg": "ok"}


@api("GET", "/wxa/resetusersessionkey", per_minute=60_000)
async def reset_session_key(world: World, account: Account, call: Call) -> Answer:
    """Give another session key, which ends when the one before would have."""
    user = _user_of_session(world, account, call)
    user.session_key = world.random_key()
    return {
        "errcode": 0,
        "errmsg": "ok",
        "openid": user.openid,
        "session_key": user.session_key,
    }


def _user_of_session(world: World, account: Account, call: Call) -> User:
    """Return the user whose session key signed the call."""
    user = account.users.get(call.asked("openid", 40097))
    if user is None:
        raise Errcode(40003)
    if call.query.get("sig_method") != "hmac_sha256":
        raise Errcode(87008)
    if not user.session_key or user.session_ends_at <= world.clock.now():
        raise Errcode(87007)
    signed = hmac.new(user.session_key.encode(), b"", hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signed, call.query.get("signature", "")):
        raise Errcode(87009)
    return user

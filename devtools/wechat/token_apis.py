"""Access tokens: two families that do not know each other."""

from __future__ import annotations

import math

from devtools.wechat.accounts import Account, Token
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.errcodes import Errcode
from devtools.wechat.world import BASE64URL, World

LIFE = 7200
"""Seconds that a token is good for."""
OVERLAP = 300
"""Seconds in which a token and its successor are both good."""
FORCE_APART = 30
"""Seconds that must lie between two forced renewals."""
FORCES_A_DAY = 20


def check_secret(world: World, account: Account, call: Call, secret: str) -> None:
    """Raise Errcode unless whoever knows this secret may ask, from where it asks."""
    if not secret:
        raise Errcode(41004)
    if secret != account.secret:
        raise Errcode(40125)
    if account.status == "secret_frozen":
        raise Errcode(40243)
    if account.status == "account_frozen":
        raise Errcode(50007)
    if account.allowed_ips is not None and call.client_ip not in account.allowed_ips:
        raise Errcode(40164, ip=call.client_ip)


@api("GET", "/cgi-bin/token", needs_token=False, per_day=10_000)
async def plain_token(world: World, account: Account, call: Call) -> Answer:
    """Give a new token; the one before is good for five minutes more."""
    if call.query.get("grant_type") != "client_credential":
        raise Errcode(40002)
    check_secret(world, account, call, call.query.get("secret", ""))
    if account.status == "token_forbidden":
        raise Errcode(50004)
    return _reply(world, _new(world, account, "plain", overlap=OVERLAP))


@api(
    "POST",
    "/cgi-bin/stable_token",
    needs_token=False,
    per_minute=10_000,
    per_day=500_000,
)
async def stable_token(world: World, account: Account, call: Call) -> Answer:
    """Give the token that is good, with the seconds that are left; a new one near its end."""
    if call.fields.get("grant_type") != "client_credential":
        raise Errcode(40002)
    check_secret(world, account, call, str(call.fields.get("secret") or ""))
    if account.status == "token_forbidden":
        raise Errcode(50004)
    now = world.clock.now()
    current = _current(account, "stable")
    if call.fields.get("force_refresh") is True:
        return _reply(world, _forced(world, account, current))
    if current is None or current.expires_at - now < OVERLAP:
        return _reply(world, _new(world, account, "stable", overlap=OVERLAP))
    if account.is_token_stuck or current.refused_with(now) is None:
        return _reply(world, current)
    return _reply(world, _new(world, account, "stable", overlap=OVERLAP))


def _forced(world: World, account: Account, current: Token | None) -> Token:
    now, today = world.clock.now(), world.clock.day()
    if current is not None and account.forced_at and now - account.forced_at[-1] < FORCE_APART:
        return current
    if sum(world.clock.day_of(at) == today for at in account.forced_at) >= FORCES_A_DAY:
        raise Errcode(45009)
    account.forced_at.append(now)
    account.is_token_stuck = False
    return _new(world, account, "stable", overlap=0)


def _current(account: Account, family: str) -> Token | None:
    """Return the token of that family which no other has replaced."""
    for token in reversed(account.tokens):
        if token.family == family:
            return token
    return None


def _new(world: World, account: Account, family: str, *, overlap: float) -> Token:
    now = world.clock.now()
    before = _current(account, family)
    if before is not None and before.replaced_at is None:
        before.replaced_at = now + overlap
    token = Token(
        value=f"{world.dice.randint(10, 99)}_{world.random_text(134, BASE64URL)}",
        family="plain" if family == "plain" else "stable",
        given_at=now,
        expires_at=now + LIFE,
    )
    account.tokens.append(token)
    return token


def _reply(world: World, token: Token) -> dict[str, object]:
    left = math.ceil(token.expires_at - world.clock.now())
    return {"access_token": token.value, "expires_in": left}

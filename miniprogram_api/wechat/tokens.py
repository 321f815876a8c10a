"""One access token for all workers and nodes.

WeChat's stable_token gives every node the same one while it is good, so that a lost lease costs a
call and no more. A token that WeChat rejects is fetched anew once; where WeChat goes on giving the
very token that it rejects, a new one is forced, by one node and seldom.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from miniprogram_api.wechat import apis
from miniprogram_api.wechat.account import WeChatAccount
from miniprogram_api.wechat.breaker import WeChatDown
from miniprogram_api.wechat.client import Answer, Question
from services.wechat import Reaction, WeChatFailed
from services.wechat_tokens import AccessToken, TokenStore

EARLIER = timedelta(seconds=60)
"""Ours ends before WeChat's."""
RENEWED_BEFORE = timedelta(minutes=4)
"""From five minutes before its own end on WeChat gives the next one, and takes both."""
HELD_S = 60.0
"""How long a process may use its copy without looking whether another one is in use."""
_SHORTEST_S = 300
"""WeChat never gives a token that ends sooner. One that does would be fetched all the time."""
_LONGEST_S = 7_200
_LEASE_S = 10.0
"""Longer than one call for a token takes."""
_LOOK_AGAIN_S = 0.1
_PATIENCE_S = 20.0
_PAUSE_AFTER_ALARM_S = 15.0
"""A wrong secret stays wrong: not every call asks for a token again."""
_PAUSE_AFTER_FAILURE_S = 1.0

Ask = Callable[[Question], Awaitable[Answer]]
"""Asks once for a token. Raises WeChatFailed."""


class Tokens:
    """The token as one process sees it."""

    def __init__(
        self, account: WeChatAccount, store: TokenStore, ask: Ask, now: Callable[[], datetime]
    ) -> None:
        self._account = account
        self._store = store
        self._ask = ask
        self._now = now
        self._held: AccessToken | None = None
        self._held_until = 0.0
        self._fetching: asyncio.Task[AccessToken] | None = None
        self._failure: WeChatFailed | None = None
        self._failed_until = 0.0

    async def get(self) -> str:
        """Return a token that should be good. Raises WeChatFailed."""
        held = self._held
        if held is not None and time.monotonic() < self._held_until and held.ends_at > self._now():
            return held.text
        kept = await self._store.kept()
        if kept is not None and kept.ends_at - self._now() > RENEWED_BEFORE:
            return self._hold(kept).text
        if kept is not None and kept.ends_at > self._now():
            return await self._renewed(kept)
        return (await self._fetched()).text

    async def reject(self, token: str) -> None:
        """Forget a token that WeChat did not take, here and, if it is still in use, for all."""
        if self._held is not None and self._held.text == token:
            self._held = None
        await self._store.reject(token)

    def pause(self, failure: WeChatFailed) -> None:
        """Fetch none for a while: WeChat rejected a fresh one, too."""
        self._failure = failure
        self._failed_until = time.monotonic() + _PAUSE_AFTER_ALARM_S

    async def close(self) -> None:
        """Give up what is under way."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _renewed(self, kept: AccessToken) -> str:
        """Return the next token where it can be had now, else the one that is still good."""
        try:
            if self._fetching is None and not await self._store.lease(self._now(), _LEASE_S):
                return self._hold(kept).text
            return (await self._fetched()).text
        except WeChatFailed:
            return self._hold(kept).text

    async def _fetched(self) -> AccessToken:
        """Fetch a token together with whoever else in this process wants one."""
        if self._failure is not None and time.monotonic() < self._failed_until:
            failure = self._failure
            raise WeChatDown(
                str(failure), reaction=failure.reaction, errcode=failure.errcode, rid=failure.rid
            )
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_or_wait())
            self._fetching.add_done_callback(self._settle)
        # Shielded: whoever gives up must not take it from the others.
        return await asyncio.shield(self._fetching)

    def _settle(self, task: asyncio.Task[AccessToken]) -> None:
        self._fetching = None
        error = None if task.cancelled() else task.exception()
        if isinstance(error, WeChatFailed) and not isinstance(error, WeChatDown):
            is_lasting = error.reaction in {Reaction.ALARM, Reaction.STOP_FOR_TODAY}
            self._failure = error
            self._failed_until = time.monotonic() + (
                _PAUSE_AFTER_ALARM_S if is_lasting else _PAUSE_AFTER_FAILURE_S
            )

    async def _fetch_or_wait(self) -> AccessToken:
        gives_up_at = time.monotonic() + _PATIENCE_S
        while not await self._store.lease(self._now(), _LEASE_S):
            await asyncio.sleep(_LOOK_AGAIN_S)
            kept = await self._store.kept()
            if kept is not None and kept.ends_at > self._now():
                return self._hold(kept)
            if time.monotonic() > gives_up_at:
                raise WeChatDown("Another process fetches a token.", reaction=Reaction.RETRY)
        try:
            # It may have come between looking and taking the lease.
            kept = await self._store.kept()
            if kept is not None and kept.ends_at - self._now() > RENEWED_BEFORE:
                return self._hold(kept)
            token = await self._fetch()
            await self._store.keep(token)
            return self._hold(token)
        finally:
            await self._store.let_go()

    async def _fetch(self) -> AccessToken:
        token = await self._ask_for_one()
        if not await self._store.was_rejected(token.text):
            return token
        # WeChat goes on giving what it does not take.
        if not await self._store.may_force(self._now()):
            raise self._useless()
        await asyncio.sleep(random.uniform(1, 2))
        await self._store.lease(self._now(), _LEASE_S)
        token = await self._ask_for_one(is_forced=True)
        if await self._store.was_rejected(token.text):
            raise self._useless()
        return token

    async def _ask_for_one(self, *, is_forced: bool = False) -> AccessToken:
        body: dict[str, object] = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.app_secret,
            "force_refresh": is_forced,
        }
        asked_at = self._now()
        try:
            answer = await self._ask(Question(apis.STABLE_TOKEN, body=body))
        except WeChatFailed as failure:
            if isinstance(failure, WeChatDown) or failure.reaction is not Reaction.RETRY:
                raise
            await asyncio.sleep(random.uniform(0.2, 0.5))
            await self._store.lease(self._now(), _LEASE_S)
            asked_at = self._now()
            answer = await self._ask(Question(apis.STABLE_TOKEN, body=body))
        return _token_of(answer, asked_at)

    def _hold(self, token: AccessToken) -> AccessToken:
        self._held = token
        self._held_until = time.monotonic() + HELD_S
        return token

    def _useless(self) -> WeChatFailed:
        return WeChatFailed(
            f"{apis.STABLE_TOKEN.path} goes on giving a token that is not taken.",
            reaction=Reaction.ALARM,
            errcode=40001,
        )


def _token_of(answer: Answer, asked_at: datetime) -> AccessToken:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    seconds = answer.get("expires_in") if isinstance(answer, dict) else None
    is_usable = (
        isinstance(token, str)
        and 0 < len(token) <= 2_000
        and token.isascii()
        and isinstance(seconds, int)
        and not isinstance(seconds, bool)
        and seconds >= _SHORTEST_S
    )
    if not is_usable:
        raise WeChatFailed(
            f"{apis.STABLE_TOKEN.path} gave no usable token.", reaction=Reaction.RETRY
        )
    assert isinstance(token, str) and isinstance(seconds, int)
    return AccessToken(token, asked_at + timedelta(seconds=min(seconds, _LONGEST_S)) - EARLIER)

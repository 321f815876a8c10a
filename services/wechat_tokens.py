"""The access token that all processes share, and which of them fetches the next one.

No transaction stays open while WeChat is asked: whoever fetches holds a lease in the row, which
ends by itself where that process is killed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tortoise.expressions import Q

from models.wechat_token import WeChatToken
from services.clock import zone_day
from services.secret_key import SecretKeys, WrongKey

FORCED_APART = timedelta(seconds=60)
FORCED_A_DAY = 10
"""WeChat gives 20, thirty seconds apart."""


@dataclass(frozen=True)
class AccessToken:
    """A token, and until when it is surely good."""

    text: str = field(repr=False)
    ends_at: datetime


class TokenStore:
    """The row of one mini-program."""

    def __init__(self, app_id: str, keys: SecretKeys, by: str) -> None:
        self._app_id = app_id
        self._keys = keys
        self._by = by
        """The process, among all that share the database."""

    async def kept(self) -> AccessToken | None:
        """Return the token that is in use, None where there is none, or it cannot be read."""
        row = await WeChatToken.get_or_none(app_id=self._app_id)
        if row is None or row.encrypted_token is None or row.ends_at is None:
            return None
        try:
            return AccessToken(self._keys.decrypt_bytes(row.encrypted_token).decode(), row.ends_at)
        except WrongKey:
            return None

    async def lease(self, now: datetime, seconds: float) -> bool:
        """Become the one that fetches, or stay so for longer; False where another one is."""
        row, _ = await WeChatToken.get_or_create({}, app_id=self._app_id)
        free = Q(fetched_by="") | Q(fetched_by=self._by) | Q(fetching_until__lt=now)
        taken = await WeChatToken.filter(free, id=row.id).update(
            fetched_by=self._by, fetching_until=now + timedelta(seconds=seconds)
        )
        return taken == 1

    async def let_go(self) -> None:
        """Stop being the one that fetches."""
        await WeChatToken.filter(app_id=self._app_id, fetched_by=self._by).update(
            fetched_by="", fetching_until=None
        )

    async def keep(self, token: AccessToken) -> bool:
        """Keep what was fetched; False where another process took over meanwhile."""
        kept = await WeChatToken.filter(app_id=self._app_id, fetched_by=self._by).update(
            encrypted_token=self._keys.encrypt(token.text),
            ends_at=token.ends_at,
            fetched_by="",
            fetching_until=None,
        )
        return kept == 1

    async def reject(self, token: str) -> bool:
        """Forget a token that WeChat did not take, unless another one is in use by now."""
        kept = await self.kept()
        if kept is None or kept.text != token:
            return False
        # A token is told from the next one by its end: it is encrypted differently each time.
        cleared = await WeChatToken.filter(app_id=self._app_id, ends_at=kept.ends_at).update(
            encrypted_token=None, ends_at=None, rejected_hash=_hash(token)
        )
        return cleared == 1

    async def was_rejected(self, token: str) -> bool:
        """Return whether it is the very one that WeChat did not take last."""
        return await WeChatToken.exists(app_id=self._app_id, rejected_hash=_hash(token))

    async def may_force(self, now: datetime) -> bool:
        """Take one of the few new tokens that may be forced; False where there is none left."""
        row = await WeChatToken.get(app_id=self._app_id)
        today = zone_day(now)
        times = row.forced_times if row.forced_on == today else 0
        if times >= FORCED_A_DAY:
            return False
        if row.forced_at is not None and now - row.forced_at < FORCED_APART:
            return False
        taken = await WeChatToken.filter(id=row.id, forced_at=row.forced_at).update(
            forced_at=now, forced_on=today, forced_times=times + 1
        )
        return taken == 1


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

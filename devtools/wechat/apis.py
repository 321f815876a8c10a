"""The APIs that are answered: each module that has some registers them here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.wechat.accounts import Account, Limit
from devtools.wechat.call import JSON_TYPE, Call, Reply

if TYPE_CHECKING:
    from devtools.wechat.world import World

Answer = Reply | dict[str, object]
Handler = Callable[["World", Account, Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Api:
    method: str
    path: str
    handler: Handler
    needs_token: bool
    """Otherwise the account is the one whose appid is in the query or the body."""
    reads_json: bool
    """The body is an object of JSON, parsed before the handler."""
    malformed: int
    """The code for a body that is no JSON."""
    content_type: str
    per_minute: int | None
    per_day: int | None
    per_day_with_payment: int | None
    """Where the account takes payments; None for the same."""
    over_minute: int
    """The code for a minute that is full."""
    works_itself: bool
    """The handler calls `answering.work(call)` where the work takes its time, to be interrupted
    there by a second call; otherwise that is before the handler.
    """

    def limit_of(self, account: Account) -> Limit:
        """Return what this account may call, with the code for a full minute."""
        own = account.limits.get(self.path, Limit())
        usual = self.per_day
        if account.has_payment and self.per_day_with_payment is not None:
            usual = self.per_day_with_payment
        return Limit(
            per_minute=self.per_minute if own.per_minute is None else own.per_minute,
            per_day=usual if own.per_day is None else own.per_day,
            over_minute=own.over_minute or self.over_minute,
        )


APIS: dict[str, Api] = {}
"""By path."""


def api(
    method: str,
    path: str,
    *,
    needs_token: bool = True,
    reads_json: bool | None = None,
    malformed: int = 47001,
    content_type: str = JSON_TYPE,
    per_minute: int | None = None,
    per_day: int | None = None,
    per_day_with_payment: int | None = None,
    over_minute: int = 45011,
    works_itself: bool = False,
) -> Callable[[Handler], Handler]:
    """Register what answers `path`. A handler returns the whole reply, or raises Errcode."""

    def register(handler: Handler) -> Handler:
        assert path not in APIS, path
        APIS[path] = Api(
            method,
            path,
            handler,
            needs_token,
            method == "POST" if reads_json is None else reads_json,
            malformed,
            content_type,
            per_minute,
            per_day,
            per_day_with_payment,
            over_minute,
            works_itself,
        )
        return handler

    return register

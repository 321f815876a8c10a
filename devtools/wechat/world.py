"""All that the loopback WeChat knows, in one place: inspectable, savable, resettable."""

from __future__ import annotations

import asyncio
import base64
import os
import random
from collections.abc import Coroutine
from pathlib import Path

import msgspec

from devtools.wechat.accounts import Account, Token, User
from devtools.wechat.clock import Clock
from devtools.wechat.faults import Faults
from devtools.wechat.journal import Journal
from devtools.wechat.pushed import Pushed

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ALPHANUMERIC = BASE64URL[:-2]
HEX = "0123456789abcdef"
SESSION_LASTS = 3 * 86400
"""Seconds; the platform does not tell. Use prolongs it."""
MOST_PUSHES = 50
"""Pushes that are under way at once."""


class World:
    def __init__(self, state_file: Path | None = None) -> None:
        self.clock = Clock()
        self.accounts: dict[str, Account] = {}
        """By appid."""
        self.faults = Faults()
        self.journal = Journal()
        self.pushed: list[Pushed] = []
        """Every event that was pushed, with its attempts."""
        self.push_lines = asyncio.Semaphore(MOST_PUSHES)
        self.sending: set[str] = set()
        """Openids to which a card is being sent right now."""
        self.media_waiting: dict[tuple[str, str], int] = {}
        """How many checks of an appid's address wait for a verdict."""
        self.dice = random.Random(os.urandom(16))
        self.severed = asyncio.Event()
        """Set when every connection that stands is to be dropped, and then replaced."""
        self._state_file = state_file
        self._tasks: set[asyncio.Task[None]] = set()
        if state_file is not None and state_file.exists():
            self.accounts = msgspec.json.decode(state_file.read_bytes(), type=dict[str, Account])

    def random_text(self, length: int, alphabet: str = ALPHANUMERIC) -> str:
        return "".join(self.dice.choices(alphabet, k=length))

    def random_key(self) -> str:
        return base64.b64encode(self.dice.randbytes(16)).decode()

    def new_rid(self) -> str:
        """Three groups of 8 hex digits, the first of which is the virtual second."""
        second = int(self.clock.now())
        return f"{second:08x}-{self.random_text(8, HEX)}-{self.random_text(8, HEX)}"

    def add_account(self, account: Account) -> Account:
        self.accounts[account.appid] = account
        return account

    def add_user(self, account: Account, user: User) -> User:
        account.users[user.openid] = user
        return user

    def token(self, value: str) -> tuple[Account, Token] | None:
        for account in self.accounts.values():
            for token in account.tokens:
                if token.value == value:
                    return account, token
        return None

    def renew_session(self, user: User) -> None:
        """Give a new session_key if the user has none that is still valid."""
        if not user.session_key or user.session_ends_at <= self.clock.now():
            user.session_key = self.random_key()
        user.session_ends_at = self.clock.now() + SESSION_LASTS

    def later(self, work: Coroutine[object, object, None]) -> None:
        """Do something beside the calls: a push, a verdict. Ends with the world."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until all that is done beside the calls is done."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def stop_tasks(self) -> None:
        for task in self._tasks:
            task.cancel()

    def reset(self) -> None:
        """Forget everything, as if it had just been set up."""
        self.stop_tasks()
        self.accounts.clear()
        self.faults.clear()
        self.journal.clear()
        self.pushed.clear()
        self.media_waiting.clear()
        self.clock.reset()

    def restart(self, *, keeps_state: bool) -> None:
        """Come up again. Without the state, tokens, codes and sessions are unknown from now on."""
        self.stop_tasks()
        self.sever()
        if keeps_state:
            return
        for account in self.accounts.values():
            account.tokens.clear()
            account.forced_at.clear()
            account.login_codes.clear()
            account.phone_codes.clear()
            account.counters.clear()
            for user in account.users.values():
                user.session_key = ""

    def sever(self) -> None:
        """Drop every connection that stands."""
        self.severed.set()
        self.severed = asyncio.Event()

    def save(self) -> None:
        if self._state_file is not None:
            written = self._state_file.with_suffix(".writing")
            written.write_bytes(msgspec.json.encode(self.accounts))
            written.replace(self._state_file)

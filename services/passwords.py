"""Passwords: hashed with Argon2id, and what a new one must be."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.errors import Invalid

SHORTEST_PASSWORD = 10
"""Characters. Length tells more than the kinds of characters in it."""
LONGEST_PASSWORD = 200
_TOO_COMMON = ("password", "12345678", "87654321", "qwertyui", "admin", "openzone", "11111111")

# Each hash takes 64 MB and a core for some fifty milliseconds: two at a time leave the kiosk alone.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hashing")


async def hashed(password: str) -> str:
    """Return a password as the database keeps it."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher().hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Return whether a password is the one that was hashed.

    None stands for somebody who does not exist; it takes as long, so that time tells nothing.
    """
    return await asyncio.get_running_loop().run_in_executor(
        _hashing, _matches, password, password_hash
    )


def check_new_password(password: str, username: str) -> None:
    """Raise Invalid with a sentence on what is wrong with a new password."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            "The password is too short.", sentence=f"密码至少要有 {SHORTEST_PASSWORD} 个字符。"
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("The password is too long.", sentence="密码太长了，请不要超过 200 个字符。")
    lowered = password.lower()
    if username.lower() in lowered or len(set(password)) < 5:
        raise Invalid(
            "The password is easily guessed.",
            sentence="密码太容易猜，请不要包含用户名，也不要重复同样的字符。",
        )
    if any(common in lowered for common in _TOO_COMMON):
        raise Invalid("The password is common.", sentence="密码太常见，请换一个别人猜不到的。")


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        _hasher().verify(password_hash or _nobodys_hash(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None

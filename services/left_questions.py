"""Questions that visitors leave for the staff when nothing answered them.

The words are encrypted with the installation's key before they reach the database, so that a copied
database file tells nobody what was asked.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from filelock import FileLock
from tortoise.exceptions import IntegrityError

from models.left_question import LeftQuestion
from services.errors import Invalid, QuestionTooLong, Unavailable

LONGEST_TEXT = 500
"""Characters that one visitor may leave."""
_ATTEMPTS = 20


@dataclass(frozen=True)
class ReadableQuestion:
    """A left question with its words, for staff."""

    number: str
    text: str
    left_at: datetime


def obtain_key(key_file: Path) -> bytes:
    """Return the installation's key, made on first use and readable by its owner alone.

    Two processes that start at once get the same key. Waits for the disk.
    """
    key_file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{key_file}.making"):
        if not key_file.exists():
            _write_key(key_file)
    return key_file.read_bytes().strip()


def _write_key(key_file: Path) -> None:
    """Write a new key under another name first: a power cut leaves a whole key or none."""
    unfinished = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(key_file)


async def leave(text: str, *, key: bytes, left_on: date) -> str:
    """Keep a question for the staff and return the number its visitor is given.

    Raises Invalid for an empty text and QuestionTooLong above LONGEST_TEXT characters.
    """
    text = text.strip()
    if not text:
        raise Invalid(
            "An empty question was left.", sentence="还没有写下问题，请先说或写下您的问题。"
        )
    if len(text) > LONGEST_TEXT:
        raise QuestionTooLong(f"{len(text)} characters were left; {LONGEST_TEXT} are allowed.")
    encrypted = Fernet(key).encrypt(text.encode())
    for _ in range(_ATTEMPTS):
        number = f"{left_on:%y%m%d}-{secrets.randbelow(10_000):04d}"
        try:
            await LeftQuestion.create(number=number, encrypted_text=encrypted)
        except IntegrityError:
            continue  # Somebody else has this number; the day has ten thousand.
        return number
    raise Unavailable("No free number was found for a left question.")


async def newest(*, key: bytes, limit: int = 50) -> list[ReadableQuestion]:
    """Return the questions left last, newest first, with their words."""
    rows = await LeftQuestion.all().order_by("-id").limit(limit)
    return [ReadableQuestion(row.number, _readable(row, key), row.left_at) for row in rows]


def _readable(row: LeftQuestion, key: bytes) -> str:
    try:
        return Fernet(key).decrypt(bytes(row.encrypted_text)).decode()
    except InvalidToken:
        return "（密钥已更换，无法读取）"

"""The installation's key, and the keys for single purposes that are derived from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock

UNREADABLE = "（密钥已更换，无法读取）"
"""What stands where something was encrypted with another key."""


@dataclass(frozen=True)
class SecretKeys:
    """One key for each purpose, so that what is learnt of one tells nothing of another."""

    encryption: bytes = field(repr=False)
    """Fernet, for what is kept: people's words, second factors."""
    hashing: bytes = field(repr=False)
    """HMAC-SHA-256, for what is looked up without being kept."""
    sealing: bytes = field(repr=False)
    """HMAC-SHA-256, for the chain of audit records."""
    speech: bytes = field(repr=False)
    """Fernet, for the addresses of spoken text."""

    @classmethod
    def of(cls, master: bytes) -> SecretKeys:
        """Return the keys of an installation's key. What was encrypted with that key itself,
        before there were others, stays readable.
        """
        return cls(
            encryption=master,
            hashing=_derived(master, b"hashing"),
            sealing=_derived(master, b"sealing"),
            speech=base64.urlsafe_b64encode(_derived(master, b"speech")),
        )

    def encrypt(self, text: str) -> bytes:
        """Return a text as the database may keep it."""
        return Fernet(self.encryption).encrypt(text.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the text again, UNREADABLE where it was encrypted with another key."""
        try:
            return Fernet(self.encryption).decrypt(bytes(encrypted)).decode()
        except InvalidToken:
            return UNREADABLE

    def keyed_hash(self, text: str) -> str:
        """Return what a text can be found by, as 64 hexadecimal digits."""
        return hmac.new(self.hashing, text.encode(), hashlib.sha256).hexdigest()


def obtain_keys(key_file: Path) -> SecretKeys:
    """Return the installation's keys, made on first use and readable by their owner alone.

    Two processes that start at once get the same key. Waits for the disk.
    """
    key_file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{key_file}.making"):
        if not key_file.exists():
            _write_key(key_file)
    return SecretKeys.of(key_file.read_bytes().strip())


def _write_key(key_file: Path) -> None:
    """Write a new key under another name first: a power cut leaves a whole key or none."""
    unfinished = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(key_file)


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"openzone " + purpose).derive(
        master
    )

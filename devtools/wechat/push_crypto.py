"""How WeChat signs and encrypts what it pushes, and how a receiver answers.

Written from WeChat's published description alone, so that both sides of a test cannot share a mistake.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""Bytes: padding goes to multiples of this, though AES's own blocks are of 16."""
RANDOM_BYTES = 16


class Unreadable(Exception):
    """What was given is not what this key and this mini-program encrypt."""


def signature(token: str, *parts: str) -> str:
    """Return the hexadecimal SHA-1 of token and parts, sorted and put together."""
    return hashlib.sha1(
        "".join(sorted((token, *parts))).encode(), usedforsecurity=False
    ).hexdigest()


@dataclass(frozen=True)
class Envelope:
    """The key of one mini-program: EncodingAESKey is 43 characters of base64.

    Raises ValueError for any other key.
    """

    encoding_aes_key: str
    appid: str

    def __post_init__(self) -> None:
        if len(self._key) != 32:
            raise ValueError("An EncodingAESKey is 43 characters of base64.")

    @property
    def _key(self) -> bytes:
        return base64.b64decode(self.encoding_aes_key + "=")

    def close(self, message: bytes, *, random: bytes | None = None, broken: bool = False) -> str:
        """Return a message encrypted, as base64; `broken` leaves a padding that nobody can take off."""
        random = secrets.token_bytes(RANDOM_BYTES) if random is None else random
        plain = random + struct.pack(">I", len(message)) + message + self.appid.encode()
        missing = BLOCK - len(plain) % BLOCK
        padding = bytes([0xFF] if broken else [missing]) * missing
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + padding) + encryptor.finalize()).decode()

    def open(self, encrypted: str) -> bytes:
        """Return the message inside. Raises Unreadable."""
        try:
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(base64.b64decode(encrypted, validate=True))
            plain += decryptor.finalize()
        except ValueError as error:
            raise Unreadable("not base64 of whole blocks") from error
        padding = plain[-1] if plain else 0
        if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise Unreadable("wrong padding")
        inside = plain[RANDOM_BYTES:-padding]
        if len(inside) < 4:
            raise Unreadable("too short")
        (length,) = struct.unpack(">I", inside[:4])
        message, appid = inside[4 : 4 + length], inside[4 + length :]
        if len(message) != length or appid != self.appid.encode():
            raise Unreadable("of another mini-program")
        return message

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

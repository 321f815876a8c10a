"""The installation's keys, and the keys for single purposes that are derived from them.

The key file holds one key a line. The first encrypts and hashes; every one decrypts and is looked
up by, so that a change of keys may stop half-way and be taken up again
(services/key_rotation.py). Two further kinds of line are left of keys that are gone:

    seal:…  seals the audit records, whose chain began with the first key and outlives it
    hash:…  finds what only its hash is kept of: codes of drafts, and how a sender called a filing

Neither of them opens anything. All encryption of the program is in this module.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from filelock import FileLock

UNREADABLE = "（密钥已更换，无法读取）"
"""What stands where something was encrypted with another key."""
_SEAL = b"seal:"
_HASH = b"hash:"


class WrongKey(Exception):
    """Something was encrypted with a key that is not in the key file, or was altered."""


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
    earlier: tuple[bytes, ...] = field(default=(), repr=False)
    """What decrypts besides, while keys are being changed."""
    earlier_hashing: tuple[bytes, ...] = field(default=(), repr=False)
    """What was hashed with these is still found."""

    @classmethod
    def of(
        cls, *masters: bytes, sealing: bytes = b"", hashing: tuple[bytes, ...] = ()
    ) -> SecretKeys:
        """Return the keys of an installation's keys, the newest first. What was encrypted with
        such a key itself, before there were others, stays readable.
        """
        newest, *earlier = masters
        return cls(
            encryption=newest,
            hashing=_derived(newest, b"hashing"),
            sealing=sealing or _derived(masters[-1], b"sealing"),
            speech=base64.urlsafe_b64encode(_derived(newest, b"speech")),
            earlier=tuple(earlier),
            earlier_hashing=(*(_derived(master, b"hashing") for master in earlier), *hashing),
        )

    def encrypt(self, text: str) -> bytes:
        """Return a text as the database may keep it."""
        return self.encrypt_bytes(text.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the text again, UNREADABLE where it was encrypted with another key."""
        try:
            return self.decrypt_bytes(encrypted).decode()
        except WrongKey:
            return UNREADABLE

    def encrypt_bytes(self, content: bytes) -> bytes:
        """Return the content of a file, or a piece of it, as the database may keep it."""
        return Fernet(self.encryption).encrypt(content)

    def decrypt_bytes(self, encrypted: bytes) -> bytes:
        """Return the content again. Raises WrongKey."""
        try:
            return self._readers().decrypt(bytes(encrypted))
        except InvalidToken as error:
            raise WrongKey("It was encrypted with another key, or altered.") from error

    def is_newest(self, encrypted: bytes) -> bool:
        """Return whether something is encrypted with the key that encrypts now."""
        try:
            Fernet(self.encryption).decrypt(bytes(encrypted))
        except InvalidToken:
            return False
        return True

    def encrypted_anew(self, encrypted: bytes) -> bytes:
        """Return what was encrypted with any of the keys, encrypted with the newest.

        Raises WrongKey.
        """
        return self.encrypt_bytes(self.decrypt_bytes(encrypted))

    def keyed_hash(self, text: str) -> str:
        """Return what a text can be found by, as 64 hexadecimal digits."""
        return _keyed_hash(self.hashing, text)

    def keyed_hashes(self, text: str) -> list[str]:
        """Return everything that a text may be kept under, the newest first: look it up by all."""
        return [_keyed_hash(key, text) for key in (self.hashing, *self.earlier_hashing)]

    def _readers(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in (self.encryption, *self.earlier)])


@dataclass(frozen=True)
class KeyFile:
    """What a key file holds."""

    masters: tuple[bytes, ...] = field(repr=False)
    """The newest first."""
    sealing: bytes = field(default=b"", repr=False)
    """b"" while the first key is there, which it is derived from."""
    hashing: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, path: Path) -> KeyFile:
        """Return what is in a file."""
        lines = path.read_bytes().split()
        seals = [_decoded(line, _SEAL) for line in lines if line.startswith(_SEAL)]
        return cls(
            masters=tuple(line for line in lines if not line.startswith((_SEAL, _HASH))),
            sealing=seals[0] if seals else b"",
            hashing=tuple(_decoded(line, _HASH) for line in lines if line.startswith(_HASH)),
        )

    def keys(self) -> SecretKeys:
        """Return the keys for single purposes."""
        return SecretKeys.of(*self.masters, sealing=self.sealing, hashing=self.hashing)

    def with_new_key(self) -> KeyFile:
        """Return them with a new key in front."""
        return KeyFile((Fernet.generate_key(), *self.masters), self.sealing, self.hashing)

    def with_newest_alone(self) -> KeyFile:
        """Return them without the earlier ones, of which only what opens nothing is left."""
        keys = self.keys()
        return KeyFile(self.masters[:1], keys.sealing, keys.earlier_hashing)

    def write(self, path: Path) -> None:
        """Write a file under another name first: a power cut leaves a whole file or the old one."""
        lines = [*self.masters]
        lines += [_SEAL + base64.urlsafe_b64encode(self.sealing)] if self.sealing else []
        lines += [_HASH + base64.urlsafe_b64encode(key) for key in self.hashing]
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)


def obtain_keys(key_file: Path) -> SecretKeys:
    """Return the installation's keys, made on first use and readable by their owner alone.

    Two processes that start at once get the same key. Waits for the disk.
    """
    key_file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{key_file}.making"):
        if not key_file.exists():
            KeyFile((Fernet.generate_key(),)).write(key_file)
        return KeyFile.read(key_file).keys()


def _keyed_hash(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _decoded(line: bytes, prefix: bytes) -> bytes:
    return base64.urlsafe_b64decode(line.removeprefix(prefix))


def _derived(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"openzone " + purpose).derive(
        master
    )

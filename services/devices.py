"""Kiosks: enrolled once with a short code, known by a token from then on, until they are revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.transactions import in_transaction

from models.device import Device
from models.venue import Venue
from services.access import Actor, Permission, system
from services.audit import Action, record
from services.errors import Invalid, NotAllowed, NotFound
from services.secret_key import SecretKeys

CODE_DIGITS = 8
CODE_LASTS = timedelta(minutes=15)
LONGEST_NAME = 60
_SEEN_EVERY = timedelta(seconds=20)
"""A kiosk asks every other second; writing it down each time would keep the disk busy."""


class WrongCode(NotAllowed):
    """No kiosk waits for this code: it was mistyped, used or is too old."""

    code = "wrong_code"
    sentence = "登记码不对，或者已经过期、用过了。请核对，或请管理员重新生成。"


class NotEnrolled(NotAllowed):
    """Only an enrolled kiosk may do this, and this is none or no longer one."""

    code = "not_enrolled"
    sentence = "这台机器还没有登记，或者登记已被撤销，请联系管理员。"


class Fault(StrEnum):
    """What a kiosk can say is wrong with it."""

    MICROPHONE = "microphone"
    SILENT_MICROPHONE = "silent_microphone"
    """It can be opened, but nothing comes from it: switched off, or not plugged in."""
    SPEAKER = "speaker"
    PRINTER = "printer"
    PAPER = "paper"
    SCREEN = "screen"
    CONNECTION = "connection"
    """It could not reach the server for a while."""

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return {
            "microphone": "麦克风不能用",
            "silent_microphone": "麦克风没有声音",
            "speaker": "没有声音",
            "printer": "打印机不能用",
            "paper": "打印机缺纸",
            "screen": "屏幕或触摸有问题",
            "connection": "曾经连不上服务",
        }[self.value]


@dataclass(frozen=True)
class NewCode:
    """A code as it is shown once, to whoever carries it to the kiosk."""

    device: Device
    code: str = field(repr=False)


@dataclass(frozen=True)
class Enrolled:
    """A kiosk that has just been enrolled, with the token it keeps."""

    device: Device
    token: str = field(repr=False)


async def with_token(token: str) -> Device | None:
    """Return the kiosk that holds a token, with its zone; None where it was revoked."""
    return await (
        Device.filter(token_hash=_token_hash(token), revoked_at=None)
        .select_related("venue")
        .first()
    )


async def is_enrolled(device: Device) -> bool:
    """Return whether a kiosk that was found before still holds a good token."""
    return await Device.exists(id=device.id, token_hash=device.token_hash, revoked_at=None)


async def visible_to(actor: Actor) -> list[Device]:
    """Return the kiosks of the zones that somebody works for, with their zones."""
    actor.require(Permission.MANAGE_VENUES)
    devices = await Device.all().select_related("venue").order_by("venue_id", "id")
    return [device for device in devices if actor.sees(device.venue_id)]


async def add(actor: Actor, name: str, venue: Venue, *, keys: SecretKeys, now: datetime) -> NewCode:
    """Note a new kiosk of a zone, and make the code that enrols it.

    Raises Invalid for a name that is empty, too long or taken in that zone.
    """
    actor.require(Permission.MANAGE_VENUES)
    actor.require_work(venue.id)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(
            "The name cannot be used.", sentence=f"请给自助机起一个不超过{LONGEST_NAME}个字的名称。"
        )
    if await Device.exists(venue_id=venue.id, name=name, revoked_at=None):
        raise Invalid("The name is taken.", sentence=f"这个专区已经有“{name}”，请换一个名称。")
    code = _new_code()
    async with in_transaction() as database:
        device = await Device.create(
            using_db=database,
            name=name,
            venue_id=venue.id,
            code_hash=_code_hash(code, keys),
            code_ends_at=now + CODE_LASTS,
        )
        await record(
            *(actor, Action.DEVICE_CHANGED, f"device:{device.id}"),
            venue_id=venue.id,
            using_db=database,
            made=True,
        )
    device.venue = venue
    return NewCode(device, code)


async def renew_code(actor: Actor, device_id: int, *, keys: SecretKeys, now: datetime) -> NewCode:
    """Make another code for a kiosk. Its token, if it has one, stays good until the code is used.

    Raises NotFound.
    """
    device = await one(actor, device_id)
    code = _new_code()
    async with in_transaction() as database:
        await (
            Device.filter(id=device.id)
            .using_db(database)
            .update(code_hash=_code_hash(code, keys), code_ends_at=now + CODE_LASTS)
        )
        await record(
            *(actor, Action.DEVICE_CHANGED, f"device:{device.id}"),
            venue_id=device.venue_id,
            using_db=database,
            new_code=True,
        )
    return NewCode(device, code)


async def revoke(actor: Actor, device_id: int, *, now: datetime) -> None:
    """Take a kiosk's token and code away: its next request is refused.

    Raises NotFound.
    """
    device = await one(actor, device_id)
    async with in_transaction() as database:
        await (
            Device.filter(id=device.id)
            .using_db(database)
            .update(code_hash="", code_ends_at=None, token_hash="", revoked_at=now)
        )
        await record(
            *(actor, Action.DEVICE_CHANGED, f"device:{device.id}"),
            venue_id=device.venue_id,
            using_db=database,
            revoked=True,
        )


async def enrol(code: str, *, keys: SecretKeys, now: datetime) -> Enrolled:
    """Give the kiosk that a code was made for its token. The code is used up.

    Raises WrongCode.
    """
    if not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS):
        raise WrongCode("It is no code.")
    code_hash, token = _code_hash(code, keys), secrets.token_urlsafe(32)
    waiting = Device.filter(code_hash=code_hash, code_ends_at__gt=now)
    device = await waiting.select_related("venue").first()
    if device is None:
        raise WrongCode("No kiosk waits for this code.")
    async with in_transaction() as database:
        taken = await (
            waiting.filter(id=device.id)
            .using_db(database)
            .update(
                code_hash="",
                code_ends_at=None,
                token_hash=_token_hash(token),
                enrolled_at=now,
                revoked_at=None,
                last_seen_at=now,
                last_fault="",
            )
        )
        if not taken:
            raise WrongCode("Another machine used this code just now.")
        await record(
            *(system(keys.sealing, "自助机"), Action.DEVICE_ENROLLED, f"device:{device.id}"),
            venue_id=device.venue_id,
            using_db=database,
        )
    return Enrolled(device, token)


async def note_seen(device: Device, *, now: datetime) -> None:
    """Note that a kiosk is there."""
    if device.last_seen_at is None or now - device.last_seen_at >= _SEEN_EVERY:
        await Device.filter(id=device.id).update(last_seen_at=now)


async def note_fault(device: Device, fault: Fault | None, *, now: datetime) -> None:
    """Note what a kiosk says is wrong with it, None for nothing any more."""
    if fault is None:
        await Device.filter(id=device.id).update(last_fault="")
    else:
        await Device.filter(id=device.id).update(last_fault=fault.value, last_fault_at=now)


async def one(actor: Actor, device_id: int) -> Device:
    """Return a kiosk that somebody may set up. Raises NotFound."""
    actor.require(Permission.MANAGE_VENUES)
    device = await Device.filter(id=device_id).select_related("venue").first()
    if device is None or not actor.sees(device.venue_id):
        raise NotFound(f"There is no kiosk {device_id} for {actor.staff_id}.")
    return device


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def _code_hash(code: str, keys: SecretKeys) -> str:
    """A keyed hash: without the key, eight digits would be found in a moment."""
    return keys.keyed_hash(f"kiosk code {code}")


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""The second factor of staff: a code of their own phone beside the password (TOTP, RFC 6238)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from tortoise.transactions import in_transaction

from models.staff import Staff
from services import audit, passwords
from services.access import Actor
from services.errors import Invalid
from services.secret_key import SecretKeys

STEP_SECONDS = 30
_ISSUER = "政务公开专区"


@dataclass(frozen=True)
class Offer:
    """A secret that somebody may put into their phone, to be confirmed with a code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)
    """What a phone's camera reads: otpauth://…"""
    sealed: str = field(repr=False)
    """The secret for the form to carry back, unreadable to whoever looks at the page's source."""

    @property
    def spelled(self) -> str:
        """The secret in groups of four, to be typed."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


async def offer(actor: Actor, *, keys: SecretKeys) -> Offer:
    """Make a secret for somebody; nothing is kept until they confirm it."""
    staff = await Staff.get(id=actor.staff_id)
    secret = pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=staff.username, issuer_name=_ISSUER)
    return Offer(secret, address, keys.encrypt(f"{staff.id}:{secret}").decode())


def offered_again(actor: Actor, sealed: str, username: str, *, keys: SecretKeys) -> Offer:
    """Return an offer that a form carried back, to be shown once more.

    Raises Invalid for what was not offered to this person.
    """
    secret = _opened(actor, sealed, keys)
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER)
    return Offer(secret, address, sealed)


async def confirm(
    actor: Actor, sealed: str, code: str, password: str, *, keys: SecretKeys, now: datetime
) -> None:
    """Set up an offered secret, once a code shows that the phone has it.

    Raises Invalid for a wrong code or password, or a secret that was not offered to this person.
    """
    secret = _opened(actor, sealed, keys)
    staff = await Staff.get(id=actor.staff_id)
    await _require_password(staff, password)
    step = matching_step(secret, code, now)
    if step is None:
        raise Invalid("The code is wrong.", sentence="动态口令不对，请看手机上现在的六位数字。")
    async with in_transaction() as database:
        # The code that confirms is used up by that.
        await (
            Staff.filter(id=staff.id)
            .using_db(database)
            .update(encrypted_totp_secret=keys.encrypt(secret), last_totp_step=step)
        )
        await audit.record(
            *(actor, audit.Action.SECOND_FACTOR_CHANGED, f"staff:{staff.id}"),
            using_db=database,
            on=True,
        )


async def turn_off(actor: Actor, password: str) -> None:
    """Let somebody do without their second factor. Raises Invalid for a wrong password."""
    staff = await Staff.get(id=actor.staff_id)
    await _require_password(staff, password)
    async with in_transaction() as database:
        await Staff.filter(id=staff.id).using_db(database).update(encrypted_totp_secret=None)
        await audit.record(
            *(actor, audit.Action.SECOND_FACTOR_CHANGED, f"staff:{staff.id}"),
            using_db=database,
            on=False,
        )


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step whose code was given, one before or after for slow clocks, or None."""
    digits = code.replace(" ", "")
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    step = int(now.timestamp()) // STEP_SECONDS
    for near in (step, step - 1, step + 1):
        if pyotp.utils.strings_equal(digits, generator.generate_otp(near)):
            return near
    return None


def _opened(actor: Actor, sealed: str, keys: SecretKeys) -> str:
    owner, _, secret = keys.decrypt(sealed.encode()).partition(":")
    if not secret or owner != str(actor.staff_id):
        raise Invalid("It was not offered to them.", sentence="页面已经过期，请重新开始设置。")
    return secret


async def _require_password(staff: Staff, password: str) -> None:
    if not await passwords.matches(password, staff.password_hash):
        raise Invalid("The password is wrong.", sentence="密码不对，请重新输入。")

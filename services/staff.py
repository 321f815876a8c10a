"""The people who work a zone: their accounts, and whether it is they who sign in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.staff import Role, Staff, StaffSession
from models.venue import Venue
from services import audit, passwords
from services.access import Actor, Permission, system
from services.errors import Conflict, Invalid, SignInFailed
from services.second_factor import matching_step
from services.secret_key import SecretKeys

FREE_TRIES = 5
"""Wrong tries in a row before the account has to wait."""
FIRST_WAIT = timedelta(seconds=30)
"""It doubles with every further wrong try."""
LONGEST_WAIT = timedelta(hours=1)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


async def exist() -> bool:
    """Return whether anybody has an account yet."""
    return await Staff.filter(is_active=True).exists()


async def create(
    actor: Actor,
    *,
    username: str,
    display_name: str,
    role: Role,
    password: str,
    venue_ids: list[int] | None = None,
    agency_ids: list[int] | None = None,
    must_change_password: bool = True,
) -> Staff:
    """Make an account.

    Raises NotAllowed, Invalid for a name or password that cannot be, Conflict for a username that
    somebody has.
    """
    actor.require(Permission.MANAGE_STAFF)
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Invalid(
            "The username has other characters.",
            sentence="用户名请用 2 到 40 个小写字母、数字、点或横线。",
        )
    if not 0 < len(display_name.strip()) <= 60:
        raise Invalid("The name is missing or too long.", sentence="请填写姓名，不超过 60 个字。")
    passwords.check_new_password(password, username)
    password_hash = await passwords.hashed(password)
    try:
        async with in_transaction() as database:
            staff = await Staff.create(
                username=username,
                display_name=display_name.strip(),
                role=role,
                password_hash=password_hash,
                must_change_password=must_change_password,
                using_db=database,
            )
            await staff.venues.add(
                *await Venue.filter(id__in=venue_ids or []).using_db(database), using_db=database
            )
            await staff.agencies.add(
                *await Agency.filter(id__in=agency_ids or []).using_db(database), using_db=database
            )
            await audit.record(
                *(actor, audit.Action.STAFF_CHANGED, f"staff:{staff.id}"),
                using_db=database,
                role=role.value,
                venues=sorted(venue_ids or []),
                agencies=sorted(agency_ids or []),
            )
    except IntegrityError:
        raise Conflict(
            "The username is taken.", sentence="这个用户名已经有人用了，请换一个。"
        ) from None
    return staff


async def authenticate(
    username: str, password: str, code: str, *, keys: SecretKeys, now: datetime
) -> Staff:
    """Return who signs in, by password and, where they set one up, a code of their device.

    Raises SignInFailed, which never tells what was wrong: a name, a password, a code, or an account
    that has to wait.
    """
    staff = await Staff.get_or_none(username=username.strip().lower(), is_active=True)
    is_right = await passwords.matches(password, staff.password_hash if staff else None)
    door = system(keys.sealing, "登录页面")
    if staff is None:
        # The same work as for somebody who exists, since time would tell.
        await _note_failure(0, now)
        await audit.record_alone(door, audit.Action.SIGN_IN_FAILED)
        raise SignInFailed("There is no such account.")
    waiting = staff.locked_until is not None and staff.locked_until > now
    step = _step_of(code, staff, keys, now) if is_right and not waiting else None
    if waiting or not is_right or step is None:
        if not waiting:
            await _note_failure(staff.id, now)
        await audit.record_alone(door, audit.Action.SIGN_IN_FAILED, f"staff:{staff.id}")
        raise SignInFailed("Password, code or patience is missing.")
    # Whoever comes second with the same code is refused, in whichever process.
    if step and not await Staff.filter(id=staff.id, last_totp_step__lt=step).update(
        last_totp_step=step
    ):
        raise SignInFailed("The code was used already.")
    await Staff.filter(id=staff.id).update(failed_sign_ins=0, locked_until=None)
    return staff


def wait_after(failures: int) -> timedelta:
    """Return how long an account has to wait after so many wrong tries in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings: int = min(failures - FREE_TRIES, 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


async def change_password(
    actor: Actor, *, current: str, new: str, keep_session: int | None = None, now: datetime
) -> None:
    """Let somebody change their own password; their other sessions end.

    Raises Invalid for a wrong current password or a new one that cannot be.
    """
    staff = await Staff.get(id=actor.staff_id)
    if not await passwords.matches(current, staff.password_hash):
        raise Invalid("The current password is wrong.", sentence="现在的密码不对，请重新输入。")
    passwords.check_new_password(new, staff.username)
    if current == new:
        raise Invalid("It is the same password.", sentence="新密码不能和现在的一样。")
    password_hash = await passwords.hashed(new)
    async with in_transaction() as database:
        await (
            Staff.filter(id=staff.id)
            .using_db(database)
            .update(password_hash=password_hash, must_change_password=False)
        )
        others = StaffSession.filter(staff_id=staff.id, ended_at=None).using_db(database)
        if keep_session is not None:
            others = others.exclude(id=keep_session)
        await others.update(ended_at=now)
        await audit.record(
            *(actor, audit.Action.PASSWORD_CHANGED, f"staff:{staff.id}"), using_db=database
        )


async def _note_failure(staff_id: int, now: datetime) -> None:
    account = Staff.filter(id=staff_id)
    await account.update(failed_sign_ins=F("failed_sign_ins") + 1)
    failures = await account.values_list("failed_sign_ins", flat=True)
    wait = wait_after(sum(int(str(number)) for number in failures))
    if wait:
        await account.update(locked_until=now + wait)


def _step_of(code: str, staff: Staff, keys: SecretKeys, now: datetime) -> int | None:
    """Return the time step whose code was given, 0 where none is needed, None for a wrong one."""
    if staff.encrypted_totp_secret is None:
        return 0
    return matching_step(keys.decrypt(staff.encrypted_totp_secret), code, now)

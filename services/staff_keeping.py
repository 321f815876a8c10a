"""Keeping the accounts of staff: what an administrator changes of somebody, and what stays closed."""

from __future__ import annotations

import secrets
from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.staff import Role, Staff, StaffSession
from models.venue import Venue
from services import audit, passwords
from services.access import Actor, Permission
from services.errors import Conflict, Invalid, NotFound

_LONGEST_NAME = 60


class LastAdministrator(Conflict):
    """Nobody could let anybody in again."""

    code = "last_administrator"
    sentence = (
        "这是最后一个能用的系统管理员账号，不能停用，也不能改成别的岗位。请先建立另一个管理员。"
    )


def first_password() -> str:
    """Return a password for the first sign-in, easy to read out and to type."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # Without what looks alike: l and 1, o and 0.
    groups = ("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def require_binding(role: Role, venue_ids: list[int], agency_ids: list[int]) -> None:
    """Raise Invalid for somebody who would see nothing, being bound to nothing."""
    of_agencies = role in (Role.AGENCY_OFFICER, Role.OFFICE_HEAD)
    if of_agencies and not agency_ids:
        raise Invalid("They need an agency.", sentence=f"{role.label}至少要选一个所属机关。")
    if not of_agencies and role is not Role.ADMINISTRATOR and not venue_ids:
        raise Invalid("They need a venue.", sentence=f"{role.label}至少要选一个所属专区。")


async def everybody(actor: Actor) -> list[Staff]:
    """Return all accounts with their zones and agencies, the active ones first.

    Raises NotAllowed.
    """
    actor.require(Permission.MANAGE_STAFF)
    return (
        await Staff.all()
        .order_by("-is_active", "role", "id")
        .prefetch_related("venues", "agencies")
    )


async def one(actor: Actor, staff_id: int) -> Staff:
    """Return one account with its zones and agencies. Raises NotAllowed, NotFound."""
    actor.require(Permission.MANAGE_STAFF)
    found = await Staff.filter(id=staff_id).prefetch_related("venues", "agencies").first()
    if found is None:
        raise NotFound(f"There is no account {staff_id}.", sentence="没有这个账号。")
    return found


async def change(
    actor: Actor,
    staff_id: int,
    *,
    display_name: str,
    role: Role,
    venue_ids: list[int],
    agency_ids: list[int],
) -> None:
    """Change somebody's name, role, zones and agencies; it holds from their next page on.

    Raises NotAllowed, NotFound, Invalid, LastAdministrator.
    """
    await one(actor, staff_id)
    display_name = display_name.strip()
    if not 0 < len(display_name) <= _LONGEST_NAME:
        raise Invalid("The name is missing or too long.", sentence="请填写姓名，不超过 60 个字。")
    require_binding(role, venue_ids, agency_ids)
    async with in_transaction() as database:
        if role is not Role.ADMINISTRATOR:
            await _leave_an_administrator(staff_id, database)
        rows = Staff.filter(id=staff_id).using_db(database)
        await rows.update(display_name=display_name, role=role)
        changed = await rows.get()
        await changed.venues.clear(using_db=database)
        await changed.venues.add(
            *await Venue.filter(id__in=venue_ids).using_db(database), using_db=database
        )
        await changed.agencies.clear(using_db=database)
        await changed.agencies.add(
            *await Agency.filter(id__in=agency_ids).using_db(database), using_db=database
        )
        await _record(
            actor, staff_id, database, role=role.value,
            venues=sorted(venue_ids), agencies=sorted(agency_ids),
        )  # fmt: skip


async def reset_password(actor: Actor, staff_id: int, *, now: datetime) -> str:
    """Give somebody a new first password and return it; they are signed out everywhere.

    Waiting after wrong passwords ends, too. Raises NotAllowed, NotFound.
    """
    await one(actor, staff_id)
    password = first_password()
    password_hash = await passwords.hashed(password)
    async with in_transaction() as database:
        await (
            Staff.filter(id=staff_id)
            .using_db(database)
            .update(
                password_hash=password_hash,
                must_change_password=True,
                failed_sign_ins=0,
                locked_until=None,
            )
        )
        await _sign_out(staff_id, database, now)
        await _record(actor, staff_id, database, password_reset=True)
    return password


async def reset_second_factor(actor: Actor, staff_id: int, *, now: datetime) -> None:
    """Take away a second factor whose device was lost; they are signed out everywhere.

    Raises NotAllowed, NotFound.
    """
    await one(actor, staff_id)
    async with in_transaction() as database:
        await Staff.filter(id=staff_id).using_db(database).update(encrypted_totp_secret=None)
        await _sign_out(staff_id, database, now)
        await _record(actor, staff_id, database, second_factor_reset=True)


async def deactivate(actor: Actor, staff_id: int, *, now: datetime) -> None:
    """Close an account; its sessions end at once. What they did stays on record under their name.

    Raises NotAllowed, NotFound, LastAdministrator.
    """
    await one(actor, staff_id)
    async with in_transaction() as database:
        await _leave_an_administrator(staff_id, database)
        await Staff.filter(id=staff_id).using_db(database).update(is_active=False)
        await _sign_out(staff_id, database, now)
        await _record(actor, staff_id, database, active=False)


async def reactivate(actor: Actor, staff_id: int) -> None:
    """Open a closed account again. Raises NotAllowed, NotFound."""
    await one(actor, staff_id)
    async with in_transaction() as database:
        await Staff.filter(id=staff_id).using_db(database).update(is_active=True)
        await _record(actor, staff_id, database, active=True)


async def _leave_an_administrator(staff_id: int, database: BaseDBAsyncClient) -> None:
    """Raise LastAdministrator where nobody else could keep the accounts afterwards."""
    # Changing all rows puts two who close each other at one moment in an order.
    administrators = Staff.filter(role=Role.ADMINISTRATOR, is_active=True).using_db(database)
    await administrators.update(failed_sign_ins=F("failed_sign_ins"))
    left = set(await administrators.values_list("id", flat=True))
    if left and not left - {staff_id}:
        raise LastAdministrator("It is the last active administrator.")


async def _sign_out(staff_id: int, database: BaseDBAsyncClient, now: datetime) -> None:
    await (
        StaffSession.filter(staff_id=staff_id, ended_at=None)
        .using_db(database)
        .update(ended_at=now)
    )


async def _record(
    actor: Actor,
    staff_id: int,
    database: BaseDBAsyncClient,
    **detail: int | str | bool | None | list[int],
) -> None:
    action, subject = audit.Action.STAFF_CHANGED, f"staff:{staff_id}"
    await audit.record(actor, action, subject, venue_id=None, using_db=database, **detail)
